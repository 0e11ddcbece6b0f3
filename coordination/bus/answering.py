"""What was not understood on the bus, as its answer has it."""

from coordination.answering import mistake
from coordination.bus.understanding import NotUnderstood
from coordination.catalogues import say
from coordination.settings import LANGUAGES
from schemas.answer import AnswerMalformed, Mistake, Texts


def malformed(why: NotUnderstood, command_id: str | None) -> AnswerMalformed:
    """Each wrong field, or what is wrong with the message as a whole."""
    if why.problems:
        problems = tuple(map(mistake, why.problems))
    else:
        texts = {language: say(why.reason, language, **why.parameters) for language in LANGUAGES}
        problems = (
            Mistake(
                field="",
                given=str(why.parameters.get("said", "")),
                expected=why.reason,
                text=Texts(**texts),
                parameters={**why.parameters},
            ),
        )
    return AnswerMalformed(id=command_id, problems=problems)
