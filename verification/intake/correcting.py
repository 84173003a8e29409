"""Correcting an order that was taken: the seller's merge patch over what is stored."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.buyers import Buyer, ContactPoint
from models.drafts import OrderDraft
from models.orders import Order, OrderContactPoint
from models.secrecy import Keyring
from models.sellers import Store
from models.vocabulary import DataClass, EventType, Flag
from verification import diary
from verification.decision.ruling import Standing
from verification.decision.taking import reopen, standing_of
from verification.habits.moving import move_order
from verification.hours.locating import place_in
from verification.intake.buyers import link_to_seller, owner_of
from verification.intake.cod import is_cod
from verification.intake.examining import (
    Reached,
    deadline,
    expiry,
    flag_order,
    reach,
    read_draft_phones,
    release_or_plan,
    set_points,
)
from verification.intake.loading import hold
from verification.intake.merging import as_payload, merge_patch
from verification.intake.problems import OrderRefused, Problem
from verification.intake.reading import read_order
from verification.intake.storing import stored_draft, write_details
from verification.intake.waiving import is_waived, needs_no_contact
from verification.planning.scheduling import plan_case
from verification.policy.stored import policy_for
from verification.policy.values import Policy
from verification.refusals import AlreadyShipped
from verification.steps.ending import cancel_live_steps
from verification.telling.events import tell
from verification.tiers.recomputing import retier


def correct_order(
    session: Session,
    order: Order,
    patch: Mapping[str, Any],
    *,
    now: datetime,
    keys: Keyring,
    actor: str = "seller",
) -> bool:
    """Apply a merge patch; False when it changes nothing, and then nobody is told.

    The order is screened anew. When what its buyer is asked about has changed (items, money, phones), it is
    asked anew from the start, even if it was decided: the proof was of another order. Other corrections leave
    a decision as it stands, but for an order released as not worth a contact, which is weighed anew; and a
    withdrawn order stays withdrawn. Raises `OrderRefused` (with pointers),
    `AlreadyShipped`, `DetailsErased`.
    """
    _, peeked = _before_and_after(session, order, patch)
    hold(session, order, also=owner_of(session, read_draft_phones(peeked).numbers, keys))
    before, draft = _before_and_after(session, order, patch)
    if draft == before:
        return False

    policy = policy_for(session, session.get_one(Store, order.store_id), draft.address.country)
    left_buyer_id = order.buyer_id
    if _asked_about(draft) != _asked_about(before):
        _ask_anew(session, order, draft, policy, now)
    if _phones(draft) == _phones(before):
        reached = _reached_before(session, order, draft)
    else:
        reached = _reach_anew(session, order, draft, policy, now, keys)
    cod = _is_cod(order, draft)
    _write(order, draft, policy, now)
    session.flush()
    diary.write(
        session,
        at=now,
        kind="order",
        actor=actor,
        code="order_changed",
        params={"fields": _changed_fields(before, draft)},
        order_id=order.id,
    )
    flag_order(session, order, draft, reached, policy, cod=cod, now=now)
    _doubt_waiver(session, order, draft, policy, now)
    tell(session, order, EventType.order_changed, now=now)
    if order.decision_id is None:
        release_or_plan(session, order, policy, now=now)
    if order.buyer_id != left_buyer_id:
        plan_case(session, left_buyer_id, order.store_id, now=now)
    return True


def _before_and_after(
    session: Session, order: Order, patch: Mapping[str, Any]
) -> tuple[OrderDraft, OrderDraft]:
    if order.shipped_at is not None:
        raise AlreadyShipped
    before = stored_draft(order)
    zone = session.get_one(Store, order.store_id).time_zone
    after = read_order(merge_patch(as_payload(before), dict(patch)), zone=zone)
    if after.external_id != before.external_id:
        problem = Problem("/external_id", "immutable", "The external id of an order stays as it is.")
        raise OrderRefused([problem])
    return before, after


def _asked_about(draft: OrderDraft) -> tuple[object, ...]:
    return draft.items, draft.total_minor, draft.currency, draft.payment_method, _phones(draft)


def _ask_anew(session: Session, order: Order, draft: OrderDraft, policy: Policy, now: datetime) -> None:
    """Forget for planning what was asked before; whoever is contacting the buyer now finds the lease gone."""
    cancel_live_steps(session, [order.id], now=now, reason="order_changed")
    order.asked_since = now
    order.wish = None
    if order.decision_id is not None and standing_of(session, order) is not Standing.withdrawn:
        reopen(session, order, now=now)
        order.decide_by = deadline(draft.ship_by, policy, now)


def _doubt_waiver(session: Session, order: Order, draft: OrderDraft, policy: Policy, now: datetime) -> None:
    """An order released as not worth a contact is open again when, as corrected, it is worth one."""
    if is_waived(session, order) and needs_no_contact(session, order, policy, now=now) is None:
        reopen(session, order, now=now)
        order.decide_by = deadline(draft.ship_by, policy, now)


def _phones(draft: OrderDraft) -> tuple[str | None, ...]:
    # A phone is read against the country, so a new country reads the same text anew.
    return draft.buyer.phone, draft.buyer.alternate_phone, draft.address.country


def _reached_before(session: Session, order: Order, draft: OrderDraft) -> Reached:
    points = session.scalars(
        select(ContactPoint)
        .join(OrderContactPoint, OrderContactPoint.contact_point_id == ContactPoint.id)
        .where(OrderContactPoint.order_id == order.id)
        .order_by(OrderContactPoint.position)
    )
    return Reached(session.get_one(Buyer, order.buyer_id), tuple(points), read_draft_phones(draft))


def _reach_anew(
    session: Session, order: Order, draft: OrderDraft, policy: Policy, now: datetime, keys: Keyring
) -> Reached:
    reached = reach(session, draft, policy, now=now, keys=keys)
    if order.decision_id is None:
        move_order(session, order, reached.buyer.id, now=now)
        order.buyer_id = reached.buyer.id
        link_to_seller(session, reached.buyer.id, order.seller_id)
        if not reached.buyer.tier_reasons:
            retier(session, reached.buyer.id, now=now, cause="order")
    # Once withdrawn, the order stays in the history of the buyer who was asked.
    set_points(session, order, reached.points)
    return reached


def _is_cod(order: Order, draft: OrderDraft) -> bool:
    if draft.payment_method == order.payment_method:
        return all(flag["code"] != Flag.not_cod.value for flag in order.flags)
    return is_cod(draft.payment_method)


def _write(order: Order, draft: OrderDraft, policy: Policy, now: datetime) -> None:
    if draft.ship_by != order.ship_by:
        order.decide_by = deadline(draft.ship_by, policy, now)
    order.number = draft.number
    order.placed_at = draft.placed_at
    order.currency = draft.currency
    order.total_minor = draft.total_minor
    order.payment_method = draft.payment_method
    order.country = draft.address.country
    order.place = place_in(draft.address)
    order.language = draft.buyer.language
    order.ship_by = draft.ship_by
    write_details(order, draft, expires_at=expiry(policy, DataClass.address, now))


def _changed_fields(before: OrderDraft, after: OrderDraft) -> list[str]:
    """The names of the contract's top fields that differ; what they hold stays out of the diary."""
    old, new = as_payload(before), as_payload(after)
    return [name for name in new if new[name] != old[name]]
