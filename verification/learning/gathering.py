"""What a nightly fit learns from, and what it is checked by, read from the database.

One tenth of the buyers, always the same by a hash of their id, is held out: no fit ever sees them, so that
every version is judged by people it has not met.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    String,
    Subquery,
    and_,
    cast,
    func,
    lateral,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.attempts import Attempt
from models.decisions import Decision
from models.orders import Order
from models.slots import Habits
from models.steps import Step, StepOrder
from models.vocabulary import Channel, Regime, Verdict, Via
from verification.habits.reading import pasts_of
from verification.learning.contacts import HeldOut, Row, city_of, held_out_of
from verification.slots.cells import CHANNELS, CONTACT_CELLS, HOURS, channel_index, meant_by, rest_days
from verification.slots.counts import Past, Pooled
from verification.slots.fitting import MOST_BUYERS

LOOKS_BACK = timedelta(days=400)
"""Older attempts teach nothing of weekdays and decisions: over a year, so that each season is in it."""
_CHOSEN_BACK = timedelta(days=90)
_HELD_OUT_ONE_IN = 10
_MOST_CONTACTS = 20_000
_PARTS = 1_000_000
_BATCH = 2_000
_MESSAGES = tuple(channel for channel in CHANNELS if channel.is_message)


@dataclass(frozen=True)
class Crowd:
    """The buyers of a fit: counts, country and city of each, and `pooled` by the days of rest."""

    pasts: Sequence[Past]
    places: Sequence[tuple[str, str]]
    pooled: Mapping[frozenset[int], Pooled]

    @property
    def contacts(self) -> int:
        """How many contacts are counted in the pasts."""
        return sum(count for past in self.pasts for cell, count in past.cells.items() if cell < CONTACT_CELLS)


@dataclass(frozen=True)
class Chosen:
    """Contacts that were made in production on a stated chance of a decision, and whether one came."""

    channels: Sequence[Channel]
    chances: Sequence[float]
    decided: Sequence[bool]


def crowd(session: Session, *, now: datetime, most: int = MOST_BUYERS) -> Crowd:
    """An even sample, the same each night, of at most about `most` of the buyers that are not held out."""
    counts = select(func.count()).select_from(Habits).where(_is_among(Habits.buyer_id), Habits.cells != {})
    total = session.scalar(counts) or 0
    share = min(most / total, 1.0) if total else 1.0
    latest = lateral(
        select(Order.country, Order.place)
        .where(Order.buyer_id == Habits.buyer_id)
        .order_by(Order.created_at.desc())
        .limit(1)
    )
    rows = session.execute(
        select(Habits.cells, latest.c.country, latest.c.place)
        .join(latest, true())
        .where(_is_among(Habits.buyer_id, share), Habits.cells != {})
        .execution_options(yield_per=_BATCH)
    )
    pasts: list[Past] = []
    places: list[tuple[str, str]] = []
    for cells, country, place in rows:
        pasts.append(Past({int(cell): count for cell, count in cells.items()}))
        places.append((country, city_of(country, place)))
    return Crowd(pasts, places, pooled(session, since=now - LOOKS_BACK, share=share))


def pooled(session: Session, *, since: datetime, share: float = 1.0) -> Mapping[frozenset[int], Pooled]:
    """The contacts since then of such a share of the buyers, by the days of rest, weekday and hour.

    What a contact was and whether it was answered is told by the cell that the buyer's habits count it in.
    """
    weekday = Attempt.local_hour_of_week.op("/")(HOURS).label("weekday")
    among = _counted(since), _is_among(Attempt.buyer_id, share)
    decisive = _decisive(since, *among)
    rows = session.execute(
        select(
            Step.country,
            Attempt.counted_as,
            weekday,
            func.count(),
            func.count(decisive.c.attempt_id),
        )
        .join(Step, Step.id == Attempt.step_id)
        .outerjoin(decisive, decisive.c.attempt_id == Attempt.id)
        .where(*among)
        .group_by(Step.country, Attempt.counted_as, weekday)
    )
    found: dict[frozenset[int], Pooled] = {}
    for country, cell, day, count, decided in rows:
        meant, each = meant_by(cell), found.setdefault(rest_days(country), Pooled())
        if meant.channel is None:
            raise ValueError(f"no contact is counted as {cell}")
        channel = channel_index(meant.channel)
        if meant.reached:
            each.answered[channel] += count
            each.decided[channel] += decided
        if meant.regime is Regime.normal:
            each.made[channel, day, meant.hour] += count
            each.reached[channel, day, meant.hour] += count * bool(meant.reached)
    return found


def held_out(session: Session, *, now: datetime, most: int = _MOST_CONTACTS) -> Sequence[HeldOut]:
    """The newest contacts of the buyers that are held out, each as the planner would have been asked."""
    found = session.execute(
        select(
            Attempt.buyer_id,
            Attempt.store_id,
            Attempt.channel,
            Attempt.counted_as,
            Attempt.local_hour_of_week,
            Attempt.order_age_seconds,
            Attempt.started_at,
            Step.country,
            Step.place,
        )
        .join(Step, Step.id == Attempt.step_id)
        .where(_counted(now - LOOKS_BACK), _is_held_out(Attempt.buyer_id))
        .order_by(Attempt.started_at.desc())
        .limit(most)
    )
    rows = [Row._make(each) for each in found]
    return held_out_of(rows, pasts_of(session, {row.buyer_id for row in rows}))


def held_out_count(session: Session, *, now: datetime, most: int) -> int:
    """How many contacts of held-out buyers there are to judge a first fit by, counted up to `most`."""
    some = (
        select(Attempt.id)
        .where(_counted(now - LOOKS_BACK), _is_held_out(Attempt.buyer_id))
        .limit(most)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(some)) or 0


def chosen(session: Session, *, now: datetime, most: int = _MOST_CONTACTS) -> Chosen:
    """The newest contacts whose chance was stated when they were chosen, and which are over by now."""
    stated = and_(_counted(now - _CHOSEN_BACK), Attempt.chance.is_not(None), Attempt.channel.in_(CHANNELS))
    newest = select(Attempt.started_at).where(stated).order_by(Attempt.started_at.desc()).limit(most)
    since = session.scalar(select(func.min(newest.subquery().c.started_at)))
    if since is None:
        return Chosen([], [], [])
    among = stated, Attempt.started_at >= since
    decisive = _decisive(since, _counted(since))
    rows = session.execute(
        select(Attempt.channel, cast(Attempt.chance, Float), decisive.c.attempt_id.is_not(None))
        .outerjoin(decisive, decisive.c.attempt_id == Attempt.id)
        .where(*among)
        .limit(most)
    ).all()
    return Chosen([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])


def _hashed(buyer_id: InstrumentedAttribute[Any], seed: int) -> ColumnElement[int]:
    return func.hashtextextended(cast(buyer_id, String), seed)


def _is_held_out(buyer_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return _hashed(buyer_id, 0) % _HELD_OUT_ONE_IN == 0


def _is_among(buyer_id: InstrumentedAttribute[Any], share: float = 1.0) -> ColumnElement[bool]:
    """Whether the buyer is not held out, and one of such a share of those: always the same."""
    drawn = func.abs(_hashed(buyer_id, 1) % _PARTS) < round(_PARTS * share)
    return and_(~_is_held_out(buyer_id), drawn)


def _counted(since: datetime) -> ColumnElement[bool]:
    return and_(Attempt.started_at >= since, Attempt.counted_as.is_not(None))


def _decisive(since: datetime, *among: ColumnElement[bool]) -> Subquery:
    """Those of some attempts that brought a decision, which came since then.

    A buyer's yes or no belongs to the latest answered contact about the order, on the channel through which
    it came, that was begun before it; one that came by the buyer's page to the latest answered message.
    """
    by_channel = Attempt.channel == Decision.via
    by_page = and_(Decision.via == Via.page, Attempt.channel.in_(_MESSAGES))
    latest = (
        select(Decision.id, Attempt.id.label("attempt_id"))
        .join(StepOrder, StepOrder.order_id == Decision.order_id)
        .join(Attempt, Attempt.step_id == StepOrder.step_id)
        .where(
            Decision.verdict.in_((Verdict.confirmed, Verdict.rejected)),
            Decision.decided_at >= since,
            Attempt.started_at <= Decision.decided_at,
            *among,
            Attempt.counted_as % 2 == 1,  # the last axis of a contact's cell: it was answered
            or_(by_channel, by_page),
        )
        .ext(distinct_on(Decision.id))
        .order_by(Decision.id, Attempt.started_at.desc(), Attempt.id)
    )
    of_each = latest.subquery()
    return select(of_each.c.attempt_id).distinct().subquery()
