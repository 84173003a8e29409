"""The order resource: what a seller reads of an order, over the API and in events."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.buyers import Buyer, ContactPoint, SellerBuyer
from models.decisions import Decision
from models.drafts import ADDRESS_LINES
from models.money import decimal_text
from models.orders import Item, Order, OrderContactPoint, OrderDetails, Shipment
from models.reasons import Reason
from models.sellers import Store
from models.steps import Step, StepOrder
from models.vocabulary import StepState
from verification.routing.waiting import provider_is_out, told_reason
from verification.telling.plan import for_sellers, rounded, told_plan, why_not_now
from verification.telling.state import order_state
from verification.wording import render

EVENT_LANGUAGE = "en"
"""Of the words in events; programs go by the codes beside them."""

Thing = TypeVar("Thing")
Form = TypeVar("Form")


def instant_text(at: datetime) -> str:
    """RFC 3339 in UTC, ending in Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def reason_json(stored: Mapping[str, Any], language: str, *, since: datetime | None = None) -> dict[str, Any]:
    """A stored reason as sellers are told it, with its words in the reader's language; see `for_sellers`."""
    reason = for_sellers(Reason(stored["code"], stored.get("params") or {}), since=since)
    return {**reason.as_json(), "text": render(reason, language)}


def order_resources(session: Session, order_ids: Sequence[UUID], language: str) -> list[dict[str, Any]]:
    """The contract's order resource for each id, in the order of the ids; unknown ids are left out.

    One query a table, however many orders. `phone` is the first usable number in E.164, None when there is
    none; what personal data was erased or has expired is None.
    """
    if not order_ids:
        return []
    rows = session.execute(
        select(Order, order_state())
        .where(Order.id.in_(order_ids))
        .options(selectinload(Order.items), selectinload(Order.details))
    )
    found = {order.id: (order, state) for order, state in rows}
    related = _related(session, [order for order, _ in found.values()])
    return [_resource(*found[id_], related, language) for id_ in dict.fromkeys(order_ids) if id_ in found]


@dataclass(frozen=True)
class _Related:
    """What hangs on a page of orders, each by the id it is found under."""

    stores: Mapping[UUID, str]
    phones: Mapping[UUID, list[str]]
    buyers: Mapping[tuple[UUID, UUID], tuple[UUID, Buyer]]
    steps: Mapping[UUID, Step]
    decisions: Mapping[UUID, Decision]
    shipments: Mapping[UUID, list[Shipment]]
    provider_out: bool


def _related(session: Session, orders: Sequence[Order]) -> _Related:
    ids = [order.id for order in orders]
    stores = session.execute(
        select(Store.id, Store.name).where(Store.id.in_({order.store_id for order in orders}))
    )
    phones: dict[UUID, list[str]] = {}
    for order_id, phone in session.execute(
        select(OrderContactPoint.order_id, ContactPoint.phone)
        .join(ContactPoint, ContactPoint.id == OrderContactPoint.contact_point_id)
        .where(OrderContactPoint.order_id.in_(ids), ContactPoint.phone.is_not(None))
        .order_by(OrderContactPoint.order_id, OrderContactPoint.position)
    ):
        phones.setdefault(order_id, []).append(phone or "")
    buyers = session.execute(
        select(SellerBuyer, Buyer)
        .join(Buyer, Buyer.id == SellerBuyer.buyer_id)
        .where(
            SellerBuyer.buyer_id.in_({order.buyer_id for order in orders}),
            SellerBuyer.seller_id.in_({order.seller_id for order in orders}),
        )
    )
    steps = session.execute(
        select(StepOrder.order_id, Step)
        .join(Step, Step.id == StepOrder.step_id)
        .where(
            StepOrder.order_id.in_(ids),
            StepOrder.live,
            Step.state.in_((StepState.scheduled, StepState.ready)),
        )
    )
    decisions = session.scalars(
        select(Decision).where(Decision.id.in_([order.decision_id for order in orders if order.decision_id]))
    )
    shipments: dict[UUID, list[Shipment]] = {}
    for shipment in session.scalars(
        select(Shipment)
        .where(Shipment.order_id.in_(ids))
        .order_by(Shipment.reported_at, Shipment.received_at, Shipment.id)
    ):
        shipments.setdefault(shipment.order_id, []).append(shipment)
    live = dict(steps.all())
    return _Related(
        stores=dict(stores.all()),
        phones=phones,
        buyers={(link.seller_id, link.buyer_id): (link.id, buyer) for link, buyer in buyers},
        steps=live,
        decisions={decision.id: decision for decision in decisions},
        shipments=shipments,
        provider_out=provider_is_out(session, live.values()),
    )


