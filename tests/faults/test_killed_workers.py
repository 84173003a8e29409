"""Workers that are killed, and what the next one makes of what they left."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from models.attempts import Attempt
from models.buyers import ContactPoint
from models.orders import Order
from models.outbox import OutboxDelivery
from models.sandbox import SandboxContact
from models.secrecy import Keyring
from models.sellers import Store
from models.vocabulary import DeliveryState, Verdict
from scripts.jobs import JOBS, run_job
from scripts.simulating import Moved
from tests.conftest import Work
from tests.faults.conftest import KILLED, Start
from tests.faults.dying import SECRET, Fate, house_of
from tests.orders import draft
from tests.receiver import Receiver
from tests.stored import a_buyer, a_store, an_order
from verification.accounts.sellers import create_seller
from verification.contact.promoting import promote
from verification.intake.receiving import receive_order
from verification.planning.scheduling import plan_case
from verification.status import status

KEYS = Keyring(SECRET.encode())
ORDERS, DUE = 3, 80


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


def take_orders(work: Work, receiver: Receiver, now: datetime) -> None:
    with work() as session:
        made = create_seller(session, "Noor", "SA", receiver.url, keys=KEYS, now=now, allow_private=True)
    receiver.secret = made.webhook_secret
    for number in range(ORDERS):
        with work() as session:
            store = session.get_one(Store, made.store.id)
            order = draft(str(number), buyer={"phone": f"05512345{number:02}"})
            receive_order(session, store, order, now=now, keys=KEYS, cod=True)


def recover(engine: Engine, since: datetime) -> None:
    """A healthy worker takes over; buyers need minutes, leases and doubts too."""
    clock = Moved(since)
    house = replace(house_of(engine, since, Fate("never"), "worker:healthy"), clock=clock)
    for _ in range(6):
        clock.at += timedelta(minutes=30)
        for name in JOBS:
            run_job(house, name)


@pytest.mark.parametrize(
    "death",
    [
        "after the claim",
        "before the send",
        "after the send",
        "before the send is recorded",
        "after the send is recorded",
        "before an answer is recorded",
        "before an event is posted",
        "before a posted event is recorded",
    ],
)
def test_whenever_a_worker_is_killed_nothing_is_lost_and_nobody_is_asked_twice(
    start: Start, engine: Engine, work: Work, receiver: Receiver, now: datetime, death: str
) -> None:
    take_orders(work, receiver, now)
    if "answer" in death or "event" in death:
        healthy = house_of(engine, now, Fate("never"), "worker:first")
        for name in JOBS:
            run_job(healthy, name)
    at = now + timedelta(minutes=5)

    victim = start("worker", at, death)
    assert victim.hear() == "ready"
    victim.tell()
    assert victim.end() == KILLED
    recover(engine, at)

    with work() as session:
        assert status(session)["stranded"] == 0
        assert status(session)["decisions"]["by_verdict"] == {"confirmed": ORDERS}
        assert session.scalar(select(func.count()).select_from(SandboxContact)) == ORDERS
        assert max(Counter(session.scalars(select(Attempt.step_id))).values()) == 1
        told = session.execute(select(OutboxDelivery.id, OutboxDelivery.state)).all()
        decided = set(session.scalars(select(Order.decision_id)))
        assert set(session.scalars(select(OutboxDelivery.decision_id))) == decided
    assert {state for _, state in told} == {DeliveryState.delivered}
    assert len(receiver.verified) == len(receiver.requests)
    came = Counter(request.headers["webhook-id"] for request in receiver.verified)
    assert set(came) == {str(id_) for id_, _ in told}
    # Only an event whose post nobody could write down comes again, under the same id.
    assert came.total() == ORDERS or death == "before a posted event is recorded"
    assert {json.loads(each.body)["data"]["decision"]["verdict"] for each in receiver.verified} == {
        Verdict.confirmed.value
    }


def test_two_workers_share_the_due_steps_and_contact_everybody_once(
    start: Start, work: Work, now: datetime
) -> None:
    with work() as session:
        store = a_store(session, now)
        for number in range(DUE):
            buyer = a_buyer(session, now, f"+9665512{number:05}")
            points = session.scalars(select(ContactPoint).where(ContactPoint.buyer_id == buyer.id)).all()
            an_order(session, now, store, buyer, points=tuple(points))
            plan_case(session, buyer.id, store.id, now=now)
        # Else one worker may look while the other's promotion is not committed, find nothing and be done.
        promote(session, now=now)

    workers = [start("worker", now), start("worker", now)]
    assert [worker.hear() for worker in workers] == ["ready", "ready"]
    for worker in workers:
        worker.tell()
    assert [worker.end() for worker in workers] == [0, 0]

    with work() as session:
        assert session.scalar(select(func.count()).select_from(SandboxContact)) == DUE
        by_step = Counter(session.scalars(select(Attempt.step_id)))
        by_holder = Counter(session.scalars(select(Attempt.holder)))
        assert (len(by_step), by_step.total()) == (DUE, DUE)
        assert sorted(by_holder) == sorted(f"worker:{worker.process.pid}" for worker in workers)
