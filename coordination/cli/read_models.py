"""The upkeep of the read models: `projections`, `parked`, `parked retry` and `parked skip`.

A message that was not understood waits beside what is parked; it has a number (see letters.py).
"""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from msgspec import Meta, Struct

from coordination.cli.commands import asker_of, read_asked
from coordination.cli.letters import LetterCommands, is_number
from coordination.cli.options import written
from coordination.cli.other_commands import Language
from coordination.cli.progress import watched
from coordination.cli.showing import Showing, show
from coordination.cli.terminal import ExitCode, Terminal
from coordination.conversion import Malformed
from schemas.asking import Stream
from schemas.vocabulary import Agency

if TYPE_CHECKING:
    from projections.engine.parking import Skip

Shape = Annotated[str | None, Parameter(name="--format", help="table, json or csv")]
Build = Annotated[
    bool, Parameter(name="--build", help="bring every read model up to date now", negative=())
]
Anew = Annotated[
    bool,
    Parameter(
        name="--anew",
        help="build every read model again from the first event; until then nobody reads them",
        negative=(),
    ),
]
Parked = Annotated[
    str | None,
    Parameter(
        name="STREAM",
        help="what is parked, such as mission-awex-2027-hanoi, or a message's number",
    ),
]
Reason = Annotated[
    str | None, Parameter(name="--reason", help="why the event is passed over (required)")
]
As = Annotated[
    str | None,
    Parameter(name="--as", help="agency that says so, such as awex; else COORDINATION_AGENCY"),
]


class Retrying(Struct, frozen=True, kw_only=True):
    stream: Stream


class Skipping(Struct, frozen=True, kw_only=True):
    stream: Stream
    reason: Annotated[str, Meta(min_length=2, max_length=2000)]
    by: Agency


class ReadModelCommands:
    def __init__(self, terminal: Terminal) -> None:
        self.terminal, self.letters = terminal, LetterCommands(terminal)

    def projections(
        self,
        *,
        build: Build = False,
        anew: Anew = False,
        shape: Shape = None,
        language: Language = None,
    ) -> int:
        """How far each read model is, which build of it serves, and what is parked."""
        del language  # already that of the terminal
        showing = self.terminal.read(Showing, {"format": shape}, _shown)
        if showing is None:
            return ExitCode.MALFORMED
        with self.terminal.service() as service:
            if build or anew:
                with watched(self.terminal, self.terminal.say("projections.taking-in")) as progress:
                    service.upkeep.build(progress, anew=anew)
            builds = service.upkeep.builds()
        show(self.terminal, builds, showing.format)
        return ExitCode.DONE

    def parked(self, *, shape: Shape = None, language: Language = None) -> int:
        """What waits, and why: events that could not be folded, messages not understood."""
        del language
        showing = self.terminal.read(Showing, {"format": shape}, _shown)
        if showing is None:
            return ExitCode.MALFORMED
        from coordination import letters

        around = self.terminal.surroundings
        with (
            self.terminal.service() as service,
            letters.opened(service.store, around.environ, around.clock) as mailroom,
        ):
            waiting = letters.waiting(service.upkeep.parked(), mailroom)
        show(self.terminal, waiting, showing.format)
        return ExitCode.DONE

    def retry(self, stream: Parked = None, /, *, language: Language = None) -> int:
        """Fold what is parked again, or send a message again; exit code 1 where that fails."""
        if stream is not None and is_number(stream):
            return self.letters.send_again(stream, language=language)
        asked = self.terminal.read(Retrying, {"stream": stream}, _shown)
        return ExitCode.MALFORMED if asked is None else self._fold_again(asked.stream)

    def skip(
        self,
        stream: Parked = None,
        /,
        *,
        reason: Reason = None,
        agency: As = None,
        language: Language = None,
    ) -> int:
        """Pass over the event that parked it, for good; the reason and the agency are kept."""
        del language
        by = asker_of(self.terminal, {"as": agency})
        given = {"stream": stream, "reason": reason, "by": by}
        said = {name: value for name, value in given.items() if value is not None}
        try:
            asked: Skipping = read_asked(Skipping, said, self.terminal, text=True)
        except Malformed as malformed:
            self.terminal.complain_of(malformed.problems, _shown)
            return ExitCode.MALFORMED
        speaks_for = self.terminal.settings.speaks_for
        if asked.by not in speaks_for:
            self.terminal.complain(
                "rejection.access.not-spoken-for", agency=asked.by, allowed=", ".join(speaks_for)
            )
            return ExitCode.REJECTED
        from projections.engine.parking import Skip

        return self._fold_again(asked.stream, Skip(asked.reason, asked.by))

    def _fold_again(self, stream: str, skip: "Skip | None" = None) -> int:
        from projections.engine.parking import NotParked

        terminal = self.terminal
        try:
            with terminal.service() as service:
                waiting = service.upkeep.fold_again(stream, skip)
        except NotParked:
            terminal.complain("parked.nothing-of", stream=stream)
            return ExitCode.REJECTED
        if not waiting:
            terminal.write(terminal.say("parked.goes-on", stream=stream))
            return ExitCode.DONE
        from coordination.cli.tables.upkeep import reason

        for one in waiting:
            terminal.write(
                terminal.say(
                    "parked.stopped-again",
                    stream=stream,
                    reference=one.reference,
                    reason=reason(one, terminal.reader),
                )
            )
        return ExitCode.REJECTED


def _shown(field: str) -> str:
    return "STREAM" if field == "stream" else written(field)
