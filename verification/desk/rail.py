"""What waits for an agent, and what they have done today; asked at every pulse of every desk."""

from datetime import datetime, timedelta

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Text,
    and_,
    any_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from models.attempts import Attempt
from models.decisions import Decision
from models.dispositions import DispositionRow
from models.orders import Order, OrderDetails
from models.promises import Promise
from models.steps import Step, StepOrder
from models.vocabulary import Channel, Outcome, PromiseResult, StepState, Verdict
from verification.accounts.sessions import SignedIn
from verification.desk.shown import DueCall, HeldCase, Rail, Today
from verification.outcome.hearing import SUPERVISOR

MOST_COUNTED = 200
"""Who has that many cases before them does not work faster for knowing how many more there are."""

_AHEAD = timedelta(hours=2)
_MOST_PROMISES = 20
# Written into the statements: only then may a plan that serves every agent read the partial indexes.
_READY: ColumnElement[StepState] = literal_column(f"'{StepState.ready.value}'")
_CLAIMED: ColumnElement[StepState] = literal_column(f"'{StepState.claimed.value}'")
_REACHED = (Outcome.answered, Outcome.replied)

# The statements are built once: for what is asked this often, building took longer than answering.
_HOLDER: BindParameter[str] = bindparam("holder")
_SINCE: BindParameter[datetime] = bindparam("since")
_NOW: BindParameter[datetime] = bindparam("now")
_IS_MINE = func.coalesce(Promise.made_by == _HOLDER, False).label("mine")
# Cut off before anything is joined: each order is then one look into an index.
_DUE = (
    select(Promise.order_id, Promise.promised_at, _IS_MINE)
    .where(Promise.result.is_(None), Promise.promised_at <= bindparam("ahead"))
    .order_by(_IS_MINE.desc(), Promise.promised_at, Promise.id)
    .limit(_MOST_PROMISES)
    .subquery()
)
_PROMISES = (
    select(
        Order.id,
        Step.id,
        func.coalesce(Order.number, Order.external_id),
        OrderDetails.buyer_name,
        _DUE.c.promised_at,
        _DUE.c.mine,
    )
    .join(_DUE, _DUE.c.order_id == Order.id)
    .outerjoin(OrderDetails, OrderDetails.order_id == Order.id)
    .outerjoin(StepOrder, and_(StepOrder.order_id == Order.id, StepOrder.live))
    .outerjoin(Step, and_(Step.id == StepOrder.step_id, Step.channel == Channel.agent_call))
    .order_by(_DUE.c.mine.desc(), _DUE.c.promised_at, Order.id)
)
_NEEDS_OUTCOME = (
    select(
        Step.id,
        func.coalesce(Order.number, Order.external_id),
        OrderDetails.buyer_name,
        Attempt.started_at,
    )
    .join(Attempt, Attempt.step_id == Step.id)
    .join(StepOrder, StepOrder.step_id == Step.id)
    .join(Order, Order.id == StepOrder.order_id)
    .outerjoin(OrderDetails, OrderDetails.order_id == Order.id)
    .where(
        Step.lease_holder == _HOLDER,
        Step.state == _CLAIMED,
        Step.channel == Channel.agent_call,
        Attempt.outcome.is_(None),
    )
    .order_by(Attempt.started_at, Order.created_at, Order.id)
)
_HELD = aliased(Step)
_CLAIMABLE = (
    select(Step.id)
    .where(
        Step.state == _READY,
        Step.channel == Channel.agent_call,
        or_(
            Step.reserved_for.is_(None),
            Step.reserved_for == any_(bindparam("names", type_=ARRAY(Text))),
            Step.reserved_until <= _NOW,
        ),
        ~exists().where(_HELD.buyer_id == Step.buyer_id, _HELD.state == _CLAIMED),
    )
    # In the order of the claim, so that the index of ready steps is read, and no further than needed.
    .order_by(Step.priority, Step.not_before, Step.id)
    .limit(bindparam("most", type_=Integer, literal_execute=True))
    .subquery()
)
_WAITING = select(func.count()).select_from(_CLAIMABLE)
_IS_OWN = and_(Decision.verdict == Verdict.confirmed, Decision.actor == _HOLDER)
_CALLS = (
    select(
        func.count(DispositionRow.order_id.distinct()).label("attempted"),
        func.count(DispositionRow.order_id.distinct()).filter(Attempt.outcome.in_(_REACHED)).label("reached"),
        func.count(DispositionRow.order_id.distinct()).filter(_IS_OWN).label("confirmed"),
    )
    .join(Attempt, Attempt.step_id == DispositionRow.step_id)
    .join(Order, Order.id == DispositionRow.order_id)
    .outerjoin(Decision, Decision.id == Order.decision_id)
    .where(
        DispositionRow.agent == _HOLDER,
        DispositionRow.recorded_at >= _SINCE,
        DispositionRow.recorded_at <= _NOW,
        DispositionRow.undone_at.is_(None),
    )
    .subquery()
)
_KEPT = (
    select(
        func.count().filter(Promise.result == PromiseResult.kept).label("kept"),
        func.count().filter(Promise.result == PromiseResult.broken).label("broken"),
    )
    .where(
        Promise.made_by == _HOLDER,
        Promise.result.is_not(None),
        Promise.ended_at >= _SINCE,
        Promise.ended_at <= _NOW,
    )
    .subquery()
)
_TODAY = select(*_CALLS.c, *_KEPT.c).join_from(_CALLS, _KEPT, true())


def rail(session: Session, agent: SignedIn, now: datetime) -> Rail:
    """The promised calls that are overdue or due within two hours, this agent's own first; the agent's cases
    without an outcome, oldest call first; and how many cases wait that the agent could claim now."""
    return Rail(_promises(session, agent, now), _needs_outcome(session, agent), _waiting(session, agent, now))


def _promises(session: Session, agent: SignedIn, now: datetime) -> tuple[DueCall, ...]:
    rows = session.execute(_PROMISES, {"holder": agent.holder, "ahead": now + _AHEAD})
    calls: dict[object, DueCall] = {}
    for order_id, step_id, number, name, at, is_mine in rows:
        # Orders of one case are one call.
        calls.setdefault(
            step_id or order_id, DueCall(order_id, step_id, number, name, at, is_mine, at <= now)
        )
    return tuple(calls.values())


def _needs_outcome(session: Session, agent: SignedIn) -> tuple[HeldCase, ...]:
    cases: dict[object, HeldCase] = {}
    for step_id, number, name, called_at in session.execute(_NEEDS_OUTCOME, {"holder": agent.holder}):
        cases.setdefault(step_id, HeldCase(step_id, number, name, called_at))
    return tuple(cases.values())


def _waiting(session: Session, agent: SignedIn, now: datetime) -> int:
    names = [agent.holder, *([SUPERVISOR] if agent.supervises else [])]
    return session.scalars(_WAITING, {"names": names, "now": now, "most": MOST_COUNTED}).one()


def today(session: Session, agent: SignedIn, since: datetime, now: datetime) -> Today:
    """What this agent has done from `since` until `now`; an outcome that was taken back does not count."""
    return Today(*session.execute(_TODAY, {"holder": agent.holder, "since": since, "now": now}).one())
