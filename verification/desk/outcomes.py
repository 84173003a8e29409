"""What came of an agent's call, written down once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.diary import DiaryEntry
from models.dispositions import DispositionRow
from models.orders import Order
from models.reasons import Reason
from models.steps import Step
from models.vocabulary import Disposition, StepState
from verification.accounts.sessions import SignedIn
from verification.desk.calling import make
from verification.desk.held import Held, claim_of, hold_case
from verification.desk.promising import check_promise
from verification.desk.refusals import DeskRefusal, Why
from verification.desk.simulating import SIMULATED, end_simulated
from verification.outcome.disposing import Disposed, dispose
from verification.outcome.hearing import SUPERVISOR
from verification.planning.scheduling import plan_case, plan_review
from verification.steps.covering import orders_of
from verification.steps.transitions import end_step


def record(
    session: Session,
    agent: SignedIn,
    step_id: UUID,
    token: int,
    choices: Mapping[UUID, Disposed],
    *,
    now: datetime,
) -> None:
    """Record the outcome of a case, order by order; the same outcome sent again is taken once.

    Only a case that was called has an outcome, but for handing it to a supervisor, and for finding that there
    is no number to call. What the agent does next is the caller's to say. Raises `DeskRefusal`,
    `PromiseRefused`, and `KeyError` when an order has no choice.
    """
    if _is_recorded(session, agent, step_id, token):
        return
    held = hold_case(session, agent, step_id, token)
    for choice in choices.values():
        if choice.disposition is Disposition.call_back and choice.call_back_at is not None:
            check_promise(session, step_id, choice.call_back_at, now=now)
    if held.attempt is None:
        _record_uncalled(session, agent, held, choices, now)
    else:
        dispose(session, claim_of(held, agent, now), _with_addresses(session, held, choices), now=now)
        if held.attempt.provider == SIMULATED:
            end_simulated(session, held.attempt, now=now)


def _is_recorded(session: Session, agent: SignedIn, step_id: UUID, token: int) -> bool:
    step = session.get(Step, step_id)
    if step is None or step.state is StepState.claimed or step.lease_token != token:
        return False
    recorded = select(DispositionRow.id).where(
        DispositionRow.step_id == step_id,
        DispositionRow.agent == agent.holder,
        DispositionRow.undone_at.is_(None),
    )
    return session.scalars(recorded.limit(1)).first() is not None


def _record_uncalled(
    session: Session, agent: SignedIn, held: Held, choices: Mapping[UUID, Disposed], now: datetime
) -> None:
    chosen = {choice.disposition for choice in choices.values()}
    if chosen == {Disposition.escalated}:
        _hand_on(session, agent, held, now)
    elif chosen == {Disposition.unreachable} and held.step.contact_point_id is None:
        claimed = claim_of(held, agent, now)
        make(session, claimed, now)
        dispose(session, claimed, choices, now=now)
    else:
        raise DeskRefusal(Why.not_called)


def _hand_on(session: Session, agent: SignedIn, held: Held, now: datetime) -> None:
    """A supervisor is to make the call: no contact was made, so none is counted."""
    step, reason = held.step, Reason("handed_to_supervisor")
    orders = orders_of(session, step.id)
    end_step(session, step, StepState.cancelled, now=now, reason="handed_on")
    for order in orders:
        session.add(_choice(step, order, agent, now))
        if order.decision_id is None:
            order.wish = {"reason": reason.as_json(), "at": None, "for": SUPERVISOR}
        else:
            plan_review(session, order, now=now, reason=reason, reserved_for=SUPERVISOR)
    session.flush()
    plan_case(session, step.buyer_id, step.store_id, now=now)


def _choice(step: Step, order: Order, agent: SignedIn, now: datetime) -> DispositionRow:
    return DispositionRow(
        step_id=step.id,
        order_id=order.id,
        agent=agent.holder,
        chosen=Disposition.escalated,
        recorded_at=now,
        before={},
    )


def _with_addresses(
    session: Session, held: Held, choices: Mapping[UUID, Disposed]
) -> Mapping[UUID, Disposed]:
    """What was agreed, with the lines of the address that were put right during this case."""
    corrected = session.execute(
        select(DiaryEntry.order_id, DiaryEntry.params).where(
            DiaryEntry.order_id.in_(choices),
            DiaryEntry.code == "address_corrected_by_agent",
            DiaryEntry.at >= (held.step.claimed_at or held.step.created_at),
        )
    ).all()
    lines: dict[UUID, set[str]] = {}
    for order_id, params in corrected:
        lines.setdefault(order_id, set()).update(params["lines"])
    return {
        order_id: replace(choice, changes=_changes(choice, lines[order_id])) if order_id in lines else choice
        for order_id, choice in choices.items()
    }


def _changes(choice: Disposed, lines: set[str]) -> dict[str, Any]:
    return {**(choice.changes or {}), "address": sorted(lines)}
