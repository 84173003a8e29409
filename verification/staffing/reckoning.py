"""What agents' time must count in the hours to come, reckoned again and again; and who moves for it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from heapq import nsmallest

from sqlalchemy import Engine, delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.slots import AgentPrice
from models.unit_of_work import unit_of_work
from verification.learning.current import current_model
from verification.planning.agent_prices import agent_prices
from verification.planning.choosing import HORIZON, asked_of, terms_of
from verification.planning.open_cases import OpenCase, open_buyers, open_cases
from verification.planning.scheduling import plan_cases
from verification.slots.asking import HOUR, Terms
from verification.slots.model import Model
from verification.slots.staffing import FORBIDDEN, Case, Fitted, felt, fit_hours
from verification.staffing.ahead import HOURS_AHEAD
from verification.staffing.roster import read_week
from verification.staffing.standing import Movable, movable_calls, owed_calls
from verification.staffing.week import Week, less_owed, room_of
from verification.trial.arms import lot

_HOURS_PRICED = HORIZON // HOUR + 2  # all that a plan made before the next reckoning may look at
_DAY = timedelta(days=1)
_MOST_BUYERS = 1000  # of many more a sample tells the same, the same one each time
_MOST_MOVED, _AT_ONCE = 500, 25
_RISES, _RISE, _LEAST_RISE = 4, 1.8, 0.05


@dataclass(frozen=True)
class _Read:
    """What a reckoning rests on: the cases are a sample in which each stands for `weight`."""

    week: Week
    model: Model
    before: Mapping[datetime, float]
    owed: Mapping[datetime, float]
    cases: list[OpenCase]
    weight: float


def reckon(engine: Engine, clock: Callable[[], datetime], zone: tzinfo) -> int:
    """Write the prices of the coming hours, and plan anew the cases whose calls do not fit; says how many.

    Two days are reckoned; the hours after them are priced by the week that was told (`later_prices`). While
    nobody says who is at work there are no prices. Reading, writing and every few cases are transactions of
    their own, and none is open while it is reckoned.
    """
    now = clock()
    with unit_of_work(engine) as session:
        read = _read(session, now)
        if read is None:
            session.execute(delete(AgentPrice))
            return 0
    room = room_of(read.week, zone, now, _HOURS_PRICED)
    left = less_owed(room, read.owed)
    soon = dict(sorted(left.items())[:HOURS_AHEAD])
    after = later_prices(left, {hour: read.before.get(hour, 1.0) for hour in soon})
    cases = list(_cases(read.cases, now, after))
    fitted = fit_hours(read.model, cases, soon, weight=read.weight, before=read.before)
    after = later_prices(left, fitted.prices)
    with unit_of_work(engine) as session:
        _write(session, fitted, after, room, left, read.owed, now)
    shut = {hour: price for hour, price in after.items() if price >= FORBIDDEN}
    return _move(engine, clock, left, {**fitted.prices, **shut})


def later_prices(left: Mapping[datetime, float], prices: Mapping[datetime, float]) -> dict[datetime, float]:
    """What agents' time counts in the hours that `left` names and `prices`, of those before, do not.

    Forbidden where nobody is at work or promised calls fill the hour; else what is usual at that time of
    the day, so that calls do not pile up where the reckoning ends.
    """
    later = {}
    for hour in sorted(left.keys() - prices.keys()):
        same = [price for before, price in prices.items() if price < FORBIDDEN and not (hour - before) % _DAY]
        later[hour] = FORBIDDEN if left[hour] <= 0 else sum(same) / len(same) if same else 1.0
    return later


def _read(session: Session, now: datetime) -> _Read | None:
    """None while nobody said who is at work."""
    week = read_week(session)
    if not week:
        return None
    owed, buyers = owed_calls(session, now), open_buyers(session)
    sample = nsmallest(_MOST_BUYERS, buyers, key=lambda buyer_id: lot(buyer_id, "staffing"))
    cases = [
        case
        for case in open_cases(session, now, sample)
        if case.facts.insight and not case.facts.wish and owed.orders.isdisjoint(o.id for o in case.orders)
    ]
    weight = len(buyers) / max(len(sample), 1)
    prices = agent_prices(session, now)
    return _Read(week, current_model(session).model, prices, owed.calls, cases, weight)


def _cases(found: list[OpenCase], now: datetime, later: Mapping[datetime, float]) -> Iterator[Case]:
    """What the cases ask of the planner, about the phone tried first; `later`: prices not reckoned."""
    known: list[Terms] = []
    for case in found:
        point = next((point for point in case.facts.points if point.usable), None)
        if point is None or case.facts.decide_by <= now:
            continue
        # Cases of the same terms are planned together, so the same is one.
        terms = terms_of(case.policy)
        if terms not in known:
            known.append(terms)
        asked = asked_of(case.facts, point, case.policy, now)
        own = lot(case.orders[0].id, "agent_price")
        yield Case(replace(asked, agent_prices=felt(later, own)), known[known.index(terms)], own)


def _write(
    session: Session,
    fitted: Fitted,
    later: Mapping[datetime, float],
    room: Mapping[datetime, float],
    left: Mapping[datetime, float],
    owed: Mapping[datetime, float],
    now: datetime,
) -> None:
    """Calls that are owed are wanted in their hour, and planned where there is room for them."""
    prices = {**fitted.prices, **later}
    session.execute(delete(AgentPrice).where(AgentPrice.begins_at.not_in(room)))
    row = insert(AgentPrice).values(
        [
            {
                "begins_at": hour,
                "price": prices[hour],
                "wanted": fitted.wanted.get(hour, 0.0) + owed.get(hour, 0.0),
                "planned": fitted.planned.get(hour, 0.0) + room[hour] - left[hour],
                "room": room[hour],
                "reckoned_at": now,
            }
            for hour in room
        ]
    )
    told = ("price", "wanted", "planned", "room", "reckoned_at")
    session.execute(
        row.on_conflict_do_update(
            index_elements=["begins_at"], set_={name: row.excluded[name] for name in told}
        )
    )


def _move(
    engine: Engine,
    clock: Callable[[], datetime],
    left: Mapping[datetime, float],
    prices: Mapping[datetime, float],
) -> int:
    """Cases whose next call stands in an hour that does not hold it are planned anew at the new price, a few
    at a time and those first whose call is likeliest in vain, until the hour fits. How many were.

    A single contact follows rules that the reckoning knows nothing of, such as that the first one is made
    soon: where the price moves too few, it rises once more.
    """
    moved = 0
    for hour in sorted(prices):
        price = prices[hour]
        for risen in range(_RISES):
            standing = _standing(engine, hour)
            if _fits(standing, left[hour]) or moved >= _MOST_MOVED or (risen and price >= FORBIDDEN):
                break
            if risen or price <= 1:
                price = min(1 + _RISE * (price - 1 + _LEAST_RISE), FORBIDDEN)
                with unit_of_work(engine) as session:
                    session.execute(
                        update(AgentPrice).where(AgentPrice.begins_at == hour).values(price=price)
                    )
            for first in range(0, len(standing), _AT_ONCE):
                few = standing[first : first + _AT_ONCE]
                with unit_of_work(engine) as session:
                    plan_cases(session, {(case.buyer_id, case.store_id) for case in few}, now=clock())
                moved += len(few)
                if _fits(_standing(engine, hour), left[hour]) or moved >= _MOST_MOVED:
                    break
    return moved


def _standing(engine: Engine, hour: datetime) -> Sequence[Movable]:
    with unit_of_work(engine) as session:
        return movable_calls(session, hour)


def _fits(standing: Sequence[Movable], room: float) -> bool:
    return len(standing) < room + 1
