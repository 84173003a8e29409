from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from channels.protocol import ContactChannel, ContactEvent, EventKind, Uncertain
from channels.sandbox import scripted
from channels.sandbox.answering import next_due_at, take_due
from channels.sandbox.scripted import ScriptedBuyers
from channels.sandbox.sending import SandboxChannel
from models.sandbox import SandboxAnswer, SandboxContact
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel, Outcome
from tests.channels.contract import NOW, ChannelContract, Rig, contact_with

PHONE = "+966550000001"


def channel_with(engine: Engine, *scripts: scripted.Script, on: Channel = Channel.whatsapp) -> ContactChannel:
    return SandboxChannel(engine, on, ScriptedBuyers({PHONE: scripts}), Decimal("0.012"))


def events_by(engine: Engine, after: timedelta) -> list[ContactEvent]:
    with unit_of_work(engine) as session:
        return take_due(session, now=NOW + after)


@pytest.fixture(params=[Channel.whatsapp, Channel.sms, Channel.ivr])
def rig(engine: Engine, request: pytest.FixtureRequest) -> Rig:
    confirms = [scripted.confirms(), scripted.confirms()]
    buyers = ScriptedBuyers(
        {
            "+966550000001": confirms,
            "+966550000002": [scripted.doubled(scripted.confirms())],
            "+966550000003": [scripted.refused()],
            "+966550000004": [scripted.hangs(scripted.confirms(), accepted=True)],
            "+966550000005": [scripted.hangs(scripted.confirms(), accepted=False)],
        }
    )
    return Rig(
        channel=SandboxChannel(engine, request.param, buyers, Decimal("0.012")),
        kind=request.param,
        confirms="+966550000001",
        confirms_with_doubled_callbacks="+966550000002",
        refused="+966550000003",
        time_out_accepted="+966550000004",
        time_out_not_accepted="+966550000005",
        events=lambda: events_by(engine, timedelta(days=1)),
    )


class TestSandbox(ChannelContract):
    def test_one_reference_makes_one_contact(self, rig: Rig) -> None:
        contact = rig.contact(rig.confirms)
        assert rig.channel.send(contact).provider_id == rig.channel.send(contact).provider_id
        replies = [event for event in rig.events() if event.kind is EventKind.reply]
        assert len(replies) == 1


def test_nothing_comes_back_before_its_time(engine: Engine) -> None:
    channel_with(engine, scripted.confirms(timedelta(minutes=4))).send(contact_with(PHONE))
    assert [event.state for event in events_by(engine, timedelta(minutes=3))] == [AttemptState.delivered]
    replies = [event for event in events_by(engine, timedelta(minutes=4)) if event.kind is EventKind.reply]
    assert [event.at for event in replies] == [NOW + timedelta(minutes=4)]
    assert events_by(engine, timedelta(days=9)) == []


def test_an_answer_is_handed_over_again_when_its_use_was_rolled_back(
    engine: Engine, session: Session
) -> None:
    channel_with(engine, scripted.confirms()).send(contact_with(PHONE))
    assert take_due(session, now=NOW + timedelta(hours=1))
    session.rollback()
    assert events_by(engine, timedelta(hours=1))


def test_two_workers_never_take_the_same_answer(engine: Engine) -> None:
    channel_with(engine, scripted.confirms()).send(contact_with(PHONE))
    with unit_of_work(engine) as one, unit_of_work(engine) as other:
        first = take_due(one, now=NOW + timedelta(hours=1), limit=1)
        second = take_due(other, now=NOW + timedelta(hours=1))
    assert len(first) == 1
    assert {event.external_id for event in first}.isdisjoint(event.external_id for event in second)


