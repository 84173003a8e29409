"""What stands at the head of the board: alarms in words, and a provider that is out."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from channels.protocol import Meaning
from channels.twilio.meanings import TABLES
from models.calendars import AuditLine
from models.senders import ProviderState, Sender
from models.vocabulary import Channel, Role, SenderKind, StepState
from tests import stored
from tests.verification.board.standing import a_step, an_order
from tests.web.staff import Browser, make_user
from tests.web.twilio.conftest import ACCOUNT
from verification.alarms import CODES, raise_alarm, standing_alarms
from web.board.alarm_words import tell_alarm
from web.board.code_words import SAID, code_name
from web.translating import translations

SPAM = {"channel": "sms", "country": "AE", "code": "30007", "sender": "TAKEED"}


@pytest.fixture
def board(app, work, now, monkeypatch):
    monkeypatch.setattr(app.extensions["takeed"], "account", ACCOUNT)
    app.extensions["takeed.board"].forget()
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.supervisor).email)
    return browser


def words(text):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_an_alarm_says_what_is_wrong_what_to_do_how_often_and_since_when(board, work, now):
    with work() as session:
        for _ in range(3):
            raise_alarm(session, "filtered", "sms:AE:TAKEED", SPAM, now=now - timedelta(hours=1))
    text = words(board.get("/board").text)
    assert "SMS in United Arab Emirates is filtered as spam" in text
    assert "30007: a carrier filtered it" in text
    assert "Register the sender and the text with the carriers" in text
    assert "3 times · since" in text


def test_alarms_that_say_the_same_are_told_apart(board, work, now):
    with work() as session:
        for sender in ("TAKEED", "NOOR"):
            raise_alarm(session, "filtered", f"sms:AE:{sender}", SPAM, now=now)
        for door in ("/messages/status", "/voice/status"):
            raise_alarm(session, "unsigned", door, now=now)
        raise_alarm(session, "sender_refused", "sms:AE:TAKEED", SPAM, now=now)
    text = words(board.get("/board").text)
    for each in ("is filtered as spam NOOR", "is filtered as spam TAKEED", "not sign /voice/status"):
        assert each in text
    assert "TAKEED may not be used for SMS in United Arab Emirates 30007" in text
    assert 'aria-label="Put away: SMS in United Arab Emirates is filtered as spam NOOR"' in unescape(
        board.get("/board").text
    )


def test_who_puts_an_alarm_away_is_on_record(board, work, now):
    with work() as session:
        raise_alarm(session, "filtered", "sms:AE:TAKEED", SPAM, now=now)
        raise_alarm(session, "filtered", "sms:SA:TAKEED", SPAM, now=now)
    gone = {"code": "filtered", "subject": "sms:AE:TAKEED"}
    assert board.post("/board/alarms/put-away", gone).headers["Location"] == "/board?said=put_away"
    assert board.post("/board/alarms/put-away", gone).status_code == 303
    assert "The alarm is put away" in board.get("/board?said=put_away").text
    with work() as session:
        assert [each.subject for each in standing_alarms(session)] == ["sms:SA:TAKEED"]
        [line] = session.scalars(select(AuditLine).where(AuditLine.code == "alarm_put_away"))
        assert line.params == {"alarm": "filtered", "subject": "sms:AE:TAKEED"}
        assert line.actor.startswith("agent:")
    admin = Browser(board.client.application, "10.0.0.2")
    admin.sign_in(make_user(work, now, Role.admin).email)
    assert "Alarm put away: Filtered as spam (sms:AE:TAKEED)" in words(admin.get("/admin/audit").text)


@pytest.mark.parametrize("form", [{}, {"code": "x", "subject": "y"}, {"code": "filtered", "subject": "\0"}])
def test_what_is_no_alarm_cannot_be_put_away(board, form):
    assert board.post("/board/alarms/put-away", form).status_code == 404


def test_an_agent_puts_nothing_away(app, work, now):
    agent = Browser(app)
    agent.sign_in(make_user(work, now, Role.agent).email)
    assert agent.post("/board/alarms/put-away", {"code": "filtered", "subject": "y"}).status_code == 403


def test_an_outage_says_since_when_how_many_wait_and_when_it_is_tried(board, work, now):
    with work() as session:
        raise_alarm(session, "provider_out", "twilio", now=now)
        out = {"out_since": now - timedelta(minutes=7), "retry_at": now + timedelta(minutes=3)}
        session.add(ProviderState(provider="twilio", failures=8, changed_at=now, **out))
        store = stored.a_store(session, now)
        for _ in range(2):
            a_step(session, now, an_order(session, now, store), state=StepState.ready)
    text = board.get("/board").text
    assert "Twilio is out since" in text
    assert "2 contacts wait · next try" in words(text)
    assert text.count('<li class="is-out">') == 1
    assert "Put away" not in text
    listed = words(board.get("/board/orders?cause=provider_out").text)
    assert listed.count("for the provider, which is out") >= 2


def test_every_cause_of_waiting_leads_to_its_orders(board, work, now):
    with work() as session:
        voice = {"kind": SenderKind.voice, "address": "+966500000000", "created_by": "t", "created_at": now}
        session.add(Sender(resting_until=now + timedelta(minutes=1), **voice))
        store = stored.a_store(session, now)
        for channel in (Channel.ivr, Channel.sms):
            a_step(session, now, an_order(session, now, store), state=StepState.ready, channel=channel)
    text = words(board.get("/board").text)
    assert "1 without a sender to contact them" in text
    assert "1 for a sender that is busy" in text
    for cause in ("no_sender", "sender_busy"):
        assert "1 order " in words(board.get(f"/board/orders?cause={cause}").text)


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_alarm_has_words_whatever_came_with_it(app, work, now, code):
    with work() as session:
        raise_alarm(session, code, "x", now=now)
        [alarm] = standing_alarms(session)
    with app.test_request_context():
        told = tell_alarm(alarm)
    assert told.wrong != code
    assert told.to_do


def test_every_word_of_the_tables_is_said_in_arabic():
    said = {words for table in TABLES.values() for _, words in table.values()}
    assert set(SAID) == said
    assert {each for each in said if translations("ar").gettext(each) == each} == set()


def test_a_code_comes_with_its_words_where_there_are_any(app):
    assert Meaning.filtered in TABLES[Channel.sms]["30007"]
    with app.test_request_context("/?lang=ar"):
        assert code_name(Channel.sms, "30007") == "30007: حجبتها شركة الاتصالات"
        assert code_name(Channel.page, "30007") == code_name(None, "30007") == "30007"
        assert code_name(Channel.ivr, "98765") == "98765"
