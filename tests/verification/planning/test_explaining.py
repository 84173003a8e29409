"""What an order's plan rests on, as it is told to whoever asks why."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from models.orders import Order
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel
from tests.building import a_store, an_order, set_policy
from verification.contact.beginning import begin
from verification.contact.claiming import claim
from verification.contact.promoting import promote
from verification.planning.explaining import explain


def test_minutes_after_a_contact_left_there_are_chances_after_its_hour(engine: Engine, now: datetime) -> None:
    chosen = {"chooser": "learned", "control_percent": 0, "random_per_thousand": 0, "min_gap_minutes": 0}
    set_policy(engine, now, chosen, country="SA")
    order_id = an_order(engine, a_store(engine, now), now)
    with unit_of_work(engine) as session:
        promote(session, now=now + timedelta(minutes=15))
        claimed = [
            each
            for channel in (Channel.whatsapp, Channel.sms)
            for each in claim(session, channel, "worker", now=now + timedelta(minutes=15), limit=5)
        ]
        assert len(claimed) == 1
        begin(session, claimed[0], provider="sandbox", now=now + timedelta(minutes=15))
    with unit_of_work(engine) as session:
        order = session.get_one(Order, order_id)
        known = explain(session, order, now=now + timedelta(minutes=20))
    assert known.has_number
    assert {Channel.agent_call, Channel.whatsapp} <= {each.channel for each in known.chances}
    assert all(each.at >= now + timedelta(minutes=75) for each in known.chances if each.channel.is_message)
