"""The upkeep of the read models: how far each build is, what is parked, and how it goes on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from coordination.reading import explained
from coordination.store.event_store import EventStore
from projections.engine.builds import Build
from projections.engine.parking import NotParked, ParkedStream, Skip, SkippedEvent
from projections.engine.projector import Progress
from projections.engine.read_models import ReadModels
from projections.read_model import Reference
from schemas.message import owner_of
from schemas.upcasting import Unreadable, current_version

# Nobody works on a build that has not moved for so long: no batch takes it.
STANDS_STILL = timedelta(minutes=1)


class BuildState(StrEnum):
    """Where a build stands. `kept` served before, for an older program, or whoever goes back."""

    SERVING = "serving"
    BUILDING = "building"
    TO_BUILD = "to-build"
    KEPT = "kept"


class BuildStanding(Struct, frozen=True, kw_only=True):
    """
    A build of a projection. `own` is that of this program's fold.

    `position` of `end` is taken in, `behind` are the events that are not; `progress` is in per
    cent; `seconds_left` is null where nobody builds, or nothing tells how long it takes. The lines
    are compared with the build that served before, where both have folded equally far; null where
    there was none.
    """

    projection: str
    fingerprint: str
    own: bool
    state: BuildState
    position: int
    end: int
    behind: int
    progress: int
    seconds_left: int | None
    parked: tuple[str, ...]
    same_as_before: int | None
    unlike_before: int | None


class BuildList(Struct, frozen=True, kw_only=True):
    builds: tuple[BuildStanding, ...]


class Why(StrEnum):
    """What has to happen before a parked stream can go on."""

    NEWER = "newer"  # the event was written by a newer program: update this one
    UNREADABLE = "unreadable"  # this program does not know what the event says
    FOLD = "fold"  # the event is understood, and folding it fails: a fault of this program


class ParkedEvent(Struct, frozen=True, kw_only=True):
    """Where a stream waits, and why; `reason` is in the words of the program."""

    projection: str
    stream: str
    version: int
    reference: Reference
    since: datetime
    why: Why
    reason: str


class ParkedList(Struct, frozen=True, kw_only=True):
    parked: tuple[ParkedEvent, ...]
    skipped: tuple[SkippedEvent, ...]


class Upkeep:
    """Every method raises StoreRefused where the read models cannot be used."""

    def __init__(
        self, store: EventStore, opened: Callable[[], ReadModels], clock: Callable[[], datetime]
    ) -> None:
        self._store, self._opened, self._clock = store, opened, clock

    def builds(self) -> BuildList:
        """Those of other programs too; nothing is built for it."""
        read_models = self._opened()
        with explained(read_models.database.place):
            end, now = self._store.position(), self._clock()
            own = read_models.builds.fingerprints
            parked = read_models.parked()
            return BuildList(
                builds=tuple(
                    standing(build, end, now, own.get(build.projection), parked)
                    for build in read_models.all_builds()
                )
            )

    def build(self, progress: Progress | None = None, *, anew: bool = False) -> None:
        """Bring every build of this program up to date, and let it serve; `anew`: from the first
        event, and without the builds of other programs."""
        read_models = self._opened()
        with explained(read_models.database.place):
            if anew:
                read_models.begin_again()
            read_models.catch_up(progress)

    def parked(self) -> ParkedList:
        read_models = self._opened()
        with explained(read_models.database.place):
            return ParkedList(
                parked=tuple(map(self._parked, read_models.parked())),
                skipped=tuple(read_models.skipped()),
            )

    def fold_again(self, stream: str, skip: Skip | None = None) -> tuple[ParkedEvent, ...]:
        """
        Fold a parked stream again from where it stopped, or past the event that parked it, and
        what has been recorded since.

        Returns where it waits now; nothing where it goes on. Raises NotParked.
        """
        read_models = self._opened()
        with explained(read_models.database.place):
            found = [one for one in read_models.parked() if one.stream == stream]
            if not found:
                raise NotParked(stream)
            for one in found:
                if skip is None:
                    read_models.retry(one.projection, stream)
                else:
                    read_models.skip(one.projection, stream, skip)
            read_models.catch_up_with_the_ready()
        return tuple(one for one in self.parked().parked if one.stream == stream)

    def _parked(self, one: ParkedStream) -> ParkedEvent:
        return ParkedEvent(
            projection=one.projection,
            stream=one.stream,
            version=one.version,
            reference=f"{owner_of(one.stream)}/{one.seq}",
            since=one.since,
            why=self._why(one),
            reason=one.reason,
        )

    def _why(self, one: ParkedStream) -> Why:
        _, event = next(self._store.happened(one.stream, one.version - 1))
        if not isinstance(event, Unreadable):
            return Why.FOLD
        newer = event.dataversion > current_version(event.type)
        return Why.NEWER if newer else Why.UNREADABLE


def standing(
    build: Build, end: int, now: datetime, own: str | None, parked: list[ParkedStream]
) -> BuildStanding:
    """`own` is the fingerprint of this program's fold of the projection."""
    is_own = build.fingerprint == own
    compared = bool(build.same_as_before or build.unlike_before)
    return BuildStanding(
        projection=build.projection,
        fingerprint=build.fingerprint,
        own=is_own,
        state=state_of(build),
        position=build.position,
        end=end,
        behind=end - build.position,
        progress=100 * build.position // end if end else 100,
        seconds_left=seconds_left(build, end, now),
        parked=tuple(one.stream for one in parked if is_own and one.projection == build.projection),
        same_as_before=build.same_as_before if compared else None,
        unlike_before=build.unlike_before if compared else None,
    )


def state_of(build: Build) -> BuildState:
    if build.serving:
        return BuildState.SERVING
    if build.ready:
        return BuildState.KEPT
    return BuildState.BUILDING if build.position else BuildState.TO_BUILD


def seconds_left(build: Build, end: int, now: datetime) -> int | None:
    """At the pace so far, from now on."""
    taken = build.moved_at - build.began_at
    since = now - build.moved_at
    if build.ready or not build.position or not taken or since > STANDS_STILL:
        return None
    return max(
        round((taken * ((end - build.position) / build.position) - since).total_seconds()), 0
    )
