"""Contacts over a provider that needs to be told who we are and what to say."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from channels.protocol import Contact, From, Meaning, Refused, Sent
from models.attempts import Attempt
from models.base import new_id
from models.messages import Message
from models.senders import Alarm
from models.templates import MessageTemplate
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel, MessageClass, Outcome, SenderKind, TemplateState
from tests.building import Provider, a_store, an_order, attempts_of, hear, live_step, report, set_policy
from verification.contact.promoting import promote
from verification.contact.streaming import Crew, make_all
from verification.routing.stored import add_sender

LINK = "https://takeed.example.com/c/"
ADDRESSES = {
    SenderKind.whatsapp: "+966110000001",
    SenderKind.sms: "Takeed",
    SenderKind.voice: "+966110000002",
}


def a_sender(engine: Engine, now: datetime, kind: SenderKind) -> UUID:
    with unit_of_work(engine) as session:
        return add_sender(session, kind=kind, address=ADDRESSES[kind], actor="test", now=now).id


def a_template(engine: Engine, now: datetime, **patch: Any) -> UUID:
    values = {
        "id": new_id(),
        "channel": Channel.whatsapp,
        "name": "first",
        "language": "ar",
        "version": 1,
        "message_class": MessageClass.service,
        "body": "طلبك {{number}} من {{store}} بمبلغ {{total}}، هل تؤكده؟",
        "buttons": [{"id": "confirm", "title": "تأكيد"}, {"id": "cancel", "title": "إلغاء"}],
        "state": TemplateState.approved,
        "state_at": now,
        "content_id": "HX" + "1" * 32,
        "created_by": "test",
        "created_at": now,
    }
    with unit_of_work(engine) as session:
        session.add(template := MessageTemplate(**(values | patch)))
    return template.id


def ladder(engine: Engine, now: datetime, *channels: Channel) -> None:
    rungs = [{"channel": channel.value, "after_minutes": 60} for channel in (*channels, Channel.agent_call)]
    set_policy(engine, now, {"ladder": rungs}, country="SA")


def contact_all(engine: Engine, now: datetime, provider: Provider, channel: Channel) -> None:
    with unit_of_work(engine) as session:
        promote(session, now=now)
    crew = Crew(engine, provider.channels, lambda: now, "worker", page_at=lambda token: f"{LINK}{token}")
    make_all(crew, (channel,))


def real() -> Provider:
    return Provider(provider="twilio", needs_sender=True)


def alarms(engine: Engine) -> list[tuple[str, str, int]]:
    with unit_of_work(engine) as session:
        rows = session.scalars(select(Alarm).order_by(Alarm.code))
        return [(row.code, row.subject, row.count) for row in rows]


def test_a_whatsapp_message_goes_out_as_the_approved_template_from_our_number(
    engine: Engine, now: datetime
) -> None:
    ladder(engine, now, Channel.whatsapp)
    sender, template = a_sender(engine, now, SenderKind.whatsapp), a_template(engine, now)
    order = an_order(engine, a_store(engine, now), now)
    provider = real()
    contact_all(engine, now, provider, Channel.whatsapp)
    [sent], [attempt] = provider.sends, attempts_of(engine, order)
    assert sent.sender == From(ADDRESSES[SenderKind.whatsapp])
    assert sent.wording is not None
    assert (sent.wording.content_id, sent.wording.template_id) == ("HX" + "1" * 32, template)
    assert [button.id for button in sent.wording.buttons] == [
        f"confirm:{sent.reference}",
        f"cancel:{sent.reference}",
    ]
    assert "199" in sent.wording.text
    assert (attempt.sender_id, attempt.template_id, attempt.provider) == (sender, template, "twilio")


@pytest.mark.parametrize(("wrote", "is_free"), [(timedelta(hours=23), True), (timedelta(hours=24), False)])
def test_free_text_goes_out_for_a_day_after_the_buyer_wrote(
    engine: Engine, now: datetime, wrote: timedelta, is_free: bool
) -> None:
    ladder(engine, now, Channel.whatsapp)
    a_sender(engine, now, SenderKind.whatsapp)
    a_template(engine, now)
    order = an_order(engine, a_store(engine, now), now)
    step = live_step(engine, order)

    def write(sender: str) -> None:
        with unit_of_work(engine) as session:
            session.add(
                Message(
                    buyer_id=step.buyer_id,
                    contact_point_id=step.contact_point_id,
                    direction="in",
                    channel=Channel.whatsapp,
                    sender=sender,
                    said_at=now - wrote,
                )
            )

    write("+966110000009")
    write(ADDRESSES[SenderKind.whatsapp])
    provider = real()
    contact_all(engine, now, provider, Channel.whatsapp)
    [sent] = provider.sends
    assert sent.wording is not None
    assert (sent.wording.content_id is None) == is_free


def test_a_window_that_was_shut_after_all_is_answered_with_the_template(
    engine: Engine, now: datetime
) -> None:
    ladder(engine, now, Channel.whatsapp)
    a_sender(engine, now, SenderKind.whatsapp)
    a_template(engine, now)
    order = an_order(engine, a_store(engine, now), now)
    step = live_step(engine, order)
    with unit_of_work(engine) as session:
        session.add(
            Message(
                buyer_id=step.buyer_id,
                contact_point_id=step.contact_point_id,
                direction="in",
                channel=Channel.whatsapp,
                sender=ADDRESSES[SenderKind.whatsapp],
                said_at=now - timedelta(hours=1),
            )
        )
    provider = real()

    def answer(wanted: Contact) -> Sent | Exception:
        free = wanted.wording is not None and wanted.wording.content_id is None
        return Refused("63016", Meaning.window_closed) if free else provider.accept(wanted)

    provider.script = answer
    contact_all(engine, now, provider, Channel.whatsapp)
    contact_all(engine, now + timedelta(seconds=2), provider, Channel.whatsapp)
    assert [one.wording and one.wording.content_id for one in provider.sends] == [None, "HX" + "1" * 32]
    assert [one.state for one in attempts_of(engine, order)] == [AttemptState.failed, AttemptState.sent]
    assert [one.meaning for one in attempts_of(engine, order)] == ["window_closed", None]


@pytest.mark.parametrize("by_callback", [False, True])
def test_a_template_that_is_told_of_a_shut_window_is_not_sent_again(
    engine: Engine, now: datetime, *, by_callback: bool
) -> None:
    ladder(engine, now, Channel.whatsapp)
    a_sender(engine, now, SenderKind.whatsapp)
    a_template(engine, now)
    order = an_order(engine, a_store(engine, now), now)
    provider = real()
    if not by_callback:
        provider.script = lambda wanted: Refused("63016", Meaning.window_closed)
    contact_all(engine, now, provider, Channel.whatsapp)
    if by_callback:
        shut = {"source": "twilio", "code": "63016", "meaning": Meaning.window_closed}
        hear(engine, report(attempts_of(engine, order)[0], now, AttemptState.failed, **shut), now)
    [attempt] = attempts_of(engine, order)
    assert (attempt.state, attempt.error_code, attempt.meaning) == (
        AttemptState.failed,
        "63016",
        "undeliverable",
    )
    assert live_step(engine, order).channel is Channel.agent_call
    assert [one[:2] for one in alarms(engine)] == [("our_fault", "whatsapp:SA:63016")]


@pytest.mark.parametrize(
    ("channel", "sender", "code", "alarm"),
    [
        (Channel.whatsapp, None, "no_sender", "no_sender"),
        (Channel.whatsapp, SenderKind.whatsapp, "no_template", "no_template"),
        (Channel.ivr, None, "no_sender", "no_sender"),
        (Channel.ivr, SenderKind.voice, "no_voice", "no_voice"),
        (Channel.sms, SenderKind.sms, "no_link_allowed", None),
    ],
)
def test_where_no_road_leads_the_next_channel_is_taken_and_the_operator_told(
    engine: Engine,
    now: datetime,
    channel: Channel,
    sender: SenderKind | None,
    code: str,
    alarm: str | None,
) -> None:
    ladder(engine, now, channel)
    set_policy(engine, now, {"sms_links": "none"}, country="SA")
    if sender is not None:
        a_sender(engine, now, sender)
    order = an_order(engine, a_store(engine, now), now, buyer={"language": "ckb"})
    provider = real()
    contact_all(engine, now, provider, channel)
    assert provider.sends == []
    [attempt] = attempts_of(engine, order)
    assert (attempt.state, attempt.outcome, attempt.error_code, attempt.meaning) == (
        AttemptState.failed,
        Outcome.failed,
        code,
        "no_road",
    )
    following = live_step(engine, order)
    assert (following.channel, following.not_before) == (Channel.agent_call, now)
    assert following.reason["code"] == "could_not_contact"
    assert [one[:2] for one in alarms(engine)] == ([(alarm, f"{channel.value}:SA")] if alarm else [])


@pytest.mark.parametrize(
    ("meaning", "alarm", "subject"),
    [
        (Meaning.filtered, "filtered", "sms:SA:Takeed"),
        (Meaning.sender_refused, "sender_refused", "sms:SA:Takeed"),
        (Meaning.our_fault, "our_fault", "sms:SA:30001"),
    ],
)
def test_what_an_operator_must_mend_is_told_once_however_often_it_is_met(
    engine: Engine, now: datetime, meaning: Meaning, alarm: str, subject: str
) -> None:
    ladder(engine, now, Channel.sms)
    set_policy(engine, now, {"sms_links": "any"}, country="SA")
    a_sender(engine, now, SenderKind.sms)
    store = a_store(engine, now)
    orders = [an_order(engine, store, now, phone=f"055120000{number}") for number in range(2)]
    provider = real()
    provider.script = lambda wanted: Refused("30001", meaning)
    contact_all(engine, now, provider, Channel.sms)
    attempts = [one for order in orders for one in attempts_of(engine, order)]
    # The same news over a callback says it of the same contact.
    hear(
        engine,
        report(
            attempts[0],
            now,
            AttemptState.failed,
            source="twilio",
            code="30001",
            meaning=meaning,
        ),
        now,
    )
    [(code, about, count)] = alarms(engine)
    assert (code, about) == (alarm, subject)
    assert count >= len(attempts)


def test_a_message_carries_the_words_of_its_channel_and_the_link(engine: Engine, now: datetime) -> None:
    ladder(engine, now, Channel.sms)
    set_policy(engine, now, {"sms_links": "any"}, country="SA")
    a_sender(engine, now, SenderKind.sms)
    order = an_order(engine, a_store(engine, now), now)
    provider = real()
    contact_all(engine, now, provider, Channel.sms)
    [sent], [attempt] = provider.sends, attempts_of(engine, order)
    assert sent.wording is not None
    assert sent.link in sent.wording.text
    with unit_of_work(engine) as session:
        [said] = session.scalars(select(Message).where(Message.attempt_id == attempt.id))
        kept = session.get_one(Attempt, attempt.id)
    assert (said.sender, kept.sender_id is not None, kept.template_id) == ("Takeed", True, None)
