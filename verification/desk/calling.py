"""Calling the buyer of a case from the agent's own phone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.sellers import Store
from models.steps import Step
from models.vocabulary import AgentState, DialMode
from verification import diary
from verification.accounts.sessions import SignedIn
from verification.contact.beginning import Begun, begin
from verification.contact.claiming import Claim
from verification.desk import shifts
from verification.desk.held import Held, claim_of, hold_case
from verification.desk.legs import OWN_PHONE
from verification.desk.permitting import permission_of
from verification.desk.refusals import DeskRefusal, Why
from verification.policy.stored import policy_for
from verification.steps.covering import covered
from verification.steps.transitions import Stale


def dial_mode(session: Session, step_id: UUID) -> DialMode:
    """How the call of a step is to be made; raises `DeskRefusal` for none of ours."""
    step = session.get(Step, step_id)
    if step is None:
        raise DeskRefusal(Why.stale)
    return policy_for(session, session.get_one(Store, step.store_id), step.country).dial_mode


def call(session: Session, agent: SignedIn, step_id: UUID, token: int, *, now: datetime) -> None:
    """Begin the call: the attempt is recorded, and from now on the case shows its number to its holder.

    Asked again it changes nothing. Raises `DeskRefusal`: the case is no longer the agent's, has no number, or
    may not be called at this minute (`rules`, and `at` when it may).
    """
    held = hold_case(session, agent, step_id, token)
    if held.attempt is not None:
        return
    check_callable(session, held, now)
    make(session, claim_of(held, agent, now), now)
    for order_id in covered(session, step_id):
        diary.write(
            session, at=now, kind="contact", actor=agent.holder, code="number_revealed", order_id=order_id
        )
    shifts.enter(session, agent.id, AgentState.call, now=now, step_id=step_id)


def check_callable(session: Session, held: Held, now: datetime) -> None:
    """Raise `DeskRefusal` where there is no number to call, or it may not be called now."""
    if held.step.contact_point_id is None:
        raise DeskRefusal(Why.no_number)
    permission = permission_of(session, held.step, now)
    if permission.at != now:
        raise DeskRefusal(Why.not_permitted_now, rules=permission.reasons, at=permission.at)


def make(session: Session, claimed: Claim, now: datetime, *, provider: str = OWN_PHONE) -> Begun:
    """Write the attempt down; raises `DeskRefusal` where the rules no longer allow it."""
    try:
        return Begun(*begin(session, claimed, provider=provider, now=now))
    except Stale:
        raise DeskRefusal(Why.not_permitted_now) from None
