from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, func, select, update

from channels.protocol import Meaning, Sent
from models.attempts import Attempt
from models.messages import Message
from models.sellers import Store
from models.senders import ProviderState, Sender
from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel, SenderKind, StepState
from tests.building import a_store, an_order, live_step, order_row, set_policy
from verification.contact.beginning import begin
from verification.contact.claiming import Claim, claim
from verification.contact.promoting import promote
from verification.routing.stored import add_sender, note_result, provider_out, set_sender

SECOND = timedelta(seconds=1)
ONE, TWO = "+966500000001", "+966500000002"


def a_sender(engine: Engine, now: datetime, address: str = ONE, **more: Any) -> UUID:
    values = {"kind": SenderKind.whatsapp, "address": address, "actor": "test", "now": now}
    with unit_of_work(engine) as session:
        return add_sender(session, **(values | more)).id  # type: ignore[arg-type]


def orders_due(engine: Engine, now: datetime, store_id: UUID, count: int, first: int = 0) -> list[UUID]:
    found = [
        an_order(engine, store_id, now, phone=f"05512{number:05}") for number in range(first, first + count)
    ]
    with unit_of_work(engine) as session:
        promote(session, now=now)
    return found


def take(engine: Engine, now: datetime, limit: int = 20, **more: Any) -> list[Claim]:
    values: dict[str, Any] = {"limit": limit, "provider": "twilio", "needs_sender": True}
    with unit_of_work(engine) as session:
        return claim(session, Channel.whatsapp, "worker", now=now, **(values | more))


def states(engine: Engine) -> Counter[StepState]:
    with unit_of_work(engine) as session:
        return Counter(session.scalars(select(Step.state)))


def end(engine: Engine, claims: Sequence[Claim]) -> None:
    """As if the contacts were made and over, so that they are in nobody's way."""
    with unit_of_work(engine) as session:
        ids = [one.step_id for one in claims]
        ended = {"state": "done", "lease_holder": None, "lease_expires_at": None}
        session.execute(update(Step).where(Step.id.in_(ids)).values(**ended))


def test_a_claim_comes_with_its_sender_and_a_slot_of_its_rate(engine: Engine, now: datetime) -> None:
    sender_id = a_sender(engine, now)
    orders_due(engine, now, a_store(engine, now), 3)
    [first] = take(engine, now)
    assert first.sender is not None
    assert (first.sender.id, first.sender.address, first.road) == (sender_id, ONE, None)
    assert take(engine, now) == []
    assert states(engine) == {"claimed": 1, "ready": 2}
    assert len(take(engine, now + SECOND)) == 1


def test_what_has_no_slot_yet_is_not_even_touched(engine: Engine, now: datetime) -> None:
    a_sender(engine, now, per_second=Decimal(3))
    orders_due(engine, now, a_store(engine, now), 5)
    assert len(take(engine, now)) == 3
    assert take(engine, now) == []
    with unit_of_work(engine) as session:
        waiting = select(Step).where(Step.state == "ready")
        assert [step.lease_token for step in session.scalars(waiting)] == [0, 0]


def test_without_a_sender_a_claim_goes_on_to_be_told_so(engine: Engine, now: datetime) -> None:
    a_sender(engine, now, country="AE")
    a_sender(engine, now, TWO, weight=0)
    orders_due(engine, now, a_store(engine, now), 2)
    found = take(engine, now) + take(engine, now)
    assert [(one.sender, one.road) for one in found] == [(None, "no_sender")] * 2


def test_a_busy_sender_holds_up_nobody_elses_contacts(engine: Engine, now: datetime) -> None:
    busy, free, alone = (a_store(engine, now) for _ in range(3))
    with unit_of_work(engine) as session:
        sellers = dict(iter(session.execute(select(Store.id, Store.seller_id))))
    a_sender(engine, now, seller_id=sellers[busy])
    a_sender(engine, now, TWO, seller_id=sellers[free], per_second=Decimal(10))
    orders_due(engine, now, busy, 30)
    orders_due(engine, now, free, 3, first=50)
    orders_due(engine, now, alone, 2, first=60)
    found: list[Claim] = []
    while more := take(engine, now, limit=5):
        found += more
    assert Counter(one.store_id for one in found) == {busy: 1, free: 3, alone: 2}
    assert {one.road for one in found if one.store_id == alone} == {"no_sender"}
    assert states(engine)["ready"] == 29


@pytest.mark.parametrize("burst", [1, 5])
def test_workers_that_race_for_the_slots_of_a_sender_never_exceed_its_rate(
    engine: Engine, now: datetime, burst: int
) -> None:
    a_sender(engine, now, per_second=Decimal(burst))
    # The same number for one country alone shares the slots.
    a_sender(engine, now, country="SA", per_second=Decimal(burst))
    orders_due(engine, now, a_store(engine, now), 24)
    together, rounds = Barrier(3), 4

    def work(_: int) -> list[int]:
        found = []
        for number in range(rounds):
            together.wait()
            found.append(len(take(engine, now + number * SECOND, limit=4)))
        return found

    with ThreadPoolExecutor(3) as threads:
        by_round = [sum(each) for each in zip(*threads.map(work, range(3)), strict=True)]
    assert max(by_round) <= burst
    assert sum(by_round) == rounds * burst
    assert states(engine) == {"claimed": rounds * burst, "ready": 24 - rounds * burst}


