"""The only place where the state of a step or an attempt is set."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, exists, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from models.attempts import Attempt
from models.reasons import Reason
from models.steps import Step
from models.vocabulary import AttemptState, Channel, Outcome, StepState

# A report that a message arrived outweighs one that it failed, in whichever order they come.
_RANK = {
    AttemptState.sending: 0,
    AttemptState.uncertain: 0,
    AttemptState.sent: 1,
    AttemptState.failed: 2,
    AttemptState.delivered: 3,
    AttemptState.reached: 4,
    AttemptState.closed: 5,
}

_WITHOUT_NEWS = frozenset({AttemptState.failed, AttemptState.uncertain})

# Lightest first, no two alike, so that any order of arrival ends the same: what is known for sure outweighs
# silence, what answered a call outweighs that it was answered, and the buyer's own words outweigh everything.
_WEIGHT = {
    outcome: weight
    for weight, outcome in enumerate(
        (
            Outcome.failed,
            Outcome.unreachable,
            Outcome.delivered_unread,
            Outcome.read_silent,
            Outcome.no_answer,
            Outcome.busy,
            Outcome.answered,
            Outcome.voicemail,
            Outcome.replied,
            Outcome.wrong_number,
            Outcome.opted_out,
        )
    )
}


_HELD = (
    select(Step)
    .where(
        Step.id == bindparam("step_id"),
        Step.lease_token == bindparam("token"),
        Step.state == StepState.claimed,
    )
    .with_for_update()
    .execution_options(populate_existing=True)
)
_HELD_BY_MANY = (
    select(Step)
    .where(Step.id == any_(bindparam("ids", type_=ARRAY(Uuid))), Step.state == StepState.claimed)
    .order_by(Step.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_ENDING = ("state", "lease_holder", "lease_expires_at", "ended_at", "end_reason")
# As one statement on the bare table: the library's own way of writing a changed row takes four times as long.
_steps = Step.metadata.tables["steps"]
_END = (
    update(_steps)
    .where(_steps.c.id == bindparam("step_id"))
    .values({name: bindparam(name) for name in _ENDING})
)


class Stale(Exception):
    """The lease is no longer held: somebody else has the step, or it has ended. Nothing was written."""


def end_step(session: Session, step: Step, state: StepState, *, now: datetime, reason: str) -> None:
    """Bring a live step to its end; the caller holds the step's row."""
    end_steps(session, [step], state, now=now, reason=reason)


def end_steps(
    session: Session, steps: Sequence[Step], state: StepState, *, now: datetime, reason: str
) -> None:
    """The same for many."""
    for step in steps:
        if not step.state.is_live or state.is_live:
            raise ValueError(f"{step.state} -> {state}")
    if not steps:
        return
    values = dict(zip(_ENDING, (state, None, None, now, reason), strict=True))
    session.execute(_END, [{"step_id": step.id, **values} for step in steps])
    for step in steps:
        for name, value in (*values.items(), ("live", False)):
            set_committed_value(step, name, value)


def hold(session: Session, step_id: UUID, token: int, *, expires_at: datetime | None = None) -> Step:
    """The claimed step, locked, its lease prolonged when asked; raises `Stale` under any other token."""
    step = session.scalars(_HELD, {"step_id": step_id, "token": token}).one_or_none()
    if step is None:
        raise Stale
    if expires_at is not None:
        step.lease_expires_at = expires_at
    return step


def hold_many(session: Session, tokens: Mapping[UUID, int]) -> dict[UUID, Step]:
    """Those of these steps that are still claimed under their tokens, locked."""
    held = session.scalars(_HELD_BY_MANY, {"ids": list(tokens)})
    return {step.id: step for step in held if step.lease_token == tokens[step.id]}


def _send_back(session: Session, where: Sequence[Any], values: dict[str, Any]) -> int:
    sent_back = session.execute(
        update(Step)
        .where(Step.state == StepState.claimed, *where)
        .values(lease_holder=None, lease_expires_at=None, claimed_at=None, **values)
        .returning(Step.id)
        .execution_options(synchronize_session=False)
    )
    return len(sent_back.all())


def redate(session: Session, step_id: UUID, token: int, *, not_before: datetime, reason: Reason) -> None:
    """Give a claimed step back to the future, because it may not run now."""
    _send_back(
        session,
        (Step.id == step_id, Step.lease_token == token),
        {"state": StepState.scheduled, "not_before": not_before, "reason": reason.as_json()},
    )


def put_off(session: Session, step: Step, *, not_before: datetime, reason: Reason) -> None:
    """Send a step that waits in the queue back to the future; the caller holds its row."""
    if step.state is not StepState.ready:
        raise ValueError(f"{step.state} -> {StepState.scheduled}")
    step.state, step.not_before, step.reason = StepState.scheduled, not_before, reason.as_json()
    session.flush()


