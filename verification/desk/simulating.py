"""The phones of a simulated call: nothing rings, and yet the desk shows what would."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.protocol import LegReport
from models.attempts import Attempt
from models.calls import CallLeg
from models.vocabulary import CallParty, LegState, Outcome
from verification.outcome.legs import write_leg

SIMULATED = "sandbox"
"""The provider of calls in which nothing rings."""

_BUYERS_END = {
    Outcome.no_answer: LegState.no_answer,
    Outcome.busy: LegState.busy,
    Outcome.unreachable: LegState.failed,
}


def begin_simulated(session: Session, attempt_id: UUID, outcome: Outcome, *, now: datetime) -> None:
    """The simulated talk begins at once: both phones are as it will turn out."""
    attempt = session.get_one(Attempt, attempt_id)
    buyers = _BUYERS_END.get(outcome, LegState.in_progress)
    agents = LegState.in_progress if buyers is LegState.in_progress else LegState.completed
    for party, state in ((CallParty.agent, agents), (CallParty.buyer, buyers)):
        name = f"{attempt.reference}-{party.value}"
        write_leg(session, LegReport(SIMULATED, name, party, state, now), attempt)
    attempt.provider_id, attempt.cost_final_at = f"{attempt.reference}-{CallParty.agent.value}", now
    session.flush()


def end_simulated(session: Session, attempt: Attempt, *, now: datetime) -> None:
    """Both have hung up; nothing happens to a call that was real."""
    legs = select(CallLeg).where(
        CallLeg.attempt_id == attempt.id, CallLeg.provider == SIMULATED, CallLeg.ended_at.is_(None)
    )
    for leg in session.scalars(legs).all():
        talked = int((now - leg.first_at).total_seconds())
        report = LegReport(
            SIMULATED, leg.provider_id, leg.party, LegState.completed, now, talk_seconds=talked
        )
        write_leg(session, report, attempt)