def test_a_buyer_keeps_the_sender(engine: Engine, now: datetime) -> None:
    for number in range(5):
        a_sender(engine, now, f"+96650000010{number}", per_second=Decimal(100))
    store = a_store(engine, now)
    seen: dict[UUID | None, set[str]] = {}
    for day in range(3):
        at = now + timedelta(days=day)
        orders_due(engine, at, store, 10)
        claims = take(engine, at)
        assert len(claims) == 10
        for one in claims:
            assert one.sender is not None
            seen.setdefault(one.contact_point_id, set()).add(one.sender.address)
        end(engine, claims)
    assert {len(addresses) for addresses in seen.values()} == {1}
    assert len(set.union(*seen.values())) > 1


def test_a_buyer_who_wrote_is_answered_by_the_sender_they_wrote_to(engine: Engine, now: datetime) -> None:
    store = a_store(engine, now)
    with unit_of_work(engine) as session:
        seller_id = session.get_one(Store, store).seller_id
    a_sender(engine, now, seller_id=seller_id)
    a_sender(engine, now, TWO)
    [order] = orders_due(engine, now, store, 1)
    step = live_step(engine, order)
    with unit_of_work(engine) as session:
        session.add(
            Message(
                buyer_id=step.buyer_id,
                contact_point_id=step.contact_point_id,
                direction="in",
                channel=Channel.whatsapp,
                sender=TWO,
                said_at=now - timedelta(hours=23),
            )
        )
    [found] = take(engine, now)
    assert found.sender is not None
    assert found.sender.address == TWO


def test_a_phone_that_a_sender_may_not_reach_gets_another(engine: Engine, now: datetime) -> None:
    store = a_store(engine, now)
    senders = {a_sender(engine, now, address, per_second=Decimal(5)): address for address in (ONE, TWO)}
    [order] = orders_due(engine, now, store, 1)
    [first] = take(engine, now)
    with unit_of_work(engine) as session:
        attempt_id, _ = begin(session, first, provider="twilio", now=now)
        assert first.sender is not None
        refused = {"sender_id": first.sender.id, "meaning": Meaning.sender_refused, "state": "failed"}
        session.execute(update(Attempt).where(Attempt.id == attempt_id).values(**refused))
    end(engine, [first])
    orders_due(engine, now + SECOND, store, 1)
    with unit_of_work(engine) as session:
        session.execute(update(Step).where(Step.state == "scheduled").values(state="ready"))
    [second] = take(engine, now + SECOND)
    assert second.contact_point_id == first.contact_point_id
    assert second.sender is not None
    assert {first.sender.id, second.sender.id} == set(senders)
    assert order_row(engine, order).decision_id is None


def test_while_a_provider_is_out_nothing_is_claimed_but_one_probe(engine: Engine, now: datetime) -> None:
    a_sender(engine, now, per_second=Decimal(10))
    orders_due(engine, now, a_store(engine, now), 6)
    with unit_of_work(engine) as session:
        session.add(
            ProviderState(
                provider="twilio", failures=5, out_since=now, retry_at=now + 5 * SECOND, changed_at=now
            )
        )
    assert take(engine, now + 4 * SECOND) == []
    later = now + 5 * SECOND
    with ThreadPoolExecutor(3) as threads:
        found = [one for each in threads.map(lambda _: take(engine, later), range(3)) for one in each]
    [probe] = found
    assert take(engine, later + 30 * SECOND) == []
    with unit_of_work(engine) as session:
        attempt_id, _ = begin(session, probe, provider="twilio", now=later)
        attempt = session.get_one(Attempt, attempt_id)
        assert probe.sender is not None
        attempt.sender_id = probe.sender.id
        assert provider_out(session, "twilio", later)
        note_result(session, attempt, Sent("SM1"), provider="twilio", now=later, luck=0)
        assert not provider_out(session, "twilio", later)
    assert len(take(engine, later)) == 5


def test_what_may_not_run_now_takes_no_slot(engine: Engine, now: datetime) -> None:
    sender_id = a_sender(engine, now)
    store = a_store(engine, now)
    set_policy(engine, now, {"message_hours": {"daily": ["02:00-03:00"]}}, store_id=store)
    orders_due(engine, now, store, 2)
    with unit_of_work(engine) as session:
        session.execute(update(Step).values(state="ready"))
    assert take(engine, now) == []
    assert states(engine) == {"scheduled": 2}
    with unit_of_work(engine) as session:
        assert session.get_one(Sender, sender_id).next_slot_at is None


def test_a_slow_rate_made_faster_holds_nothing_up(engine: Engine, now: datetime) -> None:
    a_sender(engine, now, per_second=Decimal("0.001"))
    orders_due(engine, now, a_store(engine, now), 2)
    assert len(take(engine, now)) == 1
    assert take(engine, now + SECOND) == []
    with unit_of_work(engine) as session:
        set_sender(session, ONE, per_second=Decimal(1), actor="test", now=now)
    assert len(take(engine, now + SECOND)) == 1


def test_a_channel_that_needs_no_sender_asks_nothing_of_them(engine: Engine, now: datetime) -> None:
    orders_due(engine, now, a_store(engine, now), 1)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *them: asked.append(them[2]))
    [found] = take(engine, now, needs_sender=False)
    assert (found.sender, found.road) == (None, None)
    assert not [each for each in asked if "senders" in each or "provider_states" in each]


def test_the_whole_queue_drains_in_order_at_the_rate(engine: Engine, now: datetime) -> None:
    a_sender(engine, now, per_second=Decimal(4))
    store = a_store(engine, now)
    orders = orders_due(engine, now, store, 12)
    found: list[Claim] = []
    for number in range(3):
        found += take(engine, now + number * SECOND)
        assert len(found) == 4 * (number + 1)
    expected = [live_step(engine, order).id for order in orders]
    assert [one.step_id for one in found] == expected
    with unit_of_work(engine) as session:
        assert session.scalar(select(func.count()).select_from(Step).where(Step.state == "ready")) == 0
