"""Recordings: taken in, replaced, removed; and when a language can be called in."""

import pytest

from models.base import new_id
from models.sellers import Store
from tests import building
from verification.alarms import raise_alarm, standing_alarms
from verification.audit import lines
from verification.refusals import NotFound
from verification.voice.clips import MOST_BYTES, ClipRefused, add_clip, list_clips, remove_clip, sound_of
from verification.voice.languages import clips_of, has_voice, voice_of
from verification.voice.sentences import RECORDED

WAV, MP3 = b"RIFF\x24\0\0\0WAVEfmt ", b"ID3\x04\0\0\0\0\0\0"


@pytest.fixture
def seller_id(engine, session, now):
    return session.get_one(Store, building.a_store(engine, now)).seller_id


@pytest.fixture
def keep(session, now):
    def add(name="greeting", sound=WAV, language="ckb", seller_id=None):
        return add_clip(
            session, sound, language=language, name=name, seller_id=seller_id, actor="operator", now=now
        )

    return add


def test_the_newest_recording_of_a_sentence_is_kept(session, keep):
    first = keep(sound=WAV + b"old")
    assert keep(sound=MP3 + b"new") == first
    session.expire_all()
    kept = sound_of(session, first)
    assert (kept.content, kept.content_type) == (MP3 + b"new", "audio/mpeg")
    assert [line.code for line in lines(session).lines] == ["voice_added", "voice_added"]


@pytest.mark.parametrize("sound", [WAV, MP3, b"\xff\xfb\x90\x64", b"\xff\xf3\x40\xc4"])
def test_mp3_and_wav_are_taken(session, keep, sound):
    assert sound_of(session, keep(sound=sound)).content == sound


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"sound": b""}, "empty"),
        ({"sound": b"\xff"}, "no_sound"),
        ({"sound": b"<html>"}, "no_sound"),
        ({"sound": b"RIFF\0\0\0\0AVI "}, "no_sound"),
        ({"sound": WAV + b"x" * MOST_BYTES}, "too_large"),
        ({"name": "hello"}, "name"),
        ({"name": "digit_10"}, "name"),
        ({"language": "ar"}, "language"),
        ({"language": "a\0"}, "language"),
    ],
)
def test_anything_else_is_refused_by_name(session, keep, what, code):
    with pytest.raises(ClipRefused) as refused:
        keep(**what)
    assert refused.value.code == code
    assert list_clips(session) == []


def test_a_language_is_called_in_when_all_of_it_is_recorded(session, keep, seller_id):
    for name in RECORDED[:-1]:
        keep(name)
    assert not has_voice(session, seller_id, "ckb")
    assert voice_of(session, seller_id, "ckb") == ("ar", {})
    keep(RECORDED[-1], seller_id=seller_id)
    assert has_voice(session, seller_id, "ckb")
    assert has_voice(session, seller_id, "CKB-IQ")
    assert not has_voice(session, new_id(), "ckb")
    assert voice_of(session, seller_id, "ckb")[1].keys() == set(RECORDED)


@pytest.mark.parametrize("language", ["ar", "en", "ar-SA", "en_GB", "AR"])
def test_machines_speak_arabic_and_english(session, seller_id, language):
    assert has_voice(session, seller_id, language)
    assert voice_of(session, seller_id, language) == (language[:2].lower(), {})


def test_a_sellers_own_recording_comes_first(session, keep, seller_id):
    own, for_all = keep(seller_id=seller_id), keep()
    assert clips_of(session, seller_id, "ckb") == {"greeting": own}
    assert clips_of(session, None, "ckb") == {"greeting": for_all}
    assert next(iter(list_clips(session))).seller is None


def test_a_removed_recording_is_gone(session, keep, now):
    kept = keep()
    assert remove_clip(session, kept, actor="operator", now=now).name == "greeting"
    assert sound_of(session, kept) is None
    with pytest.raises(NotFound):
        remove_clip(session, kept, actor="operator", now=now)


def test_the_last_recording_of_a_language_ends_the_alarm_that_it_lacks_a_voice(session, keep, now):
    raise_alarm(session, "no_voice", "ivr:IQ", {"channel": "ivr", "country": "IQ"}, now=now)
    *most, last = RECORDED
    for name in most:
        keep(name)
    assert len(standing_alarms(session)) == 1
    keep(last)
    assert standing_alarms(session) == []
