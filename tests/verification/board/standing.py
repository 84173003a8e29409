"""Orders put where a test wants them: rows as planning, claiming and the desk leave them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.base import new_id
from models.buyers import ContactPoint
from models.orders import Order
from models.sellers import Store
from models.shifts import AgentInterval
from models.steps import Step, StepOrder
from models.users import User
from models.vocabulary import AgentState, AttemptState, Channel, Outcome, Purpose, Regime, Role, StepState
from tests import stored
from verification.planning.planned import ROUTINE


def an_order(session: Session, now: datetime, store: Store, *, country: str = "SA", **columns: Any) -> Order:
    """An undecided order of a buyer of its own, without any step; `columns` of the order as they shall be."""
    buyer = stored.a_buyer(session, now)
    session.add(
        ContactPoint(
            buyer_id=buyer.id,
            phone_hash=new_id().bytes,
            country=country,
            line_type="mobile",
            expires_at=now + timedelta(days=365),
            created_at=now,
        )
    )
    order = stored.an_order(session, now, store, buyer, city="الرياض")
    for name, value in {"country": country, **columns}.items():
        setattr(order, name, value)
    session.flush()
    return order


def a_step(
    session: Session,
    now: datetime,
    order: Order,
    *,
    state: StepState = StepState.scheduled,
    channel: Channel = Channel.whatsapp,
    held_by: tuple[str, ...] = (),
    holder: str = "worker",
    without_number: bool = False,
    **columns: Any,
) -> Step:
    """A step of the order; by default in an hour, for no reason of any rule."""
    claimed = state is StepState.claimed
    point = select(ContactPoint.id).where(ContactPoint.buyer_id == order.buyer_id)
    values: dict[str, Any] = {
        "id": new_id(),
        "buyer_id": order.buyer_id,
        "store_id": order.store_id,
        "contact_point_id": None if without_number else session.scalar(point),
        "country": order.country,
        "purpose": Purpose.verify,
        "channel": channel,
        "state": state,
        "priority": ROUTINE,
        "attempt_number": 1,
        "not_before": now + timedelta(hours=1),
        "reason": {"code": "first_contact", "params": {"held_by": list(held_by)} if held_by else {}},
        "lease_holder": holder if claimed else None,
        "lease_expires_at": now + timedelta(minutes=2) if claimed else None,
        "claimed_at": now if claimed else None,
        "created_at": now,
    }
    step = Step(**(values | columns))
    session.add(step)
    session.flush()
    live = state.is_live
    session.add(StepOrder(step_id=step.id, order_id=order.id, purpose=Purpose.verify, live=live))
    session.flush()
    return step


def an_attempt(
    session: Session,
    at: datetime,
    step: Step,
    *,
    outcome: Outcome | None = None,
    holder: str = "worker",
    answer_until: datetime | None = None,
) -> Attempt:
    """A contact begun at `at` under the step."""
    attempt = Attempt(
        step_id=step.id,
        buyer_id=step.buyer_id,
        store_id=step.store_id,
        contact_point_id=step.contact_point_id,
        channel=step.channel,
        reference=new_id().hex,
        holder=holder,
        provider="sandbox",
        state=AttemptState.sent,
        outcome=outcome,
        attempt_number=1,
        order_age_seconds=0,
        local_hour_of_week=0,
        regime=Regime.normal,
        propensity=1.0,
        started_at=at,
        answer_until=answer_until or at + timedelta(hours=6),
        state_at=at,
    )
    session.add(attempt)
    session.flush()
    return attempt


def a_user(session: Session, now: datetime, name: str = "Huda", role: Role = Role.agent) -> User:
    """Somebody who works here."""
    user = User(
        email=f"{new_id().hex}@example.com", name=name, role=role, password_hash="-", created_at=now, keys={}
    )
    session.add(user)
    session.flush()
    return user


def an_interval(
    session: Session,
    user_id: UUID,
    state: AgentState,
    began_at: datetime,
    ended_at: datetime | None = None,
    *,
    expires_at: datetime | None = None,
) -> None:
    """A state of an agent; still open without `ended_at`."""
    expires_at = expires_at or began_at + timedelta(hours=12)
    session.add(
        AgentInterval(
            user_id=user_id, state=state, began_at=began_at, ended_at=ended_at, expires_at=expires_at
        )
    )
    session.flush()
