import pytest

from channels.protocol import Meaning
from channels.twilio.meanings import TABLES, is_known, meaning_of, said_of
from models.vocabulary import Channel


def test_every_channel_that_twilio_serves_has_a_table() -> None:
    assert set(TABLES) == set(Channel) - {Channel.page}


@pytest.mark.parametrize(
    ("channel", "code", "meaning"),
    [
        (Channel.sms, "21610", Meaning.opted_out),
        (Channel.sms, "21614", Meaning.no_such_channel),
        (Channel.sms, "21635", Meaning.no_such_channel),
        (Channel.sms, "30003", Meaning.switched_off),
        (Channel.sms, "30007", Meaning.filtered),
        (Channel.sms, "21611", Meaning.slow_down),
        (Channel.whatsapp, "30007", Meaning.filtered),
        (Channel.whatsapp, "63024", Meaning.no_such_channel),
        (Channel.whatsapp, "63016", Meaning.window_closed),
        (Channel.whatsapp, "63018", Meaning.slow_down),
        (Channel.whatsapp, "63032", Meaning.undeliverable),
        (Channel.ivr, "21215", Meaning.our_fault),
        (Channel.ivr, "21211", Meaning.no_such_number),
        (Channel.agent_call, "sip_480", Meaning.switched_off),
    ],
)
def test_a_code_means_what_happens_next(channel: Channel, code: str, meaning: Meaning) -> None:
    assert meaning_of(channel, code) is meaning
    assert is_known(channel, code)
    assert said_of(channel, code)


def test_a_code_that_nobody_knows_leads_to_the_next_channel_and_can_be_told_apart() -> None:
    assert meaning_of(Channel.sms, "98765") is Meaning.undeliverable
    assert not is_known(Channel.sms, "98765")
    assert said_of(Channel.sms, "98765") is None


def test_what_only_one_channel_has_is_unknown_on_the_others() -> None:
    assert not is_known(Channel.sms, "63024")
    assert not is_known(Channel.whatsapp, "sip_486")
