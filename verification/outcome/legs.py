"""The legs of calls: each phone that rang, told of in any order with the same end."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from channels.protocol import LegReport
from models.attempts import Attempt
from models.base import new_id
from models.calls import CallLeg
from models.vocabulary import CallParty, Channel, LegState

# A phone that was talked on was not busy, whichever is heard of first.
_RANK = {
    state: rank
    for rank, state in enumerate(
        (
            LegState.queued,
            LegState.ringing,
            LegState.in_progress,
            LegState.failed,
            LegState.canceled,
            LegState.no_answer,
            LegState.busy,
            LegState.completed,
        )
    )
}
_Known = TypeVar("_Known", int, str, datetime, Decimal)


def note_leg(session: Session, report: LegReport) -> bool:
    """Write down news of a phone; False when it belongs to no contact that we know."""
    mine = Attempt.provider_id == report.provider_id
    found = session.scalars(
        select(Attempt)
        .where(or_(Attempt.reference == report.reference, (Attempt.provider == report.provider) & mine))
        .order_by((Attempt.reference == report.reference).desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return False
    write_leg(session, report, found)
    return True


def write_leg(session: Session, report: LegReport, attempt: Attempt) -> CallLeg:
    """The leg as it stands after this report; reports in any order, and twice, end in the same row."""
    leg = _held(session, report, attempt)
    if _RANK[report.state] > _RANK[leg.state]:
        leg.state = report.state
        leg.code = report.code
        leg.ended_at = report.at if _is_end(report.state) else None
    elif report.state is leg.state:
        leg.code = _pick(min, leg.code, report.code)
        leg.ended_at = _pick(min, leg.ended_at, report.at) if _is_end(report.state) else None
    if report.state is LegState.in_progress:
        leg.answered_at = _pick(min, leg.answered_at, report.at)
    leg.first_at = min(leg.first_at, report.at)
    leg.answered_by = _pick(min, leg.answered_by, report.answered_by)
    leg.talk_seconds = _pick(max, leg.talk_seconds, report.talk_seconds)
    leg.cost = _pick(max, leg.cost, report.cost)
    session.flush()
    return leg


def _held(session: Session, report: LegReport, attempt: Attempt) -> CallLeg:
    """The leg's row, locked, made by the first report of it."""
    # Whose phone it is only an agent's call leaves open: a machine rings the buyer alone.
    party = report.party if attempt.channel is Channel.agent_call else CallParty.buyer
    session.execute(
        insert(CallLeg)
        .values(
            id=new_id(),
            attempt_id=attempt.id,
            provider=report.provider,
            provider_id=report.provider_id,
            party=party,
            state=LegState.queued,
            first_at=report.at,
        )
        .on_conflict_do_nothing(index_elements=["provider", "provider_id"])
    )
    return session.scalars(
        select(CallLeg)
        .where(CallLeg.provider == report.provider, CallLeg.provider_id == report.provider_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _is_end(state: LegState) -> bool:
    return _RANK[state] > _RANK[LegState.in_progress]


def _pick(
    choose: Callable[[_Known, _Known], _Known], known: _Known | None, told: _Known | None
) -> _Known | None:
    """The lesser or greater of two, or the one that there is: the same in either order."""
    if known is None or told is None:
        return told if known is None else known
    return choose(known, told)
