"""Erasing a buyer whose order went the whole way, then searching a dump of every table."""

import json
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import UUID

import pytest
from sqlalchemy import select, update

from channels.protocol import ContactEvent, EventKind
from models.attempts import Attempt
from models.base import new_id
from models.buyers import Buyer, ContactPoint, OptOut
from models.decisions import Decision
from models.diary import DiaryEntry
from models.inbound import InboundBody, InboundEvent
from models.messages import Message, MessageBody
from models.orders import Order, OrderContactPoint, OrderDetails
from models.outbox import OutboxBody, OutboxDelivery
from models.reasons import Reason
from models.replays import ReplayedAnswer
from models.sandbox import SandboxAnswer
from models.sellers import ApiKey
from models.slots import Habits
from models.steps import Step, StepOrder
from models.vocabulary import (
    Channel,
    DecisionReason,
    DeliveryState,
    InboundState,
    Outcome,
    Purpose,
    Verdict,
    Via,
)
from scripts.embedded import binary, libpq_url
from tests import orders
from tests.conftest import Work
from tests.orders import KEYS
from verification.contact.beginning import begin
from verification.contact.claiming import claim
from verification.contact.promoting import promote
from verification.contact.putting_off import note_put_off
from verification.decision.ruling import Ruling
from verification.decision.taking import decide
from verification.habits.folding import fold
from verification.intake.noting import note_words
from verification.intake.shipping import CourierReport, report_shipment
from verification.outcome.taking_in import take_in
from verification.privacy.erasing import erase_buyer
from verification.privacy.exporting import export_buyer
from verification.privacy.people import NobodyKnown
from verification.steps.transitions import conclude

PHONE = "+966551234567"
SECOND = "+966559876543"
HUSBAND = "+966500111222"
WRITINGS = (
    *("551234567", "55 123 4567", "٥٥ ١٢٣ ٤٥٦٧", "٥٥١٢٣٤٥٦٧", "559876543", "055-987-6543"),
    *(r"\u0665\u0665\u0661\u0662", quote("٥٥١٢٣٤٥٦٧")),
)
PERSONAL = {
    "name": "هيفاء بنت مشعل",
    "note": "الجرس معطل اتصلوا",
    "city": "خميس مشيط",
    "district": "حي الموسى",
    "street": "درب الياسمين",
    "building": "عمارة ٤٧",
    "short_address": "KHMA2211",
    "landmark": "بجوار مخبز السنابل",
}
WORDS = "يا اخي خلاص ابيه بس كلموني على ٠٥٥ ١٢٣ ٤٥٦٧"
AGREED = "شارع البساتين الجديد"
COURIER = "سلمت لاخت هيفاء"


@dataclass
class Story:
    open: UUID
    decided: UUID
    other: UUID
    buyer: UUID


def her_order(external_id: str):
    details = {each: PERSONAL[each] for each in PERSONAL if each not in {"name", "note"}}
    return orders.draft(
        external_id,
        note=PERSONAL["note"],
        buyer={"name": PERSONAL["name"], "phone": "٠٥٥ ١٢٣ ٤٥٦٧", "alternate_phone": "055-987-6543"},
        address=details,
    )


@pytest.fixture
def story(work: Work, now: datetime) -> Story:
    with work() as session:
        store = orders.make_seller(session, now).store
        decided = orders.received(session, store, her_order("1"), now)
        first = orders.received(
            session,
            store,
            orders.draft(
                "2",
                note="زوجتي 0551234567 تستلم",
                buyer={"name": "سالم", "phone": "0500111222", "alternate_phone": "(+966) 55 123 4567"},
            ),
            now,
        )
        promote(session, now=now)
    talk(work, now)
    with work() as session:
        order = session.get_one(Order, decided.id)
        decide(
            session,
            order,
            Ruling(Verdict.confirmed, DecisionReason.buyer_confirmed, Via.agent_call),
            now=now,
            actor="agent:1",
            proof={"kind": "call"},
            changes={"address": {"street": AGREED}},
        )
        note_words(session, order, "dispute", f"{PERSONAL['name']} لم ترد", now=now)
        report_shipment(session, order, CourierReport(COURIER, reason=COURIER), now=now)
        later = orders.received(session, store, her_order("3"), now)
        point = session.scalars(select(ContactPoint).where(ContactPoint.phone == PHONE)).one()
        session.add(
            OptOut(phone_hash=point.phone_hash, channel=Channel.sms, purpose=Purpose.verify, opted_out_at=now)
        )
        keep_answers(session, store.seller_id, order.id, now)
        return Story(later.id, order.id, first.id, order.buyer_id)