def test_the_next_answer_is_known(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        assert next_due_at(session) is None
    channel_with(engine, scripted.call_ends(Outcome.busy, timedelta(seconds=9)), on=Channel.ivr).send(
        contact_with(PHONE, Channel.ivr)
    )
    with unit_of_work(engine) as session:
        assert next_due_at(session) == NOW + timedelta(seconds=9)


def test_an_answer_can_be_due_before_the_send_has_returned(engine: Engine) -> None:
    channel = channel_with(engine, scripted.hangs(scripted.confirms(timedelta(0)), accepted=True))
    with pytest.raises(Uncertain):
        channel.send(contact_with(PHONE))
    assert [event.button for event in events_by(engine, timedelta(0)) if event.button] == ["confirm"]


def test_a_silent_buyer_only_gets_the_message(engine: Engine) -> None:
    channel_with(engine, scripted.silent()).send(contact_with(PHONE))
    assert [event.state for event in events_by(engine, timedelta(days=1))] == [AttemptState.delivered]


@pytest.mark.parametrize(
    ("script", "text", "button"),
    [
        (scripted.says("رقم غلط"), "رقم غلط", None),
        (scripted.cancels(), None, "cancel"),
        (scripted.chooses("agent"), None, "agent"),
    ],
)
def test_a_reply_comes_in_the_buyers_words_or_as_a_button(
    engine: Engine, script: scripted.Script, text: str | None, button: str | None
) -> None:
    channel_with(engine, script).send(contact_with(PHONE))
    replies = [event for event in events_by(engine, timedelta(days=1)) if event.kind is EventKind.reply]
    assert [(event.text, event.button) for event in replies] == [(text, button)]


def test_an_sms_is_answered_on_the_page(engine: Engine) -> None:
    channel_with(engine, scripted.confirms(), on=Channel.sms).send(contact_with(PHONE, Channel.sms))
    replies = [event for event in events_by(engine, timedelta(days=1)) if event.kind is EventKind.reply]
    assert [event.source for event in replies] == ["page"]


def test_a_call_ends_answered_after_its_key(engine: Engine) -> None:
    channel_with(engine, scripted.confirms(), on=Channel.ivr).send(contact_with(PHONE, Channel.ivr))
    *_, key, ended = events_by(engine, timedelta(days=1))
    assert (key.button, ended.state, ended.outcome) == ("confirm", AttemptState.closed, Outcome.answered)


def test_scripts_follow_one_another_contact_by_contact(engine: Engine) -> None:
    channel = channel_with(engine, scripted.silent(), scripted.confirms())
    channel.send(contact_with(PHONE, reference="first"))
    channel.send(contact_with(PHONE, reference="second"))
    replies = [event for event in events_by(engine, timedelta(days=1)) if event.kind is EventKind.reply]
    assert [event.reference for event in replies] == ["second"]


def test_second_thoughts_come_after_the_first(engine: Engine) -> None:
    script = scripted.both(scripted.confirms(), scripted.cancels(timedelta(hours=2)))
    channel_with(engine, script).send(contact_with(PHONE))
    replies = [event for event in events_by(engine, timedelta(days=1)) if event.kind is EventKind.reply]
    assert [event.button for event in replies] == ["confirm", "cancel"]
    assert len({event.external_id for event in replies}) == 2


def test_callbacks_that_come_backwards_still_say_when_they_happened(engine: Engine) -> None:
    channel_with(engine, scripted.backwards(scripted.confirms())).send(contact_with(PHONE))
    events = events_by(engine, timedelta(days=1))
    assert [event.state for event in events] == [None, AttemptState.reached, AttemptState.delivered]
    assert events[-1].at < events[0].at


def test_a_phone_without_the_channel_can_be_found_out_later(engine: Engine) -> None:
    channel_with(engine, scripted.dead()).send(contact_with(PHONE))
    (event,) = events_by(engine, timedelta(minutes=1))
    assert (event.state, event.code) == (AttemptState.failed, "no_such_channel")


def test_words_that_were_handed_over_leave_the_books(engine: Engine, session: Session) -> None:
    channel_with(engine, scripted.says("اسمي نوره")).send(contact_with(PHONE))
    assert "اسمي نوره" in {event.text for event in events_by(engine, timedelta(days=1))}
    assert all("نوره" not in str(answer.answer) for answer in session.scalars(select(SandboxAnswer)))


def test_the_books_keep_no_phone(engine: Engine) -> None:
    channel_with(engine, scripted.confirms()).send(contact_with(PHONE, reference="ours"))
    with unit_of_work(engine) as session:
        assert session.scalar(select(func.count()).select_from(SandboxContact)) == 1
        answers = session.scalars(select(SandboxAnswer)).all()
    assert all("550000001" not in str(answer.answer) for answer in answers)
