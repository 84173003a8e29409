"""The cases in an agent's hands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.sellers import Store
from models.steps import Step
from models.users import User
from models.vocabulary import Channel, StepState
from verification.accounts.sessions import SignedIn
from verification.contact.claiming import Claim
from verification.desk.refusals import DeskRefusal, Why
from verification.planning.scheduling import lock_buyer
from verification.policy.stored import policy_for
from verification.policy.values import Policy

LEASE = timedelta(seconds=150)
"""How long a case stays with an agent whose page is silent: browsers let hidden tabs speak once a minute."""


@dataclass(frozen=True)
class Held:
    """A claimed `agent_call` step and the call made from it, if one was."""

    step: Step
    attempt: Attempt | None


def lock_agent(session: Session, agent: SignedIn) -> None:
    """One thing at a time for one agent, however many tabs and clicks there are."""
    # Not a full row lock: that would also wait for every row elsewhere that only names the user.
    session.execute(select(User.id).where(User.id == agent.id).with_for_update(key_share=True))


def held_by(session: Session, agent: SignedIn) -> Sequence[Held]:
    """The agent's cases: called ones first, by the time of the call, then the others, latest claim first."""
    rows = session.execute(
        select(Step, Attempt)
        .outerjoin(Attempt, Attempt.step_id == Step.id)
        .where(
            Step.lease_holder == agent.holder,
            Step.state == StepState.claimed,
            Step.channel == Channel.agent_call,
        )
        .execution_options(populate_existing=True)
    ).all()
    found = [Held(step, attempt) for step, attempt in rows]
    called = [one for one in found if one.attempt is not None]
    looked_at = [one for one in found if one.attempt is None]
    return [
        *sorted(called, key=lambda one: one.attempt.started_at if one.attempt else one.step.not_before),
        *sorted(looked_at, key=lambda one: one.step.claimed_at or one.step.not_before, reverse=True),
    ]


def hold_case(session: Session, agent: SignedIn, step_id: UUID, token: int) -> Held:
    """The case, locked with its buyer, if this agent still has it under this token; else refused."""
    lock_agent(session, agent)
    buyer_id = session.scalar(select(Step.buyer_id).where(Step.id == step_id))
    if buyer_id is None:
        raise DeskRefusal(Why.stale)
    lock_buyer(session, buyer_id)
    step = session.scalars(
        select(Step)
        .where(
            Step.id == step_id,
            Step.state == StepState.claimed,
            Step.lease_holder == agent.holder,
            Step.lease_token == token,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if step is None:
        raise DeskRefusal(Why.stale)
    return Held(step, attempt_of(session, step_id))


def attempt_of(session: Session, step_id: UUID) -> Attempt | None:
    """The call made from a step."""
    return session.scalars(
        select(Attempt)
        .where(Attempt.step_id == step_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def claim_of(held: Held, agent: SignedIn, now: datetime) -> Claim:
    """The case as a claim whose lease is running: its holder has just spoken up."""
    step = held.step
    step.lease_expires_at = now + LEASE
    return Claim(
        step.id,
        step.lease_token,
        step.buyer_id,
        step.store_id,
        step.contact_point_id,
        step.channel,
        step.country,
        agent.holder,
        step.lease_expires_at,
    )


def policy_of(session: Session, step: Step) -> Policy:
    """The policy that a case is under."""
    return policy_for(session, session.get_one(Store, step.store_id), step.country)
