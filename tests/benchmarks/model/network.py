"""The network of posts: the 96 of 2023 [S4], and what changes in it in a year."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from random import Random

from coordination.deciders.post.state import Post
from schemas.message import owner_of
from schemas.period import Days
from schemas.post import (
    AnnouncePost,
    AreaPart,
    ChangeArea,
    ClosePost,
    DecideClosing,
    HandOverArea,
    OpenPost,
    PostChanges,
    PostCommand,
    PostId,
    RelocatePost,
    RevisePost,
    SharePost,
    StaffPost,
    StopSharing,
    Succession,
    TakeOverArea,
    VacatePost,
    WithdrawClosing,
)
from schemas.vocabulary import THREE, Agency, Place, Provenance
from tests.benchmarks.model import shares
from tests.benchmarks.model.step import Happening, Life, States, later, played, some_day

Ask = Callable[[date], PostCommand | None]
REASON = "support cases per office, and the value of presence"


class Network:
    """`posts` are those announced and not decided to be closed, in the order of announcement."""

    def __init__(self, random: Random, states: States) -> None:
        self.random, self.states = random, states
        self.posts: list[PostId] = []

    def standing(self, post: PostId) -> Post:
        found: Post = self.states[post]
        return found

    def founded(self, day: date, since: datetime) -> Life:
        """The network of 2023, set up on one day."""
        happenings = []
        for row in shares.rows("network-2023.csv"):
            post = f"post-{row['post']}"
            place = shares.place_of(row)
            provenance = Provenance(
                source=row["source"] or row["provenance"],
                illustrative="illustrative" in row["provenance"],
                note=row["note"] or None,
            )
            announce = partial(self.announce, post, place, row["function"], provenance)
            asked: list[Ask] = [announce, partial(self.open_, post), partial(self.staff, post)]
            for agency in filter(None, row["available_to"].split(";")):
                asked.append(partial(self.share, post, agency))
            happenings += [Happening(day, ask) for ask in asked]
        yield from played(self.random, happenings, since)

    def year(self, year: int, since: datetime) -> Life:
        """What changes in a year: a few of each, an assumption; the closings of a year are decided
        in spring, and recorded in autumn for the end of the year."""
        random = self.random
        first, last = date(year, 1, 10), date(year, 12, 10)
        happenings = []

        def happens(*asked: Ask, between: tuple[date, date] = (first, last)) -> None:
            day = some_day(random, *between)
            for ask in asked:
                happenings.append(Happening(day, ask))
                day = min(later(day, random.randint(30, 120)), date(year, 12, 15))

        for post in random.sample(self.posts, 4):
            happens(partial(self.vacate, post), partial(self.staff, post))
        for post in random.sample(self.posts, 3):
            happens(partial(self.change_area, post))
        for post in random.sample(self.posts, 2):
            happens(partial(self.revise, post))
            happens(partial(self.share_or_stop, random.choice(self.posts)))
        happens(partial(self.relocate, random.choice(self.posts)))
        happens(*self._handed_over())
        for closing in random.sample(self.posts, 2):
            happens(
                partial(self.decide_closing, closing),
                partial(self.withdraw_closing if random.random() < 0.15 else self.close, closing),
                partial(self.take_over_from, closing),
                between=(date(year, 4, 1), date(year, 6, 30)),
            )
        for _ in range(2):
            agency, country = random.choice(THREE), shares.drawn(random, shares.countries())
            place = shares.place(random, country)
            post = f"post-{agency}-{country.lower()}-{year}-{random.randrange(10**6)}"
            announce = partial(
                self.announce, post, place, "economic and commercial counsellor", None
            )
            happens(announce, partial(self.open_, post), partial(self.staff, post))
        yield from played(random, happenings, since)

    def announce(
        self, post: PostId, place: Place, function: str, provenance: Provenance | None, day: date
    ) -> AnnouncePost:
        self.posts.append(post)
        return AnnouncePost(
            by=owner_of(post),
            effective=day,
            post=post,
            operated_by=owner_of(post),
            function=function,
            places=(place,),
            area=(AreaPart(country=place.country),),
            provenance=provenance,
        )

    def open_(self, post: PostId, day: date) -> OpenPost:
        place = self.standing(post).announced.places[0]
        return OpenPost(by=owner_of(post), effective=day, post=post, place=place)

    def staff(self, post: PostId, day: date) -> StaffPost | None:
        if self._gone(post) or self.standing(post).staffed:
            return None
        return StaffPost(by=owner_of(post), effective=day, post=post)

    def vacate(self, post: PostId, day: date) -> VacatePost | None:
        if self._gone(post) or self.standing(post).vacated:
            return None
        return VacatePost(by=owner_of(post), effective=day, post=post, reason="end of the term")

    def relocate(self, post: PostId, day: date) -> RelocatePost | None:
        if self._gone(post):
            return None
        place = shares.place(self.random, self.standing(post).announced.places[0].country)
        if place == self.standing(post).place:
            return None
        reason = "the host embassy moves"
        return RelocatePost(by=owner_of(post), effective=day, post=post, place=place, reason=reason)

    def revise(self, post: PostId, day: date) -> RevisePost | None:
        if self._gone(post):
            return None
        function = f"{self.standing(post).announced.function}, since {day.year}"
        changes = PostChanges(function=function)
        return RevisePost(by=owner_of(post), effective=day, post=post, changes=changes)

    def change_area(self, post: PostId, day: date) -> ChangeArea | None:
        """A country more; where there are three already, only the first is kept."""
        if self._gone(post):
            return None
        area = self.standing(post).area
        more = AreaPart(country=shares.drawn(self.random, shares.countries()))
        changed = area[:1] if len(area) >= 3 else tuple(dict.fromkeys((*area, more)))
        if set(changed) == set(area):
            return None
        return ChangeArea(by=owner_of(post), effective=day, post=post, area=changed)

    def share(self, post: PostId, beneficiary: Agency, day: date) -> SharePost:
        return SharePost(by=owner_of(post), effective=day, post=post, beneficiary=beneficiary)

    def share_or_stop(self, post: PostId, day: date) -> PostCommand | None:
        if self._gone(post):
            return None
        other = self.random.choice([agency for agency in THREE if agency != owner_of(post)])
        if other not in self.standing(post).shared_since:
            return self.share(post, other, day)
        reason = "the agreement ended"
        return StopSharing(
            by=owner_of(post), effective=day, post=post, beneficiary=other, reason=reason
        )

    def _handed_over(self) -> tuple[Ask, ...]:
        """A part of an area of several, to a post of any agency, which takes it over."""
        wide = [
            post
            for post in self.posts
            if not self._gone(post) and len(self.standing(post).area) > 1
        ]
        if not wide:
            return ()
        post = self.random.choice(wide)
        to = self.random.choice([other for other in self.posts if other != post])
        part = self.standing(post).area[-1]

        def hand_over(day: date) -> HandOverArea | None:
            area = self.standing(post).area
            if self._gone(post) or self._gone(to) or part not in area or len(area) < 2:
                return None
            return HandOverArea(
                by=owner_of(post),
                effective=day,
                post=post,
                area=(part,),
                to=to,
                beneficiaries=(owner_of(post),),
            )

        def take_over(day: date) -> TakeOverArea | None:
            if self._gone(to) or not any(one.to == to for one in self.standing(post).handed_over):
                return None
            return self._taking(to, post, part, (owner_of(post),), day)

        return hand_over, take_over

    def _taking(
        self, post: PostId, other: PostId, part: AreaPart, whom: tuple[Agency, ...], day: date
    ) -> TakeOverArea:
        return TakeOverArea(
            by=owner_of(post),
            effective=day,
            post=post,
            area=(part,),
            from_post=other,
            beneficiaries=whom,
        )

    def decide_closing(self, post: PostId, day: date) -> DecideClosing | None:
        if self._gone(post) or self.standing(post).closing is not None:
            return None
        expected = Days(date(day.year, 12, 31), date(day.year, 12, 31))
        return DecideClosing(
            by=owner_of(post), effective=day, post=post, expected=expected, reason=REASON
        )

    def withdraw_closing(self, post: PostId, day: date) -> WithdrawClosing | None:
        if self._gone(post) or self.standing(post).closing is None:
            return None
        reason = "the post is kept after all"
        return WithdrawClosing(by=owner_of(post), effective=day, post=post, reason=reason)

    def close(self, post: PostId, day: date) -> ClosePost | None:
        """Recorded now, in effect at the end of the year; for one part in five nobody is found."""
        standing = self.standing(post)
        if self._gone(post) or standing.closing is None:
            return None
        following = date(day.year + 1, 1, 1)
        others = [one for one in self.posts if one != post and not self._gone(one)]
        beneficiaries: dict[AreaPart, list[Agency]] = {part: [] for part in standing.area}
        for part, agency in standing.served:
            beneficiaries[part].append(agency)
        self.posts.remove(post)
        return ClosePost(
            by=owner_of(post),
            effective=date(day.year, 12, 31),
            post=post,
            reason=REASON,
            successions=tuple(
                Succession(
                    country=part.country,
                    within=part.within,
                    to=self.random.choice(others) if self.random.random() < 0.8 else None,
                    from_day=following,
                    beneficiaries=tuple(whom) or (owner_of(post),),
                )
                for part, whom in beneficiaries.items()
            ),
        )

    def take_over_from(self, post: PostId, day: date) -> TakeOverArea | None:
        """The first successor of another agency records it too: nobody hands a duty to it."""
        closed = self.standing(post).closed
        for one in closed.successions if closed else ():
            if one.to and owner_of(one.to) != owner_of(post) and not self._gone(one.to):
                part = AreaPart(country=one.country, within=one.within)
                return self._taking(one.to, post, part, one.beneficiaries, one.from_day)
        return None

    def _gone(self, post: PostId) -> bool:
        """Not open yet, or decided to be closed."""
        standing = self.states.get(post)
        return standing is None or standing.place is None or standing.closed is not None