def talk(work: Work, now: datetime) -> None:
    """Her words come in by the real door, and raw texts that name her in every escaping there is."""
    with work() as session:
        for claimed in claim(session, Channel.whatsapp, "worker", now=now, limit=5):
            attempt_id, contact = begin(session, claimed, provider="sandbox", now=now)
            words = WORDS if contact.phone == PHONE else "نعم"
            session.add(SandboxAnswer(reference=contact.reference, due_at=now, answer={"text": words}))
            out = session.scalars(select(Message).where(Message.attempt_id == attempt_id)).one()
            session.add(MessageBody(message_id=out.id, body=f"إلى {contact.phone}: {words}", expires_at=now))
            session.flush()
            event = ContactEvent(
                source="sandbox",
                external_id=contact.reference,
                kind=EventKind.reply,
                at=now,
                raw=json.dumps({"from": contact.phone, "text": words}),
                reference=contact.reference,
                text=words,
            )
            take_in(session, event, now=now)
        raw_texts = (
            json.dumps({"customer": PERSONAL["name"], "phone": "٠٥٥١٢٣٤٥٦٧"}),
            f"{PERSONAL['name']}: ٠٥٥١٢٣٤٥٦٧",
            "From=" + quote(PHONE) + "&Body=" + quote(PERSONAL["name"]),
            "phone=" + quote("٠٥٥١٢٣٤٥٦٧") + "&name=" + quote(PERSONAL["name"]),
            '{"phone": "0559876543", "name": "' + PERSONAL["name"] + '"}',
        )
        for text in raw_texts:
            event_id = new_id()
            session.add(
                InboundEvent(
                    id=event_id,
                    source="salla",
                    external_id=str(event_id),
                    kind="order",
                    state=InboundState.quarantined,
                    received_at=now,
                )
            )
            session.flush()
            session.add(InboundBody(event_id=event_id, body=text, expires_at=now + timedelta(days=30)))


def keep_answers(session, seller_id: UUID, order_id: UUID, now: datetime) -> None:
    [key] = session.scalars(select(ApiKey.id).where(ApiKey.seller_id == seller_id))
    for name, body in (
        ("by-phone", json.dumps({"phone": PHONE, "name": PERSONAL["name"]})),
        ("by-order", json.dumps({"id": str(order_id), "name": PERSONAL["name"]}, ensure_ascii=False)),
        ("stranger", json.dumps({"phone": "+966500000001"})),
    ):
        session.add(
            ReplayedAnswer(
                api_key_id=key,
                route="POST /orders",
                key=name,
                request_hash=b"",
                status=201,
                body=body,
                started_at=now,
                expires_at=now + timedelta(days=1),
            )
        )


def dump(url: str) -> str:
    done = subprocess.run(
        [binary("pg_dump"), "--inserts", libpq_url(url)], capture_output=True, check=True, text=True
    )
    return done.stdout


def test_nothing_of_her_is_left_in_the_database(story, work, database_url, now):
    secrets = (*WRITINGS, *PERSONAL.values(), WORDS, AGREED, COURIER, "هيفاء")
    before = dump(database_url)
    # Otherwise the search would prove nothing.
    assert [each for each in secrets if each not in before] == []
    with work() as session:
        counts = erase_buyer(session, PHONE, KEYS, now)
    assert counts["orders"] == 2
    after = dump(database_url)
    assert [each for each in secrets if each in after] == []
    assert "خلاط محمول" in after
    assert "سالم" in after
    assert HUSBAND in after


HABITS = ("reads_at", "answers_after", "usual_percent", "percent_now", '"percent"')


def test_nothing_of_her_habits_is_left_in_the_database(story, work, database_url, now):
    seen = [{"kind": "reads_at", "hour": 21, "times": 2}, {"kind": "answers_after", "hour": 20}]
    params = {"hour": 21, "percent": 6173, "usual_percent": 4159, "percent_now": 4159, "seen": seen}
    why = {"code": "answers_at_this_hour", "params": params}
    plan = {"waits": why, "signs": {"reads_at": []}, "counted": 4159, "left": [{"reason": why}]}
    with work() as session:
        for order_id in (story.open, story.decided):
            order = session.get_one(Order, order_id)
            order.plan, order.ladder = plan, [{"channel": "sms", "reason": why}]
            covering = select(StepOrder.step_id).where(StepOrder.order_id == order_id)
            for step in session.scalars(select(Step).where(Step.id.in_(covering))):
                step.reason = why
                note_put_off(session, step.id, step.channel, now, Reason.from_json(why), now)
    before = dump(database_url)
    assert [each for each in HABITS if each not in before] == []
    with work() as session:
        erase_buyer(session, PHONE, KEYS, now)
    after = dump(database_url)
    assert [each for each in HABITS if each in after] == []
    assert "answers_at_this_hour" in after


def test_her_open_order_is_decided_and_told_without_her(story, work, now):
    with work() as session:
        erase_buyer(session, PHONE, KEYS, now)
    with work() as session:
        order = session.get_one(Order, story.open)
        decision = session.get_one(Decision, order.decision_id)
        assert (decision.verdict, decision.reason) == (
            Verdict.unreachable,
            DecisionReason.no_usable_number,
        )
        told = session.execute(
            select(OutboxDelivery, OutboxBody.body)
            .join(OutboxBody, OutboxBody.delivery_id == OutboxDelivery.id)
            .where(OutboxDelivery.order_id.in_([story.open, story.decided]))
        ).all()
        assert told
        for delivery, body in told:
            assert delivery.state is DeliveryState.pending
            event = json.loads(body)
            assert event["type"] == delivery.event_type.value
            assert event["data"]["id"] == str(delivery.order_id)
            assert event["data"]["phone"] is None
            assert set(event["data"]["address"].values()) == {None, "SA"}
            assert event["data"]["items"]
        live = select(StepOrder).where(StepOrder.order_id.in_([story.open, story.decided]), StepOrder.live)
        assert session.scalars(live).all() == []


