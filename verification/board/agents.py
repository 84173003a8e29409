"""What each agent is doing, and what came of their day."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.decisions import Decision
from models.orders import Order
from models.promises import Promise
from models.shifts import AgentInterval
from models.steps import Step, StepOrder
from models.users import User, UserSession
from models.vocabulary import AgentState, Channel, Outcome, PromiseResult, Role, StepState, Verdict

REACHED = (Outcome.answered, Outcome.replied, Outcome.opted_out)
"""The outcomes of an attempt that reached the buyer in person."""

_LONGEST_INTERVAL = timedelta(days=1)


@dataclass(frozen=True)
class CaseInHand:
    """A case that an agent holds: its first order and how many it has; `called_at` None: only seen."""

    step_id: UUID
    order_id: UUID
    number: str
    orders: int
    held_since: datetime | None
    called_at: datetime | None


@dataclass(frozen=True)
class AgentDay:
    """One agent. `state` None: not at the desk; `since` is when that began, where it is known.

    Today: calls `attempted`, those that `reached` the buyer, orders `confirmed`, promised calls `kept` and
    `broken`, `seconds` in each state.
    """

    id: UUID
    name: str
    state: AgentState | None
    since: datetime | None
    cases: tuple[CaseInHand, ...]
    attempted: int
    reached: int
    confirmed: int
    kept: int
    broken: int
    seconds: Mapping[AgentState, int]


@dataclass
class _Clocked:
    """What an agent's intervals come to."""

    state: AgentState | None = None
    since: datetime | None = None
    seconds: Counter[AgentState] = field(default_factory=Counter)


def agents_today(session: Session, *, since: datetime, now: datetime) -> tuple[AgentDay, ...]:
    """Everybody who is or was at the desk since `since`, or holds a case, and the agents who signed in; those
    at work first."""
    users = session.execute(select(User.id, User.name).where(User.role != Role.seller))
    names = {user.id: user.name for user in users}
    clocked = _clocked(session, list(names), since, now)
    cases = _cases_in_hand(session)
    signed_in = set(
        session.scalars(
            select(UserSession.user_id)
            .join(User, User.id == UserSession.user_id)
            .where(User.role == Role.agent, UserSession.created_at >= since)
        )
    )
    calls, confirmed, promises = _calls(session, since), _confirmed(session, since), _promises(session, since)
    found = []
    for user_id in names.keys() & (clocked.keys() | cases.keys() | signed_in):
        at_desk, holder = clocked.get(user_id, _Clocked()), f"agent:{user_id}"
        attempted, reached = calls.get(holder, (0, 0))
        found.append(
            AgentDay(
                id=user_id,
                name=names[user_id],
                state=at_desk.state,
                since=at_desk.since,
                cases=tuple(cases.get(user_id, ())),
                attempted=attempted,
                reached=reached,
                confirmed=confirmed.get(holder, 0),
                kept=promises[holder, PromiseResult.kept],
                broken=promises[holder, PromiseResult.broken],
                seconds=at_desk.seconds,
            )
        )
    return tuple(sorted(found, key=_at_work_first))


def _at_work_first(agent: AgentDay) -> tuple[int, str, str]:
    order = (AgentState.call, AgentState.preview, AgentState.waiting, AgentState.on_break, None)
    return order.index(agent.state), agent.name, str(agent.id)


def _clocked(
    session: Session, users: Sequence[UUID], since: datetime, now: datetime
) -> Mapping[UUID, _Clocked]:
    """Time in each state since `since`; an interval that nobody ended was over when it expired."""
    intervals = session.scalars(
        select(AgentInterval)
        .where(AgentInterval.user_id.in_(users), AgentInterval.began_at > since - _LONGEST_INTERVAL)
        .where(AgentInterval.began_at <= now)
        .order_by(AgentInterval.began_at)
    )
    found: dict[UUID, _Clocked] = {}
    for interval in intervals:
        until = interval.ended_at or min(interval.expires_at, now)
        if until <= since and (interval.ended_at is not None or interval.expires_at <= now):
            continue
        agent = found.setdefault(interval.user_id, _Clocked())
        agent.seconds[interval.state] += int((until - max(interval.began_at, since)).total_seconds())
        is_open = interval.ended_at is None and interval.expires_at > now
        agent.state, agent.since = (interval.state, interval.began_at) if is_open else (None, until)
    return found


def _cases_in_hand(session: Session) -> Mapping[UUID, list[CaseInHand]]:
    rows = session.execute(
        select(
            Step.id,
            Step.lease_holder,
            Step.claimed_at,
            Attempt.started_at,
            func.array_agg(Order.id).label("orders"),
            func.min(func.coalesce(Order.number, Order.external_id)).label("number"),
        )
        .join(StepOrder, StepOrder.step_id == Step.id)
        .join(Order, Order.id == StepOrder.order_id)
        .outerjoin(Attempt, Attempt.step_id == Step.id)
        .where(Step.state == StepState.claimed, Step.channel == Channel.agent_call)
        .group_by(Step.id, Attempt.started_at)
        .order_by(Step.claimed_at, Step.id)
    )
    found: dict[UUID, list[CaseInHand]] = defaultdict(list)
    for row in rows:
        user_id = _user_of(row.lease_holder)
        if user_id is not None:
            case = CaseInHand(
                row.id, row.orders[0], row.number, len(row.orders), row.claimed_at, row.started_at
            )
            found[user_id].append(case)
    return found


def _user_of(holder: str) -> UUID | None:
    """The user who holds a lease; None for a simulated agent."""
    kind, _, name = holder.partition(":")
    try:
        return UUID(name) if kind == "agent" else None
    except ValueError:
        return None


def _calls(session: Session, since: datetime) -> Mapping[str, tuple[int, int]]:
    rows = session.execute(
        select(Attempt.holder, func.count(), func.count().filter(Attempt.outcome.in_(REACHED)))
        .where(Attempt.channel == Channel.agent_call, Attempt.started_at >= since)
        .group_by(Attempt.holder)
    )
    return {holder: (attempted, reached) for holder, attempted, reached in rows}


def _confirmed(session: Session, since: datetime) -> Mapping[str, int]:
    stands = exists().where(Order.decision_id == Decision.id, Order.id == Decision.order_id)
    rows = session.execute(
        select(Decision.actor, func.count())
        .where(Decision.verdict == Verdict.confirmed, Decision.decided_at >= since, stands)
        .group_by(Decision.actor)
    )
    return {actor: int(count) for actor, count in rows}


def _promises(session: Session, since: datetime) -> Counter[tuple[str | None, PromiseResult | None]]:
    rows = session.execute(
        select(Promise.made_by, Promise.result, func.count())
        .where(Promise.ended_at >= since)
        .group_by(Promise.made_by, Promise.result)
    )
    return Counter({(holder, result): count for holder, result, count in rows})


def agent_name(session: Session, user_id: UUID) -> str | None:
    """What an agent is called; None for nobody who works here."""
    return session.scalar(select(User.name).where(User.id == user_id, User.role != Role.seller))