def _resource(order: Order, state: str, related: _Related, language: str) -> dict[str, Any]:
    phones = related.phones.get(order.id, [])
    public_id, buyer = related.buyers[order.seller_id, order.buyer_id]
    return {
        "id": str(order.id),
        "store": related.stores[order.store_id],
        "external_id": order.external_id,
        "number": order.number,
        "version": order.version,
        "state": state,
        "flags": [reason_json(flag, language) for flag in order.flags],
        "phone": phones[0] if phones else None,
        "alternate_phones": phones[1:],
        "buyer": {
            "id": str(public_id),
            "tier": buyer.tier.value,
            "tier_reasons": [reason_json(reason, language) for reason in buyer.tier_reasons],
        },
        "next_contact": _present(
            related.steps.get(order.id),
            lambda step: next_contact(order, step, is_out=related.provider_out, language=language),
        ),
        "decision": _present(order.decision_id, lambda id_: _decision(related.decisions[id_], language)),
        "shipment": _present(related.shipments.get(order.id), _shipment),
        "placed_at": instant_text(order.placed_at),
        "created_at": instant_text(order.created_at),
        "ship_by": _present(order.ship_by, instant_text),
        "currency": order.currency,
        "total": decimal_text(order.total_minor, order.currency),
        "items": [_item(item, order.currency) for item in order.items],
        "address": _address(order.country, order.details),
    }


def _present(thing: Thing | None, form: Callable[[Thing], Form]) -> Form | None:
    return None if thing is None else form(thing)


def next_contact(order: Order, step: Step, *, is_out: bool, language: str) -> dict[str, Any]:
    """What a step tells of the order's next contact; `is_out` as `told_reason` takes it.

    Until it is due its `not_before` is the next full quarter of an hour.
    """
    reason = Reason.from_json(told_reason(step, is_out=is_out))
    # Once it is due, what the plan waited for is over.
    is_due = step.state is not StepState.scheduled
    waits = None if is_due else told_plan(order.plan, ()).waits
    return {
        "channel": step.channel.value,
        "not_before": instant_text(step.not_before if is_due else rounded(step.not_before)),
        "reason": reason_json(reason.as_json(), language),
        "why_not_now": _present(why_not_now(waits, reason), lambda why: reason_json(why.as_json(), language)),
    }


def _decision(decision: Decision, language: str) -> dict[str, Any]:
    ground = (decision.proof or {}).get("ground")
    return {
        "verdict": decision.verdict.value,
        "reason": decision.reason.value,
        "via": decision.via.value,
        "soft": decision.soft,
        "decided_at": instant_text(decision.decided_at),
        "tier": decision.tier.value,
        "changes": decision.changes,
        "ground": _present(ground, lambda stored: reason_json(stored, language)),
    }


def _shipment(reports: Sequence[Shipment]) -> dict[str, Any]:
    """The latest report; the carrier and number are often told once only, with an earlier one."""
    latest = reports[-1]
    return {
        "status": latest.status.value,
        "status_raw": latest.status_raw,
        "at": instant_text(latest.reported_at),
        "reason": latest.reason,
        "carrier": next((one.carrier for one in reversed(reports) if one.carrier), None),
        "tracking": next((one.tracking for one in reversed(reports) if one.tracking), None),
    }


def _item(item: Item, currency: str) -> dict[str, Any]:
    return {
        "sku": item.sku,
        "title": item.title,
        "variant": item.variant,
        "quantity": item.quantity,
        "unit_price": decimal_text(item.unit_price_minor, currency),
        "image_url": item.image_url,
        "product_url": item.product_url,
    }


def _address(country: str, details: OrderDetails | None) -> dict[str, Any]:
    return {"country": country, **{line: getattr(details, line, None) for line in ADDRESS_LINES}}
