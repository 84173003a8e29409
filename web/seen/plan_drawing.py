"""An order's plan as a picture: the hours it had to choose from, and its contacts one after the other.

In the picture what stands where is told as a share of its time in percent; in pages that are read from right
to left it runs that way too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from models.reasons import Reason
from models.vocabulary import Channel, Choice, ContactKind, Outcome, Verdict
from verification.desk.shown import PastContact
from verification.desk.shown_order import OrderPage
from verification.desk.shown_plan import ShownPlan
from verification.planning.permission import kind_of
from web.board.hours_drawing import Picture, Piece, pieces_of
from web.language import page_language

_HOUR = timedelta(hours=1)
_EVERY = ((15, 2), (31, 3), (61, 6), (97, 12))
_DAY_NAME = 9.0
_ANSWERED = frozenset({Outcome.answered, Outcome.replied, Outcome.opted_out})


class Kind(StrEnum):
    """What a station of the timeline is."""

    answered = "answered"
    missed = "missed"
    open = "open"
    now = "now"
    next = "next"
    expected = "expected"
    decided = "decided"
    unmade = "unmade"
    stop = "stop"
    deadline = "deadline"

    @property
    def was_made(self) -> bool:
        """Whether it is a contact that was made."""
        return self in (Kind.answered, Kind.missed, Kind.open)

    @property
    def is_planned(self) -> bool:
        """Whether it is a contact that is, or was, only planned."""
        return self in (Kind.next, Kind.expected, Kind.unmade)


@dataclass(frozen=True)
class Station:
    """One station; what does not belong to its kind is None. `by` names who made or holds it."""

    kind: Kind
    at: datetime | None = None
    channel: Channel | None = None
    outcome: Outcome | None = None
    chance: float | None = None
    chosen: Choice | None = None
    reason: Reason | None = None
    by: str | None = None
    verdict: Verdict | None = None
    stop: str | None = None


@dataclass(frozen=True)
class Tick:
    """An hour or a day's name over the picture, at `x` percent."""

    x: float
    text: str


@dataclass(frozen=True)
class Strip:
    """The time in which a plan finds its hours; `hours` stand under it, `midnights` cut it into `days`."""

    picture: Picture
    hours: tuple[Tick, ...]
    midnights: tuple[float, ...]
    days: tuple[Tick, ...]

    def holds(self, station: Station) -> bool:
        """Whether there is room for the station."""
        return station.at is not None and self.picture.begins <= station.at <= self.picture.ends


def stations(order: OrderPage, now: datetime) -> tuple[Station, ...]:
    """What was done, what comes next and what follows if it fails, in the order in which people read it."""
    made = [_made(each) for each in order.contacts]
    plan = order.plan
    if plan.decided_at is not None:
        return tuple(_of_decided(order, made, plan, plan.decided_at))
    return (*made, Station(Kind.now, now), *_to_come(order, plan))


def _made(contact: PastContact) -> Station:
    kind = Kind.answered if contact.outcome in _ANSWERED else Kind.missed if contact.outcome else Kind.open
    return Station(
        kind,
        contact.at,
        contact.channel,
        outcome=contact.outcome,
        chance=contact.chance,
        chosen=contact.chosen,
        by=contact.by,
    )


def _to_come(order: OrderPage, plan: ShownPlan) -> Iterator[Station]:
    if order.next_contact is not None:
        following = order.next_contact
        yield Station(
            Kind.next,
            following.not_before,
            following.channel,
            chance=following.chance,
            chosen=following.chosen,
            reason=following.reason,
            by=following.held_by,
        )
    yield from _rungs(plan, Kind.expected)
    if plan.told.stop not in (None, "deadline"):
        yield Station(Kind.stop, stop=plan.told.stop)
    yield Station(Kind.deadline, order.decide_by)


def _of_decided(
    order: OrderPage, made: list[Station], plan: ShownPlan, decided_at: datetime
) -> Iterator[Station]:
    yield from (each for each in made if each.at is not None and each.at <= decided_at)
    verdict = next((each.verdict for each in order.decisions if each.is_current), None)
    yield Station(Kind.decided, decided_at, verdict=verdict)
    if plan.unmade is not None:
        unmade = plan.unmade
        yield Station(
            Kind.unmade, unmade.not_before, unmade.channel, chance=unmade.chance, reason=unmade.reason
        )
        yield from _rungs(plan, Kind.unmade)
    yield from (each for each in made if each.at is not None and each.at > decided_at)


def _rungs(plan: ShownPlan, kind: Kind) -> Iterator[Station]:
    for rung in plan.told.rungs:
        yield Station(kind, rung.not_before, rung.channel, chance=rung.chance, reason=rung.reason)


def draw_strip(plan: ShownPlan, *, is_mirrored: bool) -> Strip:
    """The picture of a plan's time, with a lane for each kind of contact."""
    lanes = {kind: tuple(_within(plan, kind)) for kind in plan.days}
    picture = Picture(plan.begins, plan.ends, plan.zone, lanes, is_mirrored)
    midnights = tuple(at for at in _full_hours(plan) if at.hour == 0)
    edges = (plan.begins, *midnights, plan.ends)
    return Strip(
        picture,
        tuple(_hours(plan, picture)),
        tuple(picture.x(at) for at in midnights),
        tuple(_days(edges, picture)),
    )


def lane_of(station: Station) -> ContactKind | None:
    """In which lane a contact stands; on the buyer's own page nobody is contacted."""
    if station.channel in (None, Channel.page):
        return None
    return kind_of(station.channel)


def _within(plan: ShownPlan, kind: ContactKind) -> Iterator[Piece]:
    for day in plan.days[kind]:
        for piece in pieces_of(day):
            begins, ends = max(piece.begins, plan.begins), min(piece.ends, plan.ends)
            if begins < ends:
                yield Piece(begins, ends, piece.state, piece.pause)


def _full_hours(plan: ShownPlan) -> Iterator[datetime]:
    """The full hours of the buyer's clock, on that clock."""
    zone = ZoneInfo(plan.zone)
    at = plan.begins.replace(minute=0, second=0, microsecond=0) + _HOUR
    while at < plan.ends:
        yield at.astimezone(zone)
        at += _HOUR


def _hours(plan: ShownPlan, picture: Picture) -> Iterator[Tick]:
    length = (plan.ends - plan.begins) / _HOUR
    every = next((step for most, step in _EVERY if length <= most), 24)
    yield from (Tick(picture.x(at), f"{at:%H}") for at in _full_hours(plan) if at.hour % every == 0)


def _days(edges: tuple[datetime, ...], picture: Picture) -> Iterator[Tick]:
    zone = ZoneInfo(picture.zone)
    for begins, ends in pairwise(edges):
        from_x, to_x = picture.x(begins), picture.x(ends)
        if abs(to_x - from_x) >= _DAY_NAME:
            name = format_datetime(begins.astimezone(zone), "EEE d MMM", locale=page_language())
            yield Tick(round((from_x + to_x) / 2, 3), name)
