"""A command where this agency has a node on the bus: the node decides, or asks who decides."""

import asyncio
from collections.abc import Callable

from coordination.bus.client import NobodyAnswers, Request, ask_once
from coordination.bus.refusal import BusRefused
from coordination.bus.settings import BusSettings
from coordination.cli.answers import tell_answered
from coordination.cli.terminal import Format, Terminal
from coordination.store.refusal import StoreRefused
from schemas.answer import AnswerWaiting


def ask(
    terminal: Terminal,
    settings: BusSettings,
    request: Request,
    shape: Format,
    decide_here: Callable[[], int],
) -> int:
    """
    Where no node runs, what is the agency's own is decided here, as without a bus; what is
    another's is left in the mailroom, from which the node will send it.

    Raises BusRefused, and StoreRefused.
    """
    own = request.owner == request.command.by
    unreachable: BusRefused | None = None
    try:
        answer = asyncio.run(ask_once(settings, request))
    except BusRefused as refused:
        if refused.key != "bus.unreachable":
            raise
        unreachable = refused
    except NobodyAnswers as nobody:
        if own and nobody.sent:
            raise BusRefused("bus.no-answer", stream=request.stream) from nobody
    else:
        return tell_answered(terminal, answer, request.command, shape)
    if not own:
        return _left_in_the_mailroom(terminal, request, shape)
    try:
        return decide_here()
    except StoreRefused as held:
        if held.key == "store.other-writer" and unreachable is not None:
            raise unreachable from held  # the node runs, and its server does not
        raise


def _left_in_the_mailroom(terminal: Terminal, request: Request, shape: Format) -> int:
    with terminal.service() as service, terminal.mailroom(service.store) as mailroom:
        kept = mailroom.accept(request.letter(terminal.surroundings.clock()))
    waiting = AnswerWaiting(id=kept.id, owner=kept.owner, since=kept.asked_at)
    return tell_answered(terminal, kept.answered or waiting, request.command, shape)