def test_her_husbands_order_goes_on_without_her_phone(story, work, now):
    with work() as session:
        counts = erase_buyer(session, PHONE, KEYS, now)
        assert counts["orders_of_others"] == 1
    with work() as session:
        details = session.get_one(OrderDetails, story.other)
        assert (details.buyer_name, details.phone_raw) == ("سالم", "0500111222")
        assert (details.alternate_phone_raw, details.note) == (None, None)
        left = session.scalars(
            select(ContactPoint.phone)
            .join(OrderContactPoint, OrderContactPoint.contact_point_id == ContactPoint.id)
            .where(OrderContactPoint.order_id == story.other)
        ).all()
        assert left == [HUSBAND]


def test_an_open_order_of_somebody_else_is_planned_anew(work, now):
    with work() as session:
        store = orders.make_seller(session, now).store
        orders.received(session, store, her_order("1"), now)
        other = orders.received(
            session,
            store,
            orders.draft("2", buyer={"phone": "0500111222", "alternate_phone": "0551234567"}),
            now,
        )
        erase_buyer(session, PHONE, KEYS, now)
        assert session.get_one(Order, other.id).decision_id is None
        steps = session.scalars(select(StepOrder).where(StepOrder.order_id == other.id, StepOrder.live)).all()
        assert len(steps) == 1


def test_opt_outs_and_counts_stay(story, work, now):
    with work() as session:
        erase_buyer(session, PHONE, KEYS, now)
    with work() as session:
        assert session.scalars(select(OptOut.phone_hash)).all() == [KEYS.phone_hash(PHONE)]
        buyer = session.get_one(Buyer, story.buyer)
        assert buyer.erased_at == now
        line = session.scalars(select(DiaryEntry).where(DiaryEntry.kind == "privacy")).one()
        assert (line.code, line.buyer_id, line.params["orders"]) == ("buyer_erased", story.buyer, 2)
        kept = session.scalars(select(ReplayedAnswer.key)).all()
        assert kept == ["stranger"]


def test_erasing_again_changes_nothing_more(story, work, now):
    with work() as session:
        erase_buyer(session, PHONE, KEYS, now)
    with work() as session:
        counts = erase_buyer(session, PHONE, KEYS, now + timedelta(days=1))
        assert (counts["orders_closed"], counts["messages"], counts["inbound"]) == (0, 0, 0)


def test_an_unknown_phone_is_said_to_be_unknown_without_repeating_it(session, now):
    with pytest.raises(NobodyKnown) as refusal:
        erase_buyer(session, PHONE, KEYS, now)
    assert "55" not in str(refusal.value)


def test_decisions_can_be_blanked_but_not_rewritten(story, session):
    with pytest.raises(Exception, match="append-only"):
        session.execute(update(Decision).values(verdict=Verdict.rejected))
    session.rollback()
    with pytest.raises(Exception, match="append-only"):
        session.execute(update(Decision).values(changes={"address": {"street": "x"}}))


def test_an_export_holds_everything_that_is_known(story, session):
    told = json.dumps(export_buyer(session, PHONE, KEYS), ensure_ascii=False)
    for each in (PHONE, SECOND, *PERSONAL.values(), WORDS, AGREED, COURIER, "خلاط محمول", "Noor Shop"):
        assert each in told
    assert HUSBAND not in told
    assert str(story.other) in told


def test_an_export_tells_in_words_what_is_counted(story, work, now):
    with work() as session:
        fold(session, [story.buyer], now=now)
        habits = export_buyer(session, PHONE, KEYS)["habits"]
    answered = {"channel": "whatsapp", "regime": "normal", "days": "work_days", "answered": True}
    assert {**answered, "hour": 13, "times": 1} in habits
    assert {"sign_of_life": "order_placed", "days": None, "hour": 11, "times": 2} in habits


def test_an_erasure_drops_what_was_counted_and_nothing_is_counted_again(story, work, now):
    with work() as session:
        fold(session, [story.buyer], now=now)
        assert session.get(Habits, story.buyer)
        erase_buyer(session, PHONE, KEYS, now)
    with work() as session:
        assert session.get(Habits, story.buyer) is None
        [attempt] = session.scalars(select(Attempt).where(Attempt.buyer_id == story.buyer))
        conclude(attempt, Outcome.opted_out, now)
        fold(session, [story.buyer], now=now)
        assert session.get(Habits, story.buyer) is None
        assert export_buyer(session, PHONE, KEYS)["habits"] == []


def test_an_export_after_an_erasure_holds_no_person(story, work, now):
    with work() as session:
        erase_buyer(session, PHONE, KEYS, now)
        told = json.dumps(export_buyer(session, PHONE, KEYS), ensure_ascii=False)
    assert not [each for each in (PHONE, SECOND, *PERSONAL.values(), WORDS) if each in told]
