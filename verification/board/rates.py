"""How today goes: contacts, answers and confirmations, by country and by channel.

- received: orders taken in today. contacted: orders about which a contact was begun today.
- contact rate: of the attempts begun today, those that reached the buyer in person (answered, replied, or
  asked us to stop); one that is still open has not reached anybody yet.
- answer rate: of the calls begun today and over, those that somebody picked up.
- decided: orders whose current decision fell today. Confirm rate: of those that the buyer was asked about
  (confirmed, rejected, unreachable), the confirmed; released and withdrawn orders do not count.
- time to first contact: median over the orders received today and contacted; time to decision: median, from
  receipt, over the orders asked about and decided today.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.decisions import Decision
from models.orders import Order
from models.steps import Step, StepOrder
from models.vocabulary import Channel, Outcome, Verdict, Via
from verification.board.agents import REACHED

ASKED_ABOUT = (Verdict.confirmed, Verdict.rejected, Verdict.unreachable)
"""The verdicts that came of asking the buyer."""

_PICKED_UP = (*REACHED, Outcome.wrong_number)
_CALLS = tuple(channel for channel in Channel if channel.is_call)


@dataclass
class Rates:
    """One country's day, one channel's, or all; a rate or a median (seconds) of nothing is None."""

    received: int = 0
    contacted: int = 0
    attempts: int = 0
    reached: int = 0
    calls_over: int = 0
    calls_answered: int = 0
    decided: Counter[Verdict] = field(default_factory=Counter)
    first_contact_seconds: float | None = None
    decision_seconds: float | None = None

    @property
    def contact_rate(self) -> float | None:
        """Attempts that reached the buyer, of all attempts."""
        return _share(self.reached, self.attempts)

    @property
    def answer_rate(self) -> float | None:
        """Calls picked up, of all calls that are over."""
        return _share(self.calls_answered, self.calls_over)

    @property
    def confirm_rate(self) -> float | None:
        """Confirmed orders, of all that were decided by asking."""
        return _share(self.decided[Verdict.confirmed], sum(self.decided[verdict] for verdict in ASKED_ABOUT))


@dataclass(frozen=True)
class Day:
    """The day since `since` as it stood at `at`; countries are those where something happened."""

    since: datetime
    at: datetime
    overall: Rates
    countries: Mapping[str, Rates]
    channels: Mapping[Channel, Rates]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def read_day(session: Session, *, since: datetime, now: datetime) -> Day:
    """Today in numbers; `since` is the local midnight with which it began."""
    rates = _Books()
    received = select(Order.country, func.count()).where(Order.created_at >= since).group_by(Order.country)
    for country, count in session.execute(received):
        for book in rates.of(country):
            book.received += count
    _count_attempts(session, rates, since)
    _count_contacted(session, rates, since)
    _count_decisions(session, rates, since)
    countries = sorted(rates.countries.items(), key=lambda item: (-item[1].received, item[0]))
    channels = {channel: rates.channels[channel] for channel in Channel if channel in rates.channels}
    return Day(since, now, rates.overall, dict(countries), channels)


class _Books:
    """The day as it is being counted, kept three times: in all, by country, by channel."""

    def __init__(self) -> None:
        self.overall = Rates()
        self.countries: dict[str, Rates] = {}
        self.channels: dict[Channel, Rates] = {}

    def of(self, country: str | None, channel: Channel | None = None) -> list[Rates]:
        books = [self.overall]
        if country is not None:
            books.append(self.countries.setdefault(country, Rates()))
        if channel is not None:
            books.append(self.channels.setdefault(channel, Rates()))
        return books

    def medians_of(self, country: str | None) -> Rates:
        return self.overall if country is None else self.countries.setdefault(country, Rates())


def _count_attempts(session: Session, rates: _Books, since: datetime) -> None:
    rows = session.execute(
        select(
            Step.country,
            Attempt.channel,
            func.count(),
            func.count().filter(Attempt.outcome.in_(REACHED)),
            func.count().filter(Attempt.outcome.is_not(None), Attempt.channel.in_(_CALLS)),
            func.count().filter(Attempt.outcome.in_(_PICKED_UP), Attempt.channel.in_(_CALLS)),
        )
        .join(Step, Step.id == Attempt.step_id)
        .where(Attempt.started_at >= since, ~Attempt.called_in)
        .group_by(Step.country, Attempt.channel)
    )
    for country, channel, attempts, reached, over, answered in rows:
        for book in rates.of(country, channel):
            book.attempts += attempts
            book.reached += reached
            book.calls_over += over
            book.calls_answered += answered


def _count_contacted(session: Session, rates: _Books, since: datetime) -> None:
    first = (
        select(StepOrder.order_id, func.min(Attempt.started_at).label("at"))
        .join(Attempt, Attempt.step_id == StepOrder.step_id)
        .where(Attempt.started_at >= since, ~Attempt.called_in)
        .group_by(StepOrder.order_id)
        .subquery()
    )
    median = _median(first.c.at - Order.created_at).filter(Order.created_at >= since)
    for country, count, seconds in session.execute(
        select(Order.country, func.count(), median)
        .join(first, first.c.order_id == Order.id)
        .group_by(func.grouping_sets(tuple_(Order.country), tuple_()))
    ):
        book = rates.medians_of(country)
        book.contacted, book.first_contact_seconds = count, seconds


def _count_decisions(session: Session, rates: _Books, since: datetime) -> None:
    current = (Decision.id == Order.decision_id, Decision.decided_at >= since)
    for country, verdict, via, count in session.execute(
        select(Order.country, Decision.verdict, Decision.via, func.count())
        .where(*current)
        .group_by(Order.country, Decision.verdict, Decision.via)
    ):
        for book in rates.of(country, Channel(via.value) if via not in (Via.policy, Via.seller) else None):
            book.decided[verdict] += count
    medians = (
        select(Order.country, _median(Decision.decided_at - Order.created_at))
        .where(*current, Decision.verdict.in_(ASKED_ABOUT))
        .group_by(func.grouping_sets(tuple_(Order.country), tuple_()))
    )
    for country, seconds in session.execute(medians):
        rates.medians_of(country).decision_seconds = seconds


def _median(interval: ColumnElement[Any]) -> Any:
    return func.percentile_cont(0.5).within_group(func.extract("epoch", interval))
