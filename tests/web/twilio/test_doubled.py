"""Our doors as the double of Twilio meets them: its own forms and signatures, sent twice, late and forged."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.inbound import InboundEvent
from models.messages import Message
from models.orders import Order
from models.unit_of_work import unit_of_work
from models.vocabulary import Verdict
from scripts.twilio_double.serving import Double, through
from tests.building import E164, decisions_of, live_step, verdict_of
from tests.web.conftest import Clock
from tests.web.twilio.asking import OURS, asked
from tests.web.twilio.conftest import ACCOUNT, SHARED_KEY, Twilio

BUYER, STORE = f"whatsapp:{E164}", f"whatsapp:{OURS}"


@pytest.fixture
def engine(app):
    return app.extensions["takeed"].engine


@pytest.fixture
def double(clock: Clock) -> Iterator[Double]:
    with Double(ACCOUNT.sid, ACCOUNT.token, clock=clock, public_url=ACCOUNT.public_url) as double:
        yield double


def deliver(double: Double, app: Flask, clock: Clock) -> list[int]:
    clock.forward(minutes=1)
    return [status for _, status in double.deliver(clock.now, through(app.test_client()))]


def said_back(double: Double) -> list[str]:
    return [message.text for message in double.messages]


def test_words_taps_places_and_files_come_in(twilio: Twilio, double, app, engine, now, clock) -> None:
    order, attempt = asked(engine, now)
    clock.forward(minutes=5)
    double.writes(BUYER, STORE, body="بجانب المسجد", location=(24.7136, 46.6753))
    assert deliver(double, app, clock) == [200]
    with unit_of_work(engine) as session:
        assert session.get_one(Order, order).details.landmark.endswith("24.71360,46.67530")
    double.writes(BUYER, STORE, media=["audio/ogg"])
    deliver(double, app, clock)
    assert live_step(engine, order).channel == "agent_call"
    double.writes(BUYER, STORE, body="تأكيد", button_payload=f"confirm:{attempt.reference}")
    deliver(double, app, clock)
    assert verdict_of(engine, order) is Verdict.confirmed
    assert said_back(double) == double.warnings == double.violations == []


def test_the_buyer_is_asked_which_order_and_answers(twilio: Twilio, double, app, engine, now, clock) -> None:
    first, _ = asked(engine, now, number="#1047")
    clock.forward(hours=30)
    second, _ = asked(engine, clock.now, number="#2001")
    clock.forward(minutes=5)
    double.writes(BUYER, STORE, body="نعم")
    deliver(double, app, clock)
    [question] = said_back(double)
    assert "1. #1047" in question
    double.writes(BUYER, STORE, body="1")
    deliver(double, app, clock)
    assert (verdict_of(engine, first), verdict_of(engine, second)) == (Verdict.confirmed, None)


def test_a_shared_key_signs_what_comes_in(twilio: Twilio, app, engine, now, clock) -> None:
    order, _ = asked(engine, now)
    clock.forward(minutes=5)
    key = (SHARED_KEY, ACCOUNT.webhook_keys[SHARED_KEY])
    with Double(ACCOUNT.sid, "another", clock=clock, public_url=ACCOUNT.public_url, shared_key=key) as double:
        double.writes(BUYER, STORE, body="نعم")
        assert deliver(double, app, clock) == [200]
    assert verdict_of(engine, order) is Verdict.confirmed


def test_one_message_in_many_threads_is_one(twilio: Twilio, double, app, engine, now, clock) -> None:
    order, _ = asked(engine, now)
    clock.forward(minutes=5)
    double.writes(BUYER, STORE, body="نعم")
    [callback] = double.due(clock.now)
    post = through(app.test_client())
    with ThreadPoolExecutor(4) as threads:
        answers = set(threads.map(lambda _: post(callback), range(8)))
    assert len(answers) == 1
    assert len(decisions_of(engine, order)) == 1
    with unit_of_work(engine) as session:
        said = select(func.count()).select_from(Message).where(Message.direction == "in")
        assert session.scalar(said) == session.scalar(select(func.count()).select_from(InboundEvent)) == 1