def release(session: Session, step_id: UUID, token: int, *, passed_by: str | None = None) -> bool:
    """Put a claimed step that was not acted on back into the queue; False when the lease was lost before.

    `passed_by` is the agent who chose not to take it.
    """
    values = {"state": StepState.ready, "passed_by": passed_by}
    return bool(_send_back(session, (Step.id == step_id, Step.lease_token == token), values))


def prolong(session: Session, step_ids: Sequence[UUID], holder: str, *, expires_at: datetime) -> None:
    """Push the leases ahead that this holder still has on these steps."""
    session.execute(
        update(Step)
        .where(Step.id.in_(step_ids), Step.state == StepState.claimed, Step.lease_holder == holder)
        .values(lease_expires_at=expires_at)
        .execution_options(synchronize_session=False)
    )


def take_over(session: Session, step: Step, holder: str, *, expires_at: datetime, now: datetime) -> None:
    """Give a claimed step to another holder; the old one's token holds nothing any more."""
    step.lease_token += 1
    step.lease_holder, step.lease_expires_at, step.claimed_at = holder, expires_at, now
    session.flush()


def seize(session: Session, step: Step, holder: str, *, expires_at: datetime, now: datetime) -> bool:
    """Claim one certain live step that nobody holds, whether its turn has come or not.

    The caller holds the step's row and has checked that the contact may be made. False when its buyer is in
    another contact.
    """
    if step.state not in (StepState.scheduled, StepState.ready):
        raise ValueError(f"{step.state} -> {StepState.claimed}")
    return _seize(session, step, holder, expires_at, now)


def reopen(session: Session, step: Step, attempt: Attempt, *, expires_at: datetime, now: datetime) -> bool:
    """Take an outcome back: the step is its holder's again, and its attempt without outcome.

    The one way back there is, for the moment in which an agent may undo. The caller holds the step's row.
    False when the buyer is in another contact by now.
    """
    if step.state is not StepState.done:
        raise ValueError(f"{step.state} -> {StepState.claimed}")
    holder, step.ended_at, step.end_reason = attempt.holder, None, None
    _set_outcome(attempt, None)
    attempt.ended_at = None
    attempt.state, attempt.state_at = AttemptState.sending, now
    return _seize(session, step, holder, expires_at, now)


def begin_again(attempt: Attempt, holder: str, at: datetime) -> None:
    """Have a call begun once more that never reached the buyer; the caller holds the attempt's row.

    Only an agent's call comes to that: its first phone is the agent's own.
    """
    if attempt.channel is not Channel.agent_call or attempt.outcome is not None:
        raise ValueError(f"{attempt.channel} {attempt.state} -> {AttemptState.sending}")
    attempt.holder, attempt.state, attempt.state_at = holder, AttemptState.sending, at
    attempt.error_code = attempt.meaning = attempt.provider_id = attempt.cost_final_at = None


def _seize(session: Session, step: Step, holder: str, expires_at: datetime, now: datetime) -> bool:
    in_hand = exists().where(Step.buyer_id == step.buyer_id, Step.state == StepState.claimed)
    if session.scalar(select(in_hand)):
        return False
    step.state = StepState.claimed
    step.lease_token += 1
    step.lease_holder, step.lease_expires_at, step.claimed_at = holder, expires_at, now
    session.flush()
    return True


def outranks(state: AttemptState | None, known: AttemptState) -> bool:
    """Whether news of this state moves an attempt on that is as far as the other."""
    return state is not None and _RANK[state] > _RANK[known]


def advance(attempt: Attempt, state: AttemptState, at: datetime) -> bool:
    """Move an attempt on, never backwards; False when it is already as far.

    `uncertain` is only doubt about `sending`, so any news ends it. What led to a state once led there at the
    earliest time that is told of it, whichever report comes first.
    """
    if state is AttemptState.uncertain:
        moves = attempt.state is AttemptState.sending
    else:
        moves = outranks(state, attempt.state)
    if moves:
        if state not in _WITHOUT_NEWS:
            # Nothing is left of a doubt or a failure that was none, whichever was heard of first.
            attempt.error_code = attempt.meaning = None
        if attempt.state is AttemptState.failed and attempt.outcome in (Outcome.failed, Outcome.unreachable):
            _set_outcome(attempt, None)
            attempt.ended_at = None
        attempt.state = state
        attempt.state_at = at
    elif state is attempt.state:
        attempt.state_at = min(attempt.state_at, at)
    return moves


def conclude(attempt: Attempt, outcome: Outcome, at: datetime) -> bool:
    """Record what came of an attempt unless something weightier is known; True when it was news.

    It ended at the earliest time that any outcome is told of, whichever report comes first.
    """
    attempt.ended_at = min(attempt.ended_at or at, at)
    known = attempt.outcome
    if known is not None and _WEIGHT[outcome] <= _WEIGHT[known]:
        return False
    _set_outcome(attempt, outcome)
    return True


def _set_outcome(attempt: Attempt, outcome: Outcome | None) -> None:
    """The one place where an outcome changes, and with it what the buyer's habits have to count."""
    attempt.outcome = outcome
    attempt.recount = outcome is not None or attempt.counted_as is not None
