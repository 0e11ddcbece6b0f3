"""Events handed to the builds they concern, page by page and stream by stream: a stream that is
folded in one go is folded fastest."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from projections.engine.kept import Folded
from projections.engine.shelf import Shelf
from projections.engine.source import Checking, Source
from schemas.message import subject_of
from schemas.recorded_event import Told
from schemas.upcasting import recall

PAGE = 10_000  # positions read at a time
Share = Callable[[str], bool]  # whether a stream belongs to it
Tell = Callable[[int], None]  # up to which position events were folded


class Way(Struct, frozen=True):
    """Between which positions events are to be folded, and into which builds."""

    fingerprints: list[str]
    after: int
    until: int


def folded_again(
    source: Source, group: Sequence[Shelf], way: Way, share: Share, tell: Tell
) -> list[Folded]:
    """What a share of the streams changes in each build, from events that were checked before."""
    after = way.after
    while after < way.until:
        page_end = min(way.until, after + PAGE)
        streams: defaultdict[str, list[bytes]] = defaultdict(list)
        for _, stream, raw in source.stored(after, page_end):
            streams[stream].append(raw)
        _hand_over(
            group,
            (
                (stream, [recall(raw) for raw in raws])
                for stream, raws in streams.items()
                if share(stream)
            ),
        )
        after = page_end
        tell(after)
    return [shelf.folded() for shelf in group]


def folded_checking(
    checking: Checking, group: Sequence[Shelf], until: int, tell: Tell
) -> list[Folded]:
    """The same of all streams, of events whose chain is checked on the way."""
    going_on = True
    while going_on:
        page = checking.more(PAGE, until)
        streams: defaultdict[str, list[Told]] = defaultdict(list)
        for _, happened in page:
            streams[happened.stream].append(happened)
        _hand_over(group, streams.items())
        going_on = len(page) == PAGE
        tell(checking.position)
    return [shelf.folded() for shelf in group]


def _hand_over(group: Sequence[Shelf], streams: Iterable[tuple[str, Sequence[Told]]]) -> None:
    of_subject = {shelf.projection.subject: shelf for shelf in group}
    for stream, events in streams:
        if (shelf := of_subject.get(subject_of(stream))) is not None:
            shelf.take_in(stream, events)
