"""Putting right what an order says of its buyer, while the agent has it in hand."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.orders import Order
from models.phones import read_phones
from models.secrecy import Keyring
from models.vocabulary import AttemptState, EventType, Outcome
from verification import diary
from verification.accounts.sessions import SignedIn
from verification.desk.held import Held, hold_case
from verification.desk.refusals import DeskRefusal, Why
from verification.desk.taking import take_order
from verification.intake.correcting import correct_order
from verification.intake.problems import OrderRefused
from verification.outcome.addressing import correct_address
from verification.refusals import Refusal
from verification.steps.covering import covered, orders_of
from verification.steps.transitions import advance, conclude
from verification.telling.events import tell


def fix_address(
    session: Session,
    agent: SignedIn,
    step_id: UUID,
    token: int,
    order_id: UUID,
    lines: Mapping[str, str | None],
    *,
    now: datetime,
) -> tuple[str, ...]:
    """Store the lines that differ, judge anew what is missing, tell the seller; the names of those lines."""
    held = hold_case(session, agent, step_id, token)
    order = _order(session, held, order_id)
    if order.details is None:
        raise DeskRefusal(Why.details_erased)
    changed = correct_address(
        session, order, lines, now=now, actor=agent.holder, code="address_corrected_by_agent"
    )
    if changed:
        tell(session, order, EventType.order_changed, now=now)
    return changed


def fix_phone(
    session: Session,
    agent: SignedIn,
    step_id: UUID,
    token: int,
    order_id: UUID,
    phone: str,
    *,
    now: datetime,
    keys: Keyring,
) -> UUID:
    """Give the case's orders another number and call it next: their buyer is asked anew; the new case.

    A call already made from this case ends as answered, because somebody told the agent the number. Raises
    `DeskRefusal` when nobody can be called under what was typed.
    """
    held = hold_case(session, agent, step_id, token)
    order = _order(session, held, order_id)
    if not read_phones(phone, None, country=order.country).numbers:
        raise DeskRefusal(Why.phone_unreadable)
    if held.attempt is not None:
        advance(held.attempt, AttemptState.closed, now)
        conclude(held.attempt, Outcome.answered, now)
    for each in orders_of(session, step_id):
        _call_under(session, agent, each, phone, now, keys)
    return take_order(session, agent, order_id, now=now)


def _call_under(
    session: Session, agent: SignedIn, order: Order, phone: str, now: datetime, keys: Keyring
) -> None:
    patch = {"buyer": {"phone": phone}}
    try:
        correct_order(session, order, patch, now=now, keys=keys, actor=agent.holder)
    except OrderRefused:
        raise DeskRefusal(Why.phone_unreadable) from None
    except Refusal:
        raise DeskRefusal(Why.details_erased) from None
    diary.write(session, at=now, kind="order", actor=agent.holder, code="phone_corrected", order_id=order.id)


def _order(session: Session, held: Held, order_id: UUID) -> Order:
    if order_id not in covered(session, held.step.id):
        raise DeskRefusal(Why.stale)
    return session.get_one(Order, order_id, populate_existing=True)
