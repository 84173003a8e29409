"""What buyers write to us, from whatever they answer to whatever comes of it."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select

from channels.protocol import Arrival
from models.buyers import ContactPoint, OptOut, Reachability
from models.inbound import InboundEvent
from models.messages import Message, MessageBody
from models.orders import Order
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel, InboundState, Intent, Outcome, Verdict
from tests.building import (
    E164,
    OTHER_E164,
    a_store,
    an_order,
    attempts_of,
    decisions_of,
    events_of,
    live_step,
    order_row,
    ready_claims,
    set_policy,
    steps_of,
    verdict_of,
)
from tests.orders import KEYS
from tests.verification.outcome.asked import ask, asked
from verification.contact.beginning import begin
from verification.outcome.arriving import Reply, arrive

_numbers = count(1)
LATER = timedelta(minutes=10)


def a_message(at: datetime, text: str | None = None, **more: Any) -> Arrival:
    sid = f"SM{next(_numbers):032x}"
    values: dict[str, Any] = {
        "source": "twilio",
        "external_id": sid,
        "channel": Channel.whatsapp,
        "at": at,
        "raw": "Body=secret",
        "phone": E164,
        "sender": "+966112223344",
        "provider_id": sid,
        "text": text,
    }
    return Arrival(**(values | more))


def write(engine: Engine, arrival: Arrival) -> Reply | None:
    with unit_of_work(engine) as session:
        return arrive(session, arrival, KEYS, now=arrival.at)


def heard_from(engine: Engine) -> list[Message]:
    with unit_of_work(engine) as session:
        return list(
            session.scalars(select(Message).where(Message.direction == "in").order_by(Message.said_at))
        )


def event_of(engine: Engine, arrival: Arrival) -> InboundEvent:
    with unit_of_work(engine) as session:
        return session.scalars(
            select(InboundEvent).where(InboundEvent.external_id == arrival.external_id)
        ).one()


def silenced(engine: Engine) -> set[Channel]:
    with unit_of_work(engine) as session:
        return set(session.scalars(select(OptOut.channel)))


def two_asked(engine: Engine, now: datetime) -> tuple[UUID, UUID]:
    """Two stores have asked the same buyer, each about its own order."""
    first = an_order(engine, a_store(engine, now), now, number="#1047")
    ask(engine, now)
    second = an_order(engine, a_store(engine, now), now + timedelta(seconds=1), number="#2001")
    ask(engine, live_step(engine, second).not_before)
    return first, second


def test_words_answer_the_contact_that_waits_for_an_answer(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    said = a_message(now + LATER, "نعم أكد الطلب")
    assert write(engine, said) is None
    [decision] = decisions_of(engine, order)
    assert (decision.verdict, decision.via) == (Verdict.confirmed, "whatsapp")
    assert decision.proof["kind"] == "words"
    [message] = heard_from(engine)
    assert str(message.id) == decision.proof["message_id"]
    assert (message.sender, message.attempt_id, message.intent) == (said.sender, attempt.id, Intent.confirm)
    [after] = attempts_of(engine, order)
    assert after.outcome is Outcome.replied
    assert event_of(engine, said).state is InboundState.applied
    assert event_of(engine, said).attempt_id == attempt.id


def test_a_tapped_button_names_its_contact(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    write(engine, a_message(now + LATER, "إلغاء", button="cancel", reference=attempt.reference))
    [decision] = decisions_of(engine, order)
    assert (decision.verdict, decision.proof["button"]) == (Verdict.rejected, "cancel")


def test_a_quoted_message_names_its_contact(engine: Engine, now: datetime) -> None:
    first, second = two_asked(engine, now)
    [attempt] = attempts_of(engine, first)
    later = attempts_of(engine, second)[0].started_at + LATER
    # Without the quote it would have to be asked which is meant.
    with unit_of_work(engine) as session:
        quoted = a_message(later, "نعم", source=attempt.provider, answers=attempt.provider_id)
        assert arrive(session, quoted, KEYS, now=later) is None
    assert (verdict_of(engine, first), verdict_of(engine, second)) == (Verdict.confirmed, None)


def test_the_same_message_twice_is_one(engine: Engine, now: datetime) -> None:
    order, _ = asked(engine, now)
    said = a_message(now + LATER, "نعم")
    write(engine, said)
    write(engine, said)
    assert len(decisions_of(engine, order)) == len(heard_from(engine)) == len(events_of(engine, order)) == 1


def test_nobody_elses_contact_is_answered(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    stranger = a_message(now, "نعم", phone=OTHER_E164, button="confirm", reference=attempt.reference)
    assert write(engine, stranger) is None
    assert verdict_of(engine, order) is None
    stored = event_of(engine, stranger)
    assert (stored.state, stored.problem) == (InboundState.quarantined, "unknown_phone")
    assert heard_from(engine) == []


@pytest.mark.parametrize("whose", ["somebody else's", "nobody's"])
@pytest.mark.parametrize("button", ["confirm", "cancel"])
def test_a_button_of_another_message_is_an_agents(
    engine: Engine, now: datetime, whose: str, button: str
) -> None:
    _, attempt = asked(engine, now, phone=OTHER_E164)
    order, its_attempt = asked(engine, now)
    reference = attempt.reference if whose == "somebody else's" else "tk-" + "0" * 32
    tapped = a_message(
        now + LATER, "نعم", button=button, reference=reference, answers=its_attempt.provider_id
    )
    assert write(engine, tapped) is None
    assert verdict_of(engine, order) is None
    step = live_step(engine, order)
    assert (step.channel, step.reason["code"]) == (Channel.agent_call, "tapped_another_message")
    [message] = heard_from(engine)
    assert (message.button, message.store_id) == (button, its_attempt.store_id)


def test_a_button_of_another_message_changes_no_decision(engine: Engine, now: datetime) -> None:
    order, _ = asked(engine, now)
    write(engine, a_message(now + LATER, "نعم"))
    write(engine, a_message(now + 2 * LATER, "x", button="cancel", reference="tk-" + "0" * 32))
    assert verdict_of(engine, order) is Verdict.confirmed
    step = live_step(engine, order)
    assert (step.channel, step.reason["code"]) == (Channel.agent_call, "tapped_another_message")


def test_where_several_wait_a_button_of_another_message_is_asked_about(engine: Engine, now: datetime) -> None:
    first, second = two_asked(engine, now)
    at = attempts_of(engine, second)[0].started_at + LATER
    assert write(engine, a_message(at, "نعم", button="confirm", reference="tk-" + "0" * 32)) is not None
    assert verdict_of(engine, first) is verdict_of(engine, second) is None
    write(engine, a_message(at + LATER, "2"))
    assert (verdict_of(engine, first), verdict_of(engine, second)) == (None, Verdict.confirmed)


def test_several_waiting_orders_are_asked_about_and_the_number_settles_it(
    engine: Engine, now: datetime
) -> None:
    first, second = two_asked(engine, now)
    at = attempts_of(engine, second)[0].started_at + LATER
    said = a_message(at, "نعم")
    reply = write(engine, said)
    assert reply is not None
    assert "1. #1047" in reply.text
    assert "2. #2001" in reply.text
    assert verdict_of(engine, first) is verdict_of(engine, second) is None
    assert write(engine, said) == reply, "a repeated webhook has the same answer"
    with unit_of_work(engine) as session:
        [question] = session.scalars(select(Message).where(Message.asks.is_not(None)))
        assert question.asks == [str(first), str(second)]

    assert write(engine, a_message(at + LATER, "٢")) is None
    assert (verdict_of(engine, first), verdict_of(engine, second)) == (None, Verdict.confirmed)
    [decision] = decisions_of(engine, second)
    with unit_of_work(engine) as session:
        words = session.get_one(MessageBody, UUID(decision.proof["message_id"])).body
    assert words == "نعم", "the proof are the buyer's own words, not the number"

    assert write(engine, a_message(at + 2 * LATER, "1")) is None
    assert verdict_of(engine, first) is Verdict.confirmed


@pytest.mark.parametrize("answer", ["3", "٣.", "(3)"])
def test_all_of_them_can_be_meant(engine: Engine, now: datetime, answer: str) -> None:
    first, second = two_asked(engine, now)
    at = attempts_of(engine, second)[0].started_at + LATER
    write(engine, a_message(at, "الغوه"))
    write(engine, a_message(at + LATER, answer))
    assert verdict_of(engine, first) is verdict_of(engine, second) is Verdict.rejected


def test_an_order_can_be_named_by_its_own_number(engine: Engine, now: datetime) -> None:
    first, second = two_asked(engine, now)
    at = attempts_of(engine, second)[0].started_at + LATER
    write(engine, a_message(at, "نعم"))
    write(engine, a_message(at + LATER, "١٠٤٧"))
    assert (verdict_of(engine, first), verdict_of(engine, second)) == (Verdict.confirmed, None)


def test_a_second_unclear_answer_is_an_agents(engine: Engine, now: datetime) -> None:
    first, second = two_asked(engine, now)
    at = attempts_of(engine, second)[0].started_at + LATER
    assert write(engine, a_message(at, "نعم")) is not None
    assert write(engine, a_message(at + LATER, "نعم")) is None
    assert verdict_of(engine, first) is verdict_of(engine, second) is None
    assert live_step(engine, second).channel is Channel.agent_call
    asking_store = attempts_of(engine, second)[0].store_id
    assert [message.store_id for message in heard_from(engine)] == [asking_store] * 2, (
        "both stand in the thread"
    )


def test_the_question_is_in_the_buyers_language(engine: Engine, now: datetime) -> None:
    first, second = two_asked(engine, now)
    at = attempts_of(engine, second)[0].started_at + LATER
    with unit_of_work(engine) as session:
        for one in (first, second):
            session.get_one(Order, one).language = "en"
    reply = write(engine, a_message(at, "yes"))
    assert reply is not None
    assert "Which one do you mean?" in reply.text


def test_files_are_for_people_to_look_at(engine: Engine, now: datetime) -> None:
    order, _ = asked(engine, now)
    write(engine, a_message(now + LATER, "نعم", media=("audio/ogg", "image/jpeg")))
    assert verdict_of(engine, order) is None
    assert live_step(engine, order).channel is Channel.agent_call
    [message] = heard_from(engine)
    with unit_of_work(engine) as session:
        assert session.get_one(MessageBody, message.id).body == "نعم\n[audio/ogg]\n[image/jpeg]"


def test_a_place_goes_to_the_orders_address(engine: Engine, now: datetime) -> None:
    order, _ = asked(engine, now)
    with unit_of_work(engine) as session:
        session.get_one(Order, order).details.landmark = "بجانب المسجد"
    write(engine, a_message(now + LATER, location=(24.7136, 46.6753)))
    with unit_of_work(engine) as session:
        details = session.get_one(Order, order).details
        assert details.landmark == "بجانب المسجد (24.71360,46.67530)"
    assert verdict_of(engine, order) is None
    assert [event.event_type for event in events_of(engine, order)] == ["order.changed"]


def test_stop_is_kept_and_start_ends_it(engine: Engine, now: datetime) -> None:
    order, _ = asked(engine, now)
    write(engine, a_message(now + LATER, "STOP", wish="stop"))
    assert silenced(engine) == {Channel.whatsapp}
    assert attempts_of(engine, order)[0].outcome is Outcome.opted_out
    assert live_step(engine, order).channel is not Channel.whatsapp
    write(engine, a_message(now + 2 * LATER, "ابدأ"))
    assert silenced(engine) == set()


def test_an_sms_answers_too(engine: Engine, now: datetime) -> None:
    set_policy(engine, now, {"ladder": [{"channel": "sms", "after_minutes": 0}]}, country="SA")
    order, _ = asked(engine, now, Channel.sms)
    write(engine, a_message(now + LATER, "نعم", channel=Channel.sms))
    [decision] = decisions_of(engine, order)
    assert (decision.verdict, decision.via) == (Verdict.confirmed, "sms")
    write(engine, a_message(now + 2 * LATER, "STOP", channel=Channel.sms))
    assert silenced(engine) == {Channel.sms}


def test_a_stop_by_sms_ends_no_contact_over_whatsapp(engine: Engine, now: datetime) -> None:
    order, _ = asked(engine, now)
    write(engine, a_message(now + LATER, "STOP", channel=Channel.sms, wish="stop"))
    assert silenced(engine) == {Channel.sms}
    assert attempts_of(engine, order)[0].outcome is None
    assert "sms" not in {step.channel for step in steps_of(engine, order, live=True)}
    [message] = heard_from(engine)
    assert (message.intent, message.attempt_id) == (Intent.stop, None)
    write(engine, a_message(now + 2 * LATER, "نعم"))
    assert verdict_of(engine, order) is Verdict.confirmed


def test_a_stop_by_sms_after_the_decision_ends_no_contact_over_whatsapp(
    engine: Engine, now: datetime
) -> None:
    order, _ = asked(engine, now)
    write(engine, a_message(now + LATER, "نعم"))
    write(engine, a_message(now + 2 * LATER, "STOP", channel=Channel.sms, wish="stop"))
    assert silenced(engine) == {Channel.sms}
    assert attempts_of(engine, order)[0].outcome is Outcome.replied
    assert steps_of(engine, order, live=True) == []


def test_whatsapp_words_may_answer_an_sms(engine: Engine, now: datetime) -> None:
    set_policy(engine, now, {"ladder": [{"channel": "sms", "after_minutes": 0}]}, country="SA")
    order, _ = asked(engine, now, Channel.sms)
    write(engine, a_message(now + LATER, "الغوه"))
    [decision] = decisions_of(engine, order)
    assert (decision.verdict, decision.via) == (Verdict.rejected, "whatsapp")
    with unit_of_work(engine) as session:
        reached = session.scalars(select(Reachability)).all()
    assert [one for one in reached if one.channel is Channel.sms] == [], "nothing shows that the SMS arrived"


def test_stop_before_anybody_asked_leaves_that_channel_out(engine: Engine, now: datetime) -> None:
    order = an_order(engine, a_store(engine, now), now)
    assert live_step(engine, order).channel is Channel.whatsapp
    write(engine, a_message(now, "STOP"))
    step = live_step(engine, order)
    assert step.channel not in (Channel.whatsapp, Channel.agent_call)
    write(engine, a_message(now + LATER, "START"))
    assert live_step(engine, order).channel is Channel.whatsapp


def test_a_wrong_number_holds_for_every_contact_that_waits(engine: Engine, now: datetime) -> None:
    first, second = two_asked(engine, now)
    at = attempts_of(engine, second)[0].started_at + LATER
    assert write(engine, a_message(at, "رقم غلط")) is None
    assert {attempts_of(engine, one)[-1].outcome for one in (first, second)} == {Outcome.wrong_number}


def test_a_question_needs_no_question_back(engine: Engine, now: datetime) -> None:
    _, second = two_asked(engine, now)
    at = attempts_of(engine, second)[0].started_at + LATER
    assert write(engine, a_message(at, "متى يوصل؟")) is None
    assert live_step(engine, second).channel is Channel.agent_call


def test_a_place_waits_for_the_order_it_is_for(engine: Engine, now: datetime) -> None:
    first, second = two_asked(engine, now)
    at = attempts_of(engine, second)[0].started_at + LATER
    assert write(engine, a_message(at, location=(24.7136, 46.6753))) is not None
    assert write(engine, a_message(at + LATER, "1")) is None
    with unit_of_work(engine) as session:
        landmarks = [session.get_one(Order, one).details.landmark for one in (first, second)]
    assert landmarks == ["24.71360,46.67530", None]


def test_a_reply_before_the_answer_to_our_own_request_counts(engine: Engine, now: datetime) -> None:
    order = an_order(engine, a_store(engine, now), now)
    [held] = ready_claims(engine, now)
    with unit_of_work(engine) as session:
        begin(session, held, provider="twilio", now=now)
    write(engine, a_message(now, "نعم"))
    assert verdict_of(engine, order) is Verdict.confirmed
    assert steps_of(engine, order, live=True) == []


def test_stop_from_an_unknown_phone_is_kept_under_its_hash(engine: Engine, now: datetime) -> None:
    said = a_message(now, "STOP", phone=OTHER_E164)
    write(engine, said)
    with unit_of_work(engine) as session:
        assert session.scalars(select(OptOut.phone_hash)).one() == KEYS.phone_hash(OTHER_E164)
    assert event_of(engine, said).problem == "unknown_phone"


def test_start_means_nothing_where_nobody_said_stop(engine: Engine, now: datetime) -> None:
    order, _ = asked(engine, now)
    write(engine, a_message(now + LATER, "start"))
    assert verdict_of(engine, order) is None
    assert live_step(engine, order).channel is Channel.agent_call, "read as any other word"


def test_stop_holds_for_every_contact_that_waits(engine: Engine, now: datetime) -> None:
    first, second = two_asked(engine, now)
    at = attempts_of(engine, second)[0].started_at + LATER
    assert write(engine, a_message(at, "وقفوا الرسايل")) is None
    assert {attempts_of(engine, one)[-1].outcome for one in (first, second)} == {Outcome.opted_out}


@pytest.mark.parametrize(
    ("text", "reaches"),
    [("متى يوصل؟", True), ("أبغى أغير العنوان", True), ("صار لي ظرف طارئ اليوم", True), ("نعم", False)],
)
def test_a_reply_after_the_decision_reopens_nothing_but_reaches_an_agent(
    engine: Engine, now: datetime, text: str, reaches: bool
) -> None:
    order, _ = asked(engine, now)
    write(engine, a_message(now + LATER, "نعم"))
    write(engine, a_message(now + 2 * LATER, text))
    assert len(decisions_of(engine, order)) == 1
    waiting = [step.channel for step in steps_of(engine, order, live=True)]
    assert waiting == ([Channel.agent_call] if reaches else [])


def test_a_no_after_a_yes_changes_the_decision(engine: Engine, now: datetime) -> None:
    order, _ = asked(engine, now)
    write(engine, a_message(now + LATER, "نعم"))
    write(engine, a_message(now + 2 * LATER, "الغوه"))
    assert verdict_of(engine, order) is Verdict.rejected
    assert steps_of(engine, order, live=True) == []


def test_a_reply_after_the_parcel_has_left_reaches_an_agent_too(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    write(engine, a_message(now + LATER, "نعم"))
    with unit_of_work(engine) as session:
        session.get_one(Order, order).shipped_at = now + LATER
    tap = a_message(now + 2 * LATER, "إلغاء", button="cancel", reference=attempt.reference)
    write(engine, tap)
    assert verdict_of(engine, order) is Verdict.confirmed
    assert live_step(engine, order).reason["code"] == "wrote_to_us"


def test_a_buyer_whom_nobody_has_asked_yet_reaches_an_agent(engine: Engine, now: datetime) -> None:
    order = an_order(engine, a_store(engine, now), now)
    write(engine, a_message(now, "نعم"))
    assert verdict_of(engine, order) is None, "a yes to nothing is none"
    step = live_step(engine, order)
    assert (step.channel, step.reason["code"]) == (Channel.agent_call, "wrote_to_us")
    assert len(heard_from(engine)) == 1


def test_a_known_phone_without_an_order_is_kept_and_shown(engine: Engine, now: datetime) -> None:
    order = an_order(engine, a_store(engine, now), now)
    with unit_of_work(engine) as session:
        point = session.scalars(select(ContactPoint)).one()
        stranger = ContactPoint(
            buyer_id=point.buyer_id,
            phone=OTHER_E164,
            phone_hash=KEYS.phone_hash(OTHER_E164),
            country="SA",
            line_type="mobile",
            expires_at=point.expires_at,
            created_at=now,
        )
        session.add(stranger)
    said = a_message(now, "مرحبا", phone=OTHER_E164)
    write(engine, said)
    assert event_of(engine, said).problem == "no_order"
    assert order_row(engine, order).wish is None
    with unit_of_work(engine) as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 1
