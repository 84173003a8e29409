from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from sqlalchemy import Engine, func, select

from models.attempts import Attempt
from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel, StepState
from tests.building import Provider, a_store, an_order
from verification.contact.claiming import claim
from verification.contact.contacting import contact
from verification.contact.promoting import promote


def test_two_workers_and_200_due_steps_send_each_once(engine: Engine, now: datetime) -> None:
    store = a_store(engine, now)
    for number in range(200):
        an_order(engine, store, now, phone=f"0551234{number:03}")
    provider = Provider()

    def work(holder: str) -> int:
        done = 0
        while True:
            with unit_of_work(engine) as session:
                promote(session, now=now, limit=50)
            with unit_of_work(engine) as session:
                claims = claim(session, Channel.whatsapp, holder, now=now, limit=10)
            for held in claims:
                contact(engine, held, provider, lambda: now)
            done += len(claims)
            if not claims:
                return done

    with ThreadPoolExecutor(2) as workers:
        assert sum(workers.map(work, ["one", "two"])) == 200
    assert set(Counter(sent.reference for sent in provider.sends).values()) == {1}
    assert len({sent.phone for sent in provider.sends}) == 200
    with unit_of_work(engine) as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 200
        states = select(Step.state, func.count()).group_by(Step.state)
        assert dict(session.execute(states).all()) == {StepState.done: 200, StepState.scheduled: 200}
