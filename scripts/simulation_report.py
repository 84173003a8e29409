"""What a simulation came to, counted from its own rows."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.decisions import Decision
from models.orders import Order
from models.sellers import Store
from models.steps import Step
from models.vocabulary import MessageClass, Outcome, Verdict
from scripts.first_contacts import first_contacts
from verification.hours.deciding import closes_at
from verification.hours.places import where_of
from verification.planning.permission import kind_of
from verification.policy.calendars import calendar_of
from verification.policy.stored import policy_book


def report(session: Session) -> dict[str, Any]:
    """Orders, decisions by verdict and those in time, attempts and cost (US dollars) by channel, waits
    for the first contact, contacts outside allowed hours, and contacts beyond the first of a step."""
    orders = session.scalar(select(func.count()).select_from(Order)) or 0
    verdicts = session.execute(
        select(Decision.verdict, func.count())
        .join(Order, Order.decision_id == Decision.id)
        .group_by(Decision.verdict)
        .order_by(Decision.verdict)
    )
    first = select(func.min(Decision.decided_at)).where(Decision.order_id == Order.id).scalar_subquery()
    in_time = session.scalar(select(func.count()).select_from(Order).where(first <= Order.decide_by)) or 0
    channels = session.execute(
        select(Attempt.channel, func.count(), func.sum(Attempt.cost))
        .group_by(Attempt.channel)
        .order_by(Attempt.channel)
    ).all()
    repeated = (
        select(func.count() - 1).select_from(Attempt).group_by(Attempt.step_id).having(func.count() > 1)
    )
    return {
        "orders": orders,
        "decided": {verdict.value: count for verdict, count in verdicts},
        "decided_in_time": in_time,
        "attempts": {channel.value: count for channel, count, _ in channels},
        "cost": {channel.value: round(float(cost), 4) for channel, _, cost in channels},
        "first_contact": first_contacts(session),
        "outside_hours": _outside_hours(session),
        "double_contacts": sum(session.scalars(repeated)),
    }


def heard(session: Session) -> dict[str, Any]:
    """What tells two runs apart besides: orders that buyers decided themselves, and buyers who opted out."""
    answers = (Verdict.confirmed, Verdict.rejected)
    decided = (
        select(func.count())
        .select_from(Order)
        .join(Decision, Order.decision_id == Decision.id)
        .where(Decision.verdict.in_(answers))
    )
    left = select(func.count(Attempt.buyer_id.distinct())).where(Attempt.outcome == Outcome.opted_out)
    return {"by_buyers": session.scalar(decided) or 0, "opted_out": session.scalar(left) or 0}


def side_by_side(runs: Mapping[str, Mapping[str, Any]]) -> str:
    """The findings of several runs in columns."""
    flat = {name: dict(_flat("", found)) for name, found in runs.items()}
    rows = sorted({row for found in flat.values() for row in found})
    lines = [f"{'':<32}" + "".join(f"{name:>12}" for name in flat)]
    lines += [f"{row:<32}" + "".join(f"{found.get(row, 0):>12}" for found in flat.values()) for row in rows]
    return "\n".join(lines)


def _flat(name: str, found: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(found, Mapping):
        yield name, found
        return
    for key, value in found.items():
        yield from _flat(f"{name} {key}".strip().replace("_", " "), value)


def _outside_hours(session: Session) -> int:
    book, calendar = policy_book(session), calendar_of(session)
    rows = session.execute(
        select(Attempt.channel, Attempt.started_at, Step.country, Step.place, Store.id, Store.seller_id)
        .join(Step, Step.id == Attempt.step_id)
        .join(Store, Store.id == Attempt.store_id)
    )
    outside: Counter[bool] = Counter()
    for channel, at, country, place, store_id, seller_id in rows:
        policy = book.policy(store_id=store_id, seller_id=seller_id, country=country)
        asked = (kind_of(channel), MessageClass.service, where_of(country, place), policy, calendar, at)
        outside[closes_at(*asked) == at] += 1
    return outside[True]
