"""What contacts cost, where the provider says so only later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Engine, Text, cast, func, or_, select, update

from channels.protocol import Uncertain
from models.attempts import Attempt
from models.calls import CallLeg
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel

Price = Callable[[Channel, str], Decimal | None]
"""What the provider asks for one message or one leg of a call, by its id; None while it has not said.

US dollars. Raises `Uncertain` when the provider cannot be asked.
"""

_NOT_BEFORE = timedelta(minutes=1)
_YOUNG = timedelta(hours=1)
_GIVEN_UP_AFTER = timedelta(days=7)
_OLD_ONES_SHARE = 30
_BATCH = 500


@dataclass(frozen=True)
class _Open:
    attempt_id: UUID
    channel: Channel
    provider_id: str
    is_given_up: bool
    legs: Mapping[str, Decimal | None]


def fetch_prices(engine: Engine, provider: str, price: Price, now: datetime) -> int:
    """Ask for the prices that contacts over a provider still lack; returns how many are final now.

    Contacts of the last hour are asked after at every run, older ones at one in thirty, none after a week:
    what is known by then is final. No transaction is open while the provider is asked. A provider that
    does not answer is left alone until the next run.
    """
    final = 0
    for one in _without_price(engine, provider, now):
        try:
            costs = _asked(one, price)
        except Uncertain:
            break
        final += _write(engine, one, costs, now)
    return final


def _without_price(engine: Engine, provider: str, now: datetime) -> list[_Open]:
    # The share that this minute has a look at, told apart by their ids.
    turn = int(now.timestamp() // 60) % _OLD_ONES_SHARE
    mine = func.mod(func.abs(func.hashtext(cast(Attempt.id, Text))), _OLD_ONES_SHARE) == turn
    with unit_of_work(engine) as session:
        attempts = session.scalars(
            select(Attempt)
            .where(
                Attempt.provider == provider,
                Attempt.provider_id.is_not(None),
                Attempt.cost_final_at.is_(None),
                Attempt.started_at < now - _NOT_BEFORE,
                or_(Attempt.started_at > now - _YOUNG, mine),
            )
            .order_by(Attempt.started_at.desc())
            .limit(_BATCH)
        ).all()
        legs: dict[UUID, dict[str, Decimal | None]] = {}
        asked = select(CallLeg.attempt_id, CallLeg.provider_id, CallLeg.cost).where(
            CallLeg.attempt_id.in_([each.id for each in attempts]), CallLeg.provider == provider
        )
        for attempt_id, leg_id, cost in session.execute(asked):
            legs.setdefault(attempt_id, {})[leg_id] = cost
        return [
            _Open(
                each.id,
                each.channel,
                each.provider_id or "",
                each.started_at < now - _GIVEN_UP_AFTER,
                legs.get(each.id, {}),
            )
            for each in attempts
        ]


def _asked(one: _Open, price: Price) -> Mapping[str, Decimal | None]:
    """The price of each part of a contact, by the provider's id: of the legs of a call, else of itself."""
    parts = {one.provider_id: None, **one.legs}
    return {part: price(one.channel, part) if cost is None else cost for part, cost in parts.items()}


def _write(engine: Engine, one: _Open, costs: Mapping[str, Decimal | None], now: datetime) -> bool:
    """Write down what is known; whether that is all there will be."""
    known = {part: cost for part, cost in costs.items() if cost is not None}
    is_final = one.is_given_up or len(known) == len(costs)
    if not known and not is_final:
        return False
    with unit_of_work(engine) as session:
        for part, cost in known.items():
            leg = update(CallLeg).where(CallLeg.attempt_id == one.attempt_id, CallLeg.provider_id == part)
            session.execute(leg.where(CallLeg.cost.is_(None)).values(cost=cost))
        session.execute(
            update(Attempt)
            .where(Attempt.id == one.attempt_id, Attempt.cost_final_at.is_(None))
            .values(cost=sum(known.values(), Decimal(0)), cost_final_at=now if is_final else None)
        )
    return is_final
