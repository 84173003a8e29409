"""What a refusal makes an operator see."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from channels.protocol import Meaning, Refused
from channels.twilio.meanings import alarm_of, meaning_of
from models.attempts import Attempt
from models.vocabulary import AttemptState, Channel
from tests import stored
from tests.verification.board.standing import a_step, an_attempt, an_order
from verification.alarms import standing_alarms
from verification.heeding import heed


def a_failure(session: Session, now: datetime, channel: Channel) -> Attempt:
    step = a_step(session, now, an_order(session, now, stored.a_store(session, now)), channel=channel)
    attempt = an_attempt(session, now, step)
    attempt.state, attempt.provider = AttemptState.failed, "twilio"
    return attempt


@pytest.mark.parametrize(
    ("channel", "code", "alarm", "subject"),
    [
        (Channel.sms, "21408", "geo_permission", "sms:SA"),
        (Channel.ivr, "21215", "geo_permission", "ivr:SA"),
        (Channel.whatsapp, "20003", "credentials", "twilio"),
        (Channel.whatsapp, "63041", "our_fault", "whatsapp:SA:63041"),
        (Channel.sms, "30007", "filtered", "sms:SA"),
    ],
)
def test_a_code_that_says_what_to_mend_raises_that_alarm(session, now, channel, code, alarm, subject):
    refusal = Refused(code, meaning_of(channel, code), alarm=alarm_of(channel, code))
    heed(session, a_failure(session, now, channel), refusal, now=now)
    [raised] = standing_alarms(session)
    assert (raised.code, raised.subject) == (alarm, subject)
    assert raised.params["code"] == code


def test_a_code_that_nobody_knows_is_shown_and_counted(session, now):
    for _ in range(2):
        refusal = Refused("98765", Meaning.undeliverable, is_known=False)
        heed(session, a_failure(session, now, Channel.sms), refusal, now=now)
    [raised] = standing_alarms(session)
    assert (raised.code, raised.subject, raised.count) == ("unknown_code", "sms:98765", 2)


def test_what_a_phone_brings_upon_itself_concerns_no_operator(session, now):
    heed(
        session,
        a_failure(session, now, Channel.whatsapp),
        Refused("63024", Meaning.no_such_channel),
        now=now,
    )
    assert standing_alarms(session) == []
