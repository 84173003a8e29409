"""Taking an outcome back before the seller is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.buyers import ContactPoint, OptOut, Reachability
from models.dispositions import DispositionRow
from models.orders import Order, OrderContactPoint
from models.outbox import OutboxDelivery
from models.promises import Promise
from models.steps import Step
from models.vocabulary import AgentState, DeliveryState, Disposition, Outcome, PromiseResult, StepState
from verification import diary
from verification.accounts.sessions import SignedIn
from verification.desk import shifts
from verification.desk.held import LEASE, attempt_of, lock_agent, policy_of
from verification.desk.holding import return_looked_at
from verification.desk.refusals import DeskRefusal, Why
from verification.planning.scheduling import lock_buyer
from verification.policy.values import LONGEST_UNDO
from verification.steps.covering import orders_of
from verification.steps.ending import live_steps
from verification.steps.transitions import end_step, reopen
from verification.tiers.recomputing import retier


@dataclass(frozen=True)
class Undoable:
    """An outcome that its agent can still take back, until `until` (aware UTC)."""

    step_id: UUID
    chosen: tuple[Disposition, ...]
    until: datetime


def last_undoable(session: Session, agent: SignedIn, *, now: datetime) -> Undoable | None:
    """The agent's last outcome while it can be undone."""
    last = session.scalars(
        select(DispositionRow)
        .where(DispositionRow.agent == agent.holder, DispositionRow.recorded_at > now - LONGEST_UNDO)
        .order_by(DispositionRow.recorded_at.desc(), DispositionRow.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last.undone_at is not None or not last.before:
        return None
    until = last.recorded_at + timedelta(
        seconds=policy_of(session, session.get_one(Step, last.step_id)).undo_seconds
    )
    if now >= until:
        return None
    rows = _rows(session, agent, last.step_id)
    return Undoable(last.step_id, tuple(row.chosen for row in rows), until)


def undo(session: Session, agent: SignedIn, step_id: UUID, *, now: datetime) -> None:
    """Bring the case back into the agent's hands as it was before its outcome: called, and asking for one.

    Decisions stay in the record and lose their effect, the events about them are discarded, what was planned
    instead is cancelled. A case that was only looked at meanwhile goes back to the queue. Undone already, it
    changes nothing. Raises `DeskRefusal` when the moment has passed or something has followed already.
    """
    lock_agent(session, agent)
    buyer_id = session.scalar(select(Step.buyer_id).where(Step.id == step_id))
    if buyer_id is None:
        raise DeskRefusal(Why.stale)
    lock_buyer(session, buyer_id)
    step = session.scalars(
        select(Step).where(Step.id == step_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    rows, attempt = _rows(session, agent, step_id), attempt_of(session, step_id)
    if step.state is StepState.claimed and step.lease_holder == agent.holder and _is_undone(session, step):
        return
    if not rows or attempt is None or step.state is not StepState.done:
        raise DeskRefusal(Why.undo_too_late)
    recorded_at = rows[0].recorded_at
    if now >= recorded_at + timedelta(seconds=policy_of(session, step).undo_seconds):
        raise DeskRefusal(Why.undo_too_late)
    orders = orders_of(session, step_id)
    _discard_events(session, orders, recorded_at, now)
    _cancel_what_followed(session, orders, now)
    _restore(session, orders, rows, now)
    _forget(session, orders, attempt, recorded_at)
    return_looked_at(session, agent, now=now)
    if not reopen(session, step, attempt, expires_at=now + LEASE, now=now):
        raise DeskRefusal(Why.undo_too_late)
    retier(session, step.buyer_id, now=now, cause="undone")
    shifts.enter(session, agent.id, AgentState.call, now=now, step_id=step_id)


def _is_undone(session: Session, step: Step) -> bool:
    undone = select(DispositionRow.id).where(
        DispositionRow.step_id == step.id,
        DispositionRow.agent == step.lease_holder,
        DispositionRow.undone_at == step.claimed_at,
    )
    return session.scalars(undone.limit(1)).first() is not None


def _rows(session: Session, agent: SignedIn, step_id: UUID) -> Sequence[DispositionRow]:
    return session.scalars(
        select(DispositionRow)
        .where(
            DispositionRow.step_id == step_id,
            DispositionRow.agent == agent.holder,
            DispositionRow.undone_at.is_(None),
        )
        .order_by(DispositionRow.id)
    ).all()


def _discard_events(session: Session, orders: Sequence[Order], recorded_at: datetime, now: datetime) -> None:
    """No seller hears of what is taken back; one that is being told already stands."""
    events = session.scalars(
        select(OutboxDelivery)
        .where(
            OutboxDelivery.order_id.in_([order.id for order in orders]),
            OutboxDelivery.created_at == recorded_at,
            OutboxDelivery.decision_id.is_not(None),
        )
        .with_for_update()
    ).all()
    for event in events:
        if event.state is not DeliveryState.pending or event.lease_until is not None:
            raise DeskRefusal(Why.undo_too_late)
        event.state, event.ended_at = DeliveryState.discarded, now


def _cancel_what_followed(session: Session, orders: Sequence[Order], now: datetime) -> None:
    for step in live_steps(session, [order.id for order in orders]):
        if step.state is StepState.claimed:
            raise DeskRefusal(Why.undo_too_late)
        end_step(session, step, StepState.cancelled, now=now, reason="undone")


def _restore(
    session: Session, orders: Sequence[Order], rows: Sequence[DispositionRow], now: datetime
) -> None:
    before = {row.order_id: row for row in rows}
    for order in orders:
        row = before[order.id]
        decision_id, outcome = row.before["decision_id"], row.before["last_outcome"]
        order.decision_id = UUID(decision_id) if decision_id else None
        order.last_outcome = Outcome(outcome) if outcome else None
        order.wish = row.before["wish"]
        row.undone_at = now
        params = {"chosen": row.chosen.value}
        diary.write(
            session,
            at=now,
            kind="outcome",
            actor=row.agent,
            code="outcome_undone",
            params=params,
            order_id=order.id,
        )
    session.flush()


def _forget(session: Session, orders: Sequence[Order], attempt: Attempt, recorded_at: datetime) -> None:
    """What the outcome taught about numbers and promises, all written at its very instant."""
    ids = [order.id for order in orders]
    session.execute(
        update(OrderContactPoint)
        .where(OrderContactPoint.order_id.in_(ids), OrderContactPoint.refused_at == recorded_at)
        .values(refused_at=None)
    )
    session.execute(delete(Promise).where(Promise.order_id.in_(ids), Promise.made_at == recorded_at))
    session.execute(
        update(Promise)
        .where(
            Promise.order_id.in_(ids),
            Promise.ended_at == recorded_at,
            Promise.result == PromiseResult.dropped,
        )
        .values(result=None, ended_at=None)
    )
    if attempt.contact_point_id is None:
        return
    point = session.get_one(ContactPoint, attempt.contact_point_id)
    session.execute(
        delete(OptOut).where(OptOut.phone_hash == point.phone_hash, OptOut.opted_out_at == recorded_at)
    )
    session.execute(
        delete(Reachability).where(
            Reachability.contact_point_id == point.id, Reachability.noted_at == recorded_at
        )
    )
