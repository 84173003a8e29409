"""The markup of calls."""

from xml.etree import ElementTree

import pytest

from channels.twilio.speaking import Answering, Dialled, Line, ask, connect, go_on, hang_up, tell

ARABIC, ENGLISH = Line("السلام عليكم & أهلاً <بكم>", "ar"), Line("Hello & <welcome>", "en")
SOUND = Line(sound="https://takeed.example/clip?a=1&b=2")
DIALLED = Dialled("+966551234567", "+966112345678", None, 25, 3600, "https://a/?x=1&y=2", "https://s/")


def read(markup):
    assert markup.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    return ElementTree.fromstring(markup)


def test_lines_are_read_out_or_played_and_then_we_hang_up():
    arabic, english, sound, end = read(tell([ARABIC, ENGLISH, SOUND]))
    assert (arabic.text, arabic.attrib) == (
        ARABIC.text,
        {"voice": "Polly.Hala-Neural", "language": "ar-AE"},
    )
    assert (english.text, english.get("language")) == (ENGLISH.text, "en-GB")
    assert (sound.tag, sound.text) == ("Play", SOUND.sound)
    assert end.tag == "Hangup"
    assert [each.tag for each in read(hang_up())] == ["Hangup"]


@pytest.mark.parametrize(
    ("listen_in", "country", "heard"),
    [("ar", "IQ", "ar-IQ"), ("ar", "KW", "ar-KW"), ("ar", "DE", "ar-SA"), ("en", "SA", "en-US")],
)
def test_words_are_listened_to_in_the_buyers_arabic_or_in_english(listen_in, country, heard):
    [gather] = read(ask([ARABIC], Answering("https://a/?x=1&y=2", listen_in, country)))
    assert (gather.get("input"), gather.get("language")) == ("dtmf speech", heard)
    assert gather.get("action") == "https://a/?x=1&y=2"


@pytest.mark.parametrize("listen_in", [None, "ckb"])
def test_other_languages_only_press_keys(listen_in):
    [gather] = read(ask([SOUND], Answering("https://a/", listen_in)))
    assert gather.get("input") == "dtmf"
    assert gather.get("language") is None
    assert [each.tag for each in gather] == ["Play"]


def test_nothing_is_recorded_unless_it_is_asked_for():
    [dial] = read(connect([], DIALLED))
    assert dial.get("record") == "do-not-record"
    assert list(read(go_on())) == []
    [start] = read(go_on(record_to="https://r/"))
    [recording] = start
    assert (start.tag, recording.tag) == ("Start", "Recording")
    assert recording.get("recordingStatusCallback") == "https://r/"
