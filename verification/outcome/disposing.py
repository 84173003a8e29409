"""What an agent reports at the end of a call, order by order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.dispositions import DispositionRow
from models.orders import Order
from models.sellers import Store
from models.vocabulary import AttemptState, DecisionReason, Disposition, Outcome, StepState, Via
from verification.contact.claiming import Claim
from verification.decision.ruling import Heard
from verification.outcome.hearing import SUPERVISOR, Hearing, apply
from verification.planning.scheduling import lock_buyer, plan_case
from verification.policy.stored import policy_for
from verification.reachability import note_reached, note_unreachable, opt_out
from verification.steps.covering import orders_of
from verification.steps.transitions import advance, conclude, end_step, hold

_HEARD = {
    Disposition.confirm: Heard.confirm,
    Disposition.reject: Heard.cancel,
    Disposition.no_answer: Heard.silence,
    Disposition.busy: Heard.silence,
    Disposition.voicemail: Heard.silence,
    Disposition.unreachable: Heard.undeliverable,
    Disposition.wrong_number: Heard.wrong_number,
    Disposition.call_back: Heard.later,
    Disposition.change: Heard.change,
    Disposition.stop: Heard.stop,
    Disposition.escalated: Heard.agent,
}
_OUTCOME = {
    Disposition.no_answer: Outcome.no_answer,
    Disposition.busy: Outcome.busy,
    Disposition.voicemail: Outcome.voicemail,
    Disposition.unreachable: Outcome.unreachable,
    Disposition.wrong_number: Outcome.wrong_number,
    Disposition.stop: Outcome.opted_out,
}


@dataclass(frozen=True)
class Disposed:
    """An agent's choice for one order; `call_back_at` aware UTC, `changes` what was agreed to change."""

    disposition: Disposition
    reason: DecisionReason | None = None
    soft: bool = False
    changes: Mapping[str, Any] | None = None
    call_back_at: datetime | None = None


def dispose(
    session: Session, claim: Claim, choices: Mapping[UUID, Disposed], *, now: datetime
) -> list[Order]:
    """Record an agent's outcome of a claimed call for every order of the case.

    Raises `Stale` when the case is no longer held, `KeyError` when an order of the case has no choice.
    """
    lock_buyer(session, claim.buyer_id)
    step = hold(session, claim.step_id, claim.token)
    attempt = session.scalars(select(Attempt).where(Attempt.step_id == step.id).with_for_update()).one()
    orders = orders_of(session, step.id)
    chosen = [(order, choices[order.id]) for order in orders]
    outcome = max(
        (_OUTCOME.get(choice.disposition, Outcome.answered) for _, choice in chosen),
        key=lambda found: found is Outcome.answered,
    )
    _note_call(session, attempt, outcome, now)
    if any(choice.disposition is Disposition.stop for _, choice in chosen):
        opt_out(session, attempt, now)
    end_step(session, step, StepState.done, now=now, reason="disposed")
    policy = policy_for(session, session.get_one(Store, step.store_id), step.country)
    tell_at = now + timedelta(seconds=policy.undo_seconds)
    for order, choice in chosen:
        _keep_choice(session, step.id, order, choice, claim.holder, now)
        order.last_outcome = attempt.outcome
        order.wish = None
        hearing = Hearing(
            heard=_HEARD[choice.disposition],
            via=Via.agent_call,
            actor=claim.holder,
            proof={"kind": "call", "attempt_id": str(attempt.id), "at": now.isoformat()},
            reason=choice.reason,
            soft=choice.soft,
            changes=choice.changes,
            call_back_at=choice.call_back_at,
            not_before=tell_at,
            reserved_for=_next_agent(choice, claim.holder),
        )
        apply(session, order, hearing, attempt, now=now)
    session.flush()
    plan_case(session, claim.buyer_id, claim.store_id, now=now, tell_at=tell_at)
    return orders


def _next_agent(choice: Disposed, holder: str) -> str | None:
    """Who makes the next call: a promise is first kept by whoever gave it."""
    if choice.disposition is Disposition.escalated:
        return SUPERVISOR
    return holder if choice.disposition is Disposition.call_back else None


def _keep_choice(
    session: Session, step_id: UUID, order: Order, choice: Disposed, agent: str, now: datetime
) -> None:
    before = {
        "decision_id": str(order.decision_id) if order.decision_id else None,
        "last_outcome": order.last_outcome.value if order.last_outcome else None,
        "wish": order.wish,
    }
    session.add(
        DispositionRow(
            step_id=step_id,
            order_id=order.id,
            agent=agent,
            chosen=choice.disposition,
            reason=choice.reason,
            recorded_at=now,
            before=before,
        )
    )


def _note_call(session: Session, attempt: Attempt, outcome: Outcome, now: datetime) -> None:
    advance(attempt, AttemptState.closed, now)
    conclude(attempt, outcome, now)
    if outcome is Outcome.answered:
        note_reached(session, attempt, now)
    elif outcome is Outcome.unreachable:
        note_unreachable(session, attempt, "agent_reported", now)
