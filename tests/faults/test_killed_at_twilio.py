"""Workers that are killed while Twilio takes their messages: only Twilio knows what they sent."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select

from models.attempts import Attempt
from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel, SenderKind, StepState
from scripts.jobs import keep_watch, make_contacts, promote_due
from scripts.simulating import Moved
from scripts.twilio_double.serving import Double
from scripts.twilio_double.taken import first
from tests.building import a_store, an_order, attempts_of, set_policy
from tests.faults.conftest import KILLED, Start
from tests.faults.dying import SECRET, SID, Fate, house_of
from verification.routing.stored import add_sender

ORDERS = 5
PHONES = [f"+96655120000{number}" for number in range(ORDERS)]


@pytest.mark.parametrize("threads", [0, 3])
@pytest.mark.parametrize(
    "death",
    [
        "after the claim",
        "before the send",
        "after the send",
        "before the send is recorded",
        "after the send is recorded",
    ],
)
def test_what_twilio_took_is_found_there_and_what_it_did_not_take_is_sent(
    start: Start, engine: Engine, now: datetime, death: str, threads: int
) -> None:
    ladder = [{"channel": channel, "after_minutes": 600} for channel in ("sms", "agent_call")]
    set_policy(engine, now, {"ladder": ladder, "sms_links": "any"}, country="SA")
    with unit_of_work(engine) as session:
        add_sender(
            session, kind=SenderKind.sms, address="Takeed", per_second=Decimal(100), actor="test", now=now
        )
    store = a_store(engine, now)
    orders = [an_order(engine, store, now, phone=phone) for phone in PHONES]
    clock = Moved(now)
    with Double(SID, SECRET, clock=clock) as double:
        victim = start("worker", now, death, double.base, threads)
        assert victim.hear() == "ready"
        victim.tell()
        assert victim.end() == KILLED

        house = replace(house_of(engine, now, Fate("never"), "worker:healthy", base=double.base), clock=clock)
        for _ in range(3):
            clock.at += timedelta(minutes=3)
            keep_watch(house)
            promote_due(house)
            make_contacts(house)

        assert Counter(message.to for message in double.messages) == dict.fromkeys(PHONES, 1)
        assert double.violations == []
        taken = {message.sid: first(message.form, "StatusCallback") for message in double.messages}
    sent = [one for order in orders for one in attempts_of(engine, order) if one.state is AttemptState.sent]
    # Each is known by Twilio's id under the reference that Twilio was given with it.
    assert len(sent) == ORDERS
    assert all(one.reference in taken[one.provider_id or ""] for one in sent)
    with unit_of_work(engine) as session:
        held = select(func.count()).select_from(Step).where(Step.state == StepState.claimed)
        assert session.scalar(held) == 0
        doubtful = (AttemptState.sending, AttemptState.uncertain)
        assert session.scalar(select(Attempt.id).where(Attempt.state.in_(doubtful))) is None
        next_channels = session.scalars(select(Step.channel).where(Step.live)).all()
    assert set(next_channels) == {Channel.agent_call}
