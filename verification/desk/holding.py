"""How cases come to an agent and leave again without a call."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.shifts import AgentInterval
from models.steps import Step
from models.vocabulary import AgentState, Channel, StepState
from verification import diary
from verification.accounts.sessions import SignedIn
from verification.contact.claiming import Claim, claim
from verification.contact.contacting import conclude_unrung, end_silenced
from verification.desk import shifts
from verification.desk.call_stage import CallStage
from verification.desk.held import LEASE, Held, attempt_of, held_by, hold_case, lock_agent, policy_of
from verification.desk.legs import call_of
from verification.desk.refusals import DeskRefusal, Why
from verification.outcome.hearing import SUPERVISOR
from verification.planning.scheduling import lock_buyer, plan_case
from verification.steps import transitions
from verification.steps.covering import covered

_WORTH_WRITING = timedelta(seconds=30)
_MOST_PASSED = 10


def next_case(session: Session, agent: SignedIn, *, now: datetime) -> UUID | None:
    """The step of the agent's next case: one in hand, a called one before all, else the best in the queue.

    None when nothing is due. Asked twice at once, both get the same case.
    """
    lock_agent(session, agent)
    _return_overlooked(session, agent, held_by(session, agent), now)
    for held in held_by(session, agent):
        transitions.prolong(session, [held.step.id], agent.holder, expires_at=now + LEASE)
        state = AgentState.call if held.attempt else AgentState.preview
        shifts.enter(session, agent.id, state, now=now, step_id=held.step.id)
        return held.step.id
    step_id = _claim_best(session, agent, now)
    if step_id is None:
        shifts.enter(session, agent.id, AgentState.waiting, now=now)
        return None
    shifts.enter(session, agent.id, AgentState.preview, now=now, step_id=step_id)
    return step_id


def _claim_best(session: Session, agent: SignedIn, now: datetime) -> UUID | None:
    """The best case that waits; one that this agent gave back before only where there is no other."""
    names = [agent.holder, *([SUPERVISOR] if agent.supervises else [])]
    passed: list[Claim] = []
    found = None
    while found is None and len(passed) < _MOST_PASSED:
        claims = claim(session, Channel.agent_call, agent.holder, now=now, lease=LEASE, names=names)
        if not claims:
            break
        if not claims[0].permitted:
            end_silenced(session, claims[0], now)
        elif _passed_by(session, claims[0].step_id) == agent.holder:
            passed.append(claims[0])
        else:
            found = claims[0]
    if found is None and passed:
        found = passed.pop(0)
    for again in passed:
        transitions.release(session, again.step_id, again.token, passed_by=agent.holder)
    return found.step_id if found else None


def _passed_by(session: Session, step_id: UUID) -> str | None:
    return session.scalar(select(Step.passed_by).where(Step.id == step_id))


def renew(session: Session, agent: SignedIn, *, now: datetime) -> tuple[AgentInterval, Sequence[Held]]:
    """The pulse of the agent's page: the shift goes on, and so do the leases.

    A case that was only looked at for too long goes back to the queue, and the agent is taken to be away; a
    call without an outcome is no longer renewed once its time is over. Returns what the agent does and has
    then.
    """
    # Leases before the shift, as everywhere, so that two requests of one agent never wait for each other.
    cases = held_by(session, agent)
    if _return_overlooked(session, agent, cases, now):
        away = shifts.enter(session, agent.id, AgentState.on_break, now=now)
        return away, held_by(session, agent)
    soon = [held.step.id for held in cases if _needs_renewal(held, now)]
    if soon:
        transitions.prolong(session, soon, agent.holder, expires_at=now + LEASE)
    interval = shifts.stay(session, agent.id, now=now)
    if interval.step_id is not None and interval.step_id not in {held.step.id for held in cases}:
        interval = shifts.enter(session, agent.id, AgentState.waiting, now=now)
    if cases and interval.state is AgentState.waiting:
        # Whose shift had ended in silence comes back to the case that they left.
        state = AgentState.call if cases[0].attempt else AgentState.preview
        interval = shifts.enter(session, agent.id, state, now=now, step_id=cases[0].step.id)
    return interval, cases


def _needs_renewal(held: Held, now: datetime) -> bool:
    if held.attempt is not None and held.attempt.answer_until <= now:
        return False
    expires_at = held.step.lease_expires_at
    return expires_at is None or expires_at < now + LEASE - _WORTH_WRITING


def _return_overlooked(session: Session, agent: SignedIn, cases: Sequence[Held], now: datetime) -> int:
    returned = 0
    for held in cases:
        if held.attempt is None and gives_back_at(session, held) <= now:
            returned += _send_back(session, agent, held, now)
    return returned


def gives_back_at(session: Session, held: Held) -> datetime:
    """When a case that nobody calls goes back to the queue."""
    since = held.step.claimed_at or held.step.not_before
    return since + timedelta(minutes=policy_of(session, held.step).case_look_minutes)


def give_back(session: Session, agent: SignedIn, step_id: UUID, token: int, *, now: datetime) -> None:
    """Put a case that was only looked at back into the queue; once called, it needs its outcome.

    An agent's phone that could not be rung was no call: the case is planned anew.
    """
    held = hold_case(session, agent, step_id, token)
    if held.attempt is None:
        _send_back(session, agent, held, now)
    else:
        shown = call_of(session, held.attempt, now)
        if shown is None or shown.stage is not CallStage.not_rung:
            raise DeskRefusal(Why.already_called)
        _note(session, step_id, agent, "case_given_back", now)
        conclude_unrung(held.attempt, now)
        transitions.end_step(session, held.step, StepState.done, now=now, reason="contacted")
        plan_case(session, held.step.buyer_id, held.step.store_id, now=now)
    shifts.enter(session, agent.id, AgentState.waiting, now=now)


def return_looked_at(session: Session, agent: SignedIn, *, now: datetime) -> None:
    """Whatever the agent holds without having called goes back to the queue."""
    for held in held_by(session, agent):
        if held.attempt is None:
            _send_back(session, agent, held, now)


def _send_back(session: Session, agent: SignedIn, held: Held, now: datetime) -> bool:
    step = held.step
    sent_back = transitions.release(session, step.id, step.lease_token, passed_by=agent.holder)
    if sent_back:
        _note(session, step.id, agent, "case_given_back", now)
    return sent_back


def take_break(session: Session, agent: SignedIn, *, now: datetime) -> None:
    """The agent stops for a while; cases that were only looked at go back to the queue."""
    lock_agent(session, agent)
    return_looked_at(session, agent, now=now)
    shifts.enter(session, agent.id, AgentState.on_break, now=now)


def end_break(session: Session, agent: SignedIn, *, now: datetime) -> None:
    """The agent is back."""
    shifts.enter(session, agent.id, AgentState.waiting, now=now)


def leave(session: Session, agent: SignedIn, *, now: datetime) -> None:
    """The agent signs out: what was only looked at goes back, a call without an outcome waits for it."""
    lock_agent(session, agent)
    return_looked_at(session, agent, now=now)
    shifts.end_shift(session, agent.id, now=now)


def take_over(session: Session, agent: SignedIn, step_id: UUID, *, now: datetime) -> None:
    """A supervisor takes a case out of an agent's hands, with the call and all; the diary says so.

    Raises `DeskRefusal` when nobody holds it any more.
    """
    buyer_id = session.scalar(select(Step.buyer_id).where(Step.id == step_id))
    if buyer_id is None:
        raise DeskRefusal(Why.nothing_to_take)
    lock_buyer(session, buyer_id)
    step = session.scalars(
        select(Step)
        .where(Step.id == step_id, Step.state == StepState.claimed, Step.channel == Channel.agent_call)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if step is None:
        raise DeskRefusal(Why.nothing_to_take)
    if step.lease_holder == agent.holder:
        return
    _note(session, step_id, agent, "case_taken_over", now)
    transitions.take_over(session, step, agent.holder, expires_at=now + LEASE, now=now)
    state = AgentState.call if attempt_of(session, step_id) else AgentState.preview
    shifts.enter(session, agent.id, state, now=now, step_id=step_id)


def _note(session: Session, step_id: UUID, agent: SignedIn, code: str, now: datetime) -> None:
    for order_id in covered(session, step_id):
        diary.write(session, at=now, kind="contact", actor=agent.holder, code=code, order_id=order_id)
