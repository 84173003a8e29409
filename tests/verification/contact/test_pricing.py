"""Prices that come late."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, update

from channels.protocol import Uncertain
from channels.sandbox.scripted import silent
from models.attempts import Attempt
from models.base import new_id
from models.calls import CallLeg
from models.vocabulary import CallParty, Channel, LegState
from tests.building import Town
from tests.conftest import Work
from verification.contact.pricing import fetch_prices

PHONE = "+966551234567"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def attempt_id(engine: Engine, work: Work, now: datetime) -> UUID:
    """A contact made at `now`, whose price the provider has not said."""
    town = Town(engine, now, {PHONE: [silent()]})
    town.order()
    town.tick()
    with work() as session:
        values = {"provider": "twilio", "provider_id": "SM1", "cost": 0, "cost_final_at": None}
        return session.scalars(update(Attempt).values(**values).returning(Attempt.id)).one()


class Prices:
    """What a provider says of each of its ids; it is out where it says `out`."""

    def __init__(self, said: Mapping[str, str | None]) -> None:
        self.said = said
        self.asked: list[tuple[Channel, str]] = []

    def __call__(self, channel: Channel, provider_id: str) -> Decimal | None:
        self.asked.append((channel, provider_id))
        said = self.said.get(provider_id)
        if said == "out":
            raise Uncertain("timeout")
        return None if said is None else Decimal(said)


def cost(work: Work, attempt_id: UUID) -> tuple[Decimal, bool]:
    """What a contact is known to have cost, and whether that is all."""
    with work() as session:
        attempt = session.get_one(Attempt, attempt_id)
        return attempt.cost, attempt.cost_final_at is not None


def leg(work: Work, attempt_id: UUID, provider_id: str, party: CallParty, now: datetime) -> None:
    with work() as session:
        session.add(
            CallLeg(
                id=new_id(),
                attempt_id=attempt_id,
                provider="twilio",
                provider_id=provider_id,
                party=party,
                state=LegState.completed,
                first_at=now,
            )
        )


def test_a_price_is_asked_for_until_it_is_there(
    engine: Engine, work: Work, now: datetime, attempt_id: UUID
) -> None:
    assert fetch_prices(engine, "twilio", Prices({}), now + 5 * MINUTE) == 0
    assert cost(work, attempt_id) == (0, False)
    assert fetch_prices(engine, "twilio", Prices({"SM1": "0.0145"}), now + 6 * MINUTE) == 1
    assert cost(work, attempt_id) == (Decimal("0.0145"), True)
    again = Prices({"SM1": "1"})
    assert fetch_prices(engine, "twilio", again, now + 7 * MINUTE) == 0
    assert again.asked == []


def test_what_was_just_made_or_goes_over_another_provider_is_left_alone(
    engine: Engine, now: datetime, attempt_id: UUID
) -> None:
    prices = Prices({"SM1": "1"})
    assert fetch_prices(engine, "twilio", prices, now + MINUTE / 2) == 0
    assert fetch_prices(engine, "another", prices, now + 5 * MINUTE) == 0
    assert prices.asked == []


def test_an_agents_call_costs_what_both_its_legs_cost(
    engine: Engine, work: Work, now: datetime, attempt_id: UUID
) -> None:
    leg(work, attempt_id, "SM1", CallParty.agent, now)
    leg(work, attempt_id, "SM2", CallParty.buyer, now)
    assert fetch_prices(engine, "twilio", Prices({"SM1": "0.01"}), now + 5 * MINUTE) == 0
    assert cost(work, attempt_id) == (Decimal("0.01"), False)
    late = Prices({"SM2": "0.2"})
    assert fetch_prices(engine, "twilio", late, now + 6 * MINUTE) == 1
    assert [provider_id for _, provider_id in late.asked] == ["SM2"]
    assert cost(work, attempt_id) == (Decimal("0.21"), True)
    with work() as session:
        legs = {each.provider_id: each.cost for each in session.scalars(select(CallLeg))}
        assert legs == {"SM1": Decimal("0.01"), "SM2": Decimal("0.2")}


def test_a_provider_that_is_out_is_asked_once(
    engine: Engine, work: Work, now: datetime, attempt_id: UUID
) -> None:
    prices = Prices({"SM1": "out"})
    assert fetch_prices(engine, "twilio", prices, now + 5 * MINUTE) == 0
    assert cost(work, attempt_id) == (0, False)


def test_older_ones_are_asked_for_now_and_then_and_given_up_in_the_end(
    engine: Engine, work: Work, now: datetime, attempt_id: UUID
) -> None:
    prices = Prices({})
    for minute in range(30):
        fetch_prices(engine, "twilio", prices, now + timedelta(hours=5, minutes=minute))
    assert len(prices.asked) == 1
    final = [
        fetch_prices(engine, "twilio", prices, now + timedelta(days=8, minutes=minute))
        for minute in range(30)
    ]
    assert sum(final) == 1
    assert cost(work, attempt_id) == (0, True)
