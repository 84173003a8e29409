"""Reading how likely parcels are to come back: the buyers' own, and those of each country."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on, insert
from sqlalchemy.orm import Session

from models.buyers import Buyer
from models.decisions import Decision
from models.orders import Order, Shipment
from models.slots import RefusalRate
from models.vocabulary import Flag, ShipmentStatus, Verdict
from verification.tiers.history import Result
from verification.worth.worth import Parcels, Sent, country_rate, refusal_chance

RECEIVED = (ShipmentStatus.delivered, ShipmentStatus.partly_returned, ShipmentStatus.exchanged)
CAME_BACK = (ShipmentStatus.refused, ShipmentStatus.undeliverable, ShipmentStatus.returned)
_LATEST = 20_000
"""How many of the couriers' latest reports tell of the countries."""

_reports = Shipment.__table__.c
_latest = (
    select(_reports.order_id, _reports.status, _reports.reported_at, _reports.id)
    .order_by(_reports.id.desc())
    .limit(_LATEST)
    .subquery()
)
_ended = (
    select(_latest.c.order_id, _latest.c.status)
    .ext(distinct_on(_latest.c.order_id))
    .where(_latest.c.status.in_((*RECEIVED, *CAME_BACK)))
    .order_by(_latest.c.order_id, _latest.c.reported_at.desc(), _latest.c.id.desc())
    .subquery()
)
_orders, _decisions = Order.__table__.c, Decision.__table__.c
_confirmed = _decisions.verdict == Verdict.confirmed
_SENT = (
    select(
        _orders.country,
        _decisions.tier,
        _confirmed,
        func.count(),
        func.count().filter(_ended.c.status.in_(CAME_BACK)),
    )
    .select_from(_ended)
    .join(Order.__table__, _orders.id == _ended.c.order_id)
    .join(Decision.__table__, _decisions.id == _orders.decision_id)
    .group_by(_orders.country, _decisions.tier, _confirmed)
)
_rates, _buyers = RefusalRate.__table__.c, Buyer.__table__.c
_RATES = select(_rates.country, _rates.chance)
_BUYERS = select(_buyers.id, _buyers.tier, _buyers.tier_reasons).where(
    _buyers.id == any_(bindparam("buyers", type_=ARRAY(Uuid)))
)


def reckon_rates(session: Session, *, now: datetime) -> int:
    """Reckon every country's chance anew from the parcels that were sent lately; how many countries have one.

    Done now and then and not for each plan: the rates move slowly, and a queue should not move with each
    parcel.
    """
    sent: dict[str, list[Sent]] = {}
    for country, *counts in session.execute(_SENT):
        sent.setdefault(country, []).append(Sent(*counts))
    session.execute(delete(RefusalRate).where(RefusalRate.country.not_in(sent)))
    for country in sorted(sent):
        told = {
            "chance": country_rate(sent[country]),
            "parcels": sum(each.parcels for each in sent[country]),
            "reckoned_at": now,
        }
        row = insert(RefusalRate).values(country=country, **told)
        session.execute(row.on_conflict_do_update(index_elements=["country"], set_=told))
    return len(sent)


def refusals_of(session: Session, orders: Sequence[Order]) -> Mapping[UUID, float]:
    """For each order (by id) the chance that its parcel is refused or undeliverable if nobody asks; two
    small statements, however many orders."""
    if not orders:
        return {}
    session.flush()
    rates = dict(session.execute(_RATES).all())
    asked = {"buyers": list({order.buyer_id for order in orders})}
    buyers = {
        buyer_id: (tier, parcels_of(reasons)) for buyer_id, tier, reasons in session.execute(_BUYERS, asked)
    }
    return {
        order.id: refusal_chance(
            *buyers[order.buyer_id], flags_of(order.flags), base=rates.get(order.country)
        )
        for order in orders
    }


def parcels_of(tier_reasons: Iterable[Mapping[str, Any]]) -> Parcels:
    """The buyer's parcels, by the counts that the tier rests on: no need to count them again."""
    counts = {reason["code"]: int(reason["params"].get("count", 0)) for reason in tier_reasons}

    def counted(*results: Result) -> int:
        return sum(counts.get(f"tier_{result.value}", 0) for result in results)

    return Parcels(
        received=counted(Result.delivered, Result.kept_part),
        refused=counted(Result.refused, Result.undeliverable),
    )


def flags_of(flags: Iterable[Mapping[str, Any]]) -> frozenset[Flag]:
    """The codes of an order's flags; one that is no more says nothing."""
    known = {flag.value for flag in Flag}
    return frozenset(Flag(flag["code"]) for flag in flags if flag["code"] in known)
