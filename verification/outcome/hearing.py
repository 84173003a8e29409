"""Applying what was heard to an order: the table rules, this carries out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.orders import Order, OrderContactPoint
from models.reasons import Reason
from models.sellers import Store
from models.vocabulary import DecisionReason, Via
from verification import diary
from verification.decision.ruling import Heard, Move, Standing, confirmed, move, rejected
from verification.decision.taking import decide, standing_of
from verification.planning.scheduling import plan_review
from verification.policy.stored import policy_for
from verification.promises import promise

SUPERVISOR = "role:supervisor"
"""For whom a case is kept that an agent hands on."""


@dataclass(frozen=True)
class Hearing:
    """One thing heard about an order: through what, with what proof, and what else was said.

    `asked_at` is when the buyer was told what the order is, without it when the attempt began. `proof` names
    what the buyer did by id; `call_back_at` is a time the buyer named; `not_before` holds
    the seller's event back while the decision can be undone.
    """

    heard: Heard
    via: Via
    actor: str
    proof: Mapping[str, Any]
    reason: DecisionReason | None = None
    soft: bool = False
    changes: Mapping[str, Any] | None = None
    call_back_at: datetime | None = None
    not_before: datetime | None = None
    asked_at: datetime | None = None
    reserved_for: str | None = None


def apply(session: Session, order: Order, hearing: Hearing, attempt: Attempt, *, now: datetime) -> Move:
    """Do to one order what the table says; the caller plans the case afterwards, holding the buyer's lock."""
    standing = standing_of(session, order)
    following = move(
        hearing.heard,
        standing,
        by_agent=hearing.via is Via.agent_call,
        outdated=(hearing.asked_at or attempt.started_at) < order.asked_since,
    )
    diary.write(
        session,
        at=now,
        kind="outcome",
        actor=hearing.actor,
        code=f"heard_{hearing.heard.value}",
        params={"via": hearing.via.value, "attempt_id": str(attempt.id)},
        order_id=order.id,
    )
    match following:
        case Move.confirm:
            ruling = confirmed(hearing.via, soft=hearing.soft or hearing.heard is Heard.soft_confirm)
            _decide(session, order, ruling, hearing, now)
        case Move.reject:
            _decide(session, order, rejected(hearing.via, hearing.reason), hearing, now)
        case Move.call_back:
            policy = policy_for(session, session.get_one(Store, order.store_id), order.country)
            at = hearing.call_back_at or now + timedelta(minutes=policy.call_back_minutes)
            order.wish = _wish(Reason("asked_to_call_later"), at, hearing)
            if hearing.call_back_at is not None:
                promise(session, order, at, made_by=hearing.reserved_for, via=hearing.via, now=now)
        case Move.to_agent:
            reason = Reason(f"buyer_{hearing.heard.value}", {"via": hearing.via.value})
            if hearing.reserved_for == SUPERVISOR:
                reason = Reason("handed_to_supervisor")
            if standing is Standing.open:
                order.wish = _wish(reason, None, hearing)
            else:
                plan_review(session, order, now=now, reason=reason, reserved_for=hearing.reserved_for)
        case Move.next_number:
            _refuse_number(session, order, attempt, now)
        case Move.plan | Move.keep | Move.give_up:
            pass
    return following


def _wish(reason: Reason, at: datetime | None, hearing: Hearing) -> dict[str, Any]:
    wish = {"reason": reason.as_json(), "at": at.isoformat() if at else None}
    return {**wish, "for": hearing.reserved_for} if hearing.reserved_for else wish


def _decide(session: Session, order: Order, ruling: Any, hearing: Hearing, now: datetime) -> None:
    decide(
        session,
        order,
        ruling,
        now=now,
        actor=hearing.actor,
        proof=hearing.proof,
        changes=hearing.changes,
        not_before=hearing.not_before,
    )


def _refuse_number(session: Session, order: Order, attempt: Attempt, now: datetime) -> None:
    """The phone is somebody else's: this order does not use it again."""
    link = session.scalars(
        select(OrderContactPoint).where(
            OrderContactPoint.order_id == order.id,
            OrderContactPoint.contact_point_id == attempt.contact_point_id,
        )
    ).one_or_none()
    if link is not None:
        link.refused_at = now
    order.wish = None
