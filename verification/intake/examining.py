"""What a new and a corrected order have in common: whose it is, how to reach the buyer, what is odd."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.buyers import Buyer, ContactPoint
from models.drafts import OrderDraft
from models.orders import Order, OrderContactPoint
from models.phones import PhoneReading, read_phones
from models.reasons import Reason
from models.secrecy import Keyring
from models.vocabulary import DataClass, DecisionReason, Flag, Verdict, Via
from verification import diary
from verification.decision.ruling import Ruling
from verification.decision.taking import decide
from verification.intake.buyers import find_buyer
from verification.intake.gathering import gather_facts
from verification.intake.waiving import needs_no_contact, waive
from verification.planning.scheduling import plan_case
from verification.policy.values import Policy
from verification.screening.screening import screen


@dataclass(frozen=True)
class Reached:
    """The buyer of a draft, the contact points to try, and how its phones were read."""

    buyer: Buyer
    points: tuple[ContactPoint, ...]
    reading: PhoneReading


def read_draft_phones(draft: OrderDraft) -> PhoneReading:
    """All phones of a draft, against the country that the parcel goes to."""
    return read_phones(draft.buyer.phone, draft.buyer.alternate_phone, country=draft.address.country)


def reach(session: Session, draft: OrderDraft, policy: Policy, *, now: datetime, keys: Keyring) -> Reached:
    """Read the draft's phones and find the buyer behind them, or make one."""
    reading = read_draft_phones(draft)
    found = find_buyer(
        session,
        reading.numbers,
        language=draft.buyer.language,
        keys=keys,
        expires_at=expiry(policy, DataClass.contact_point, now),
        now=now,
    )
    return Reached(found.buyer, found.points, reading)


def set_points(session: Session, order: Order, points: Sequence[ContactPoint]) -> None:
    """Make these the order's contact points; one that proved to be a stranger's stays refused."""
    before = {
        link.contact_point_id: link
        for link in session.scalars(select(OrderContactPoint).where(OrderContactPoint.order_id == order.id))
    }
    for position, point in enumerate(points):
        link = before.pop(point.id, None)
        if link is None:
            session.add(OrderContactPoint(order_id=order.id, contact_point_id=point.id, position=position))
        else:
            link.position = position
    for link in before.values():
        session.delete(link)
    session.flush()


def flag_order(
    session: Session,
    order: Order,
    draft: OrderDraft,
    reached: Reached,
    policy: Policy,
    *,
    cod: bool,
    now: datetime,
) -> None:
    """Screen the order and keep its flags; each one that was not there before is a line of the diary."""
    facts = gather_facts(
        session, order, draft, reached.reading, reached.buyer, reached.points, policy, cod=cod
    )
    before = order.flags or []
    order.flags = [reason.as_json() for reason in screen(facts)]
    for flag in order.flags:
        if flag not in before:
            diary.write(
                session,
                at=now,
                kind="screening",
                actor="system",
                code=flag["code"],
                params=flag["params"],
                order_id=order.id,
            )


def release_or_plan(session: Session, order: Order, policy: Policy, *, now: datetime) -> None:
    """Release an order that is paid already, or not worth a contact, where policy says so; else plan how its
    buyer is contacted."""
    is_paid = any(flag["code"] == Flag.not_cod.value for flag in order.flags)
    if is_paid and policy.waive_not_cod:
        decide(
            session,
            order,
            Ruling(Verdict.waived, DecisionReason.not_cod, Via.policy),
            now=now,
            actor="system",
        )
        return
    ground = needs_no_contact(session, order, policy, now=now)
    if ground is not None:
        waive(session, order, ground, now=now)
        return
    if any(flag["code"] == Flag.buyer_blocked.value for flag in order.flags):
        # No machine writes to a blocked buyer: a person looks first, with the reasons on the screen.
        reason = Reason("flagged_for_agent", {"flag": Flag.buyer_blocked.value})
        order.wish = {"reason": reason.as_json(), "at": None}
    session.flush()
    plan_case(session, order.buyer_id, order.store_id, now=now)


def deadline(ship_by: datetime | None, policy: Policy, now: datetime) -> datetime:
    """When the order must be decided: before it ships, else the policy's hours from now.

    Counted from receipt and not from `placed_at`, so that an order that arrives old still gets its contacts.
    """
    if ship_by is not None and ship_by > now:
        return ship_by
    return now + timedelta(hours=policy.deadline_hours)


def expiry(policy: Policy, data_class: DataClass, now: datetime) -> datetime:
    """Until when personal data of a class that arrived now is kept."""
    return now + timedelta(days=policy.retention_days[data_class])
