from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.protocol import Contact, ContactOrder
from channels.sandbox.agents import answer_agent
from channels.sandbox.sayings import GLOSSES, SAYINGS
from channels.sandbox.talking import Talk, talk
from channels.sandbox.world import load_world
from models.countries import SERVED
from models.drafts import DraftAddress
from models.vocabulary import Channel, DecisionReason, Disposition, Outcome
from tests.channels.contract import contact_with
from verification.desk.times import read_time
from verification.replies.reading import read_reply
from verification.screening.address import NEEDS, missing_parts

WORLDS = {path.stem: load_world(path) for path in (Path(__file__).parents[3] / "worlds").glob("*.json")}
DEMO = WORLDS["demo"]
FIRST, SECOND = UUID(int=1), UUID(int=2)
TWO = (
    ContactOrder(FIRST, "#1", "1.00", "SAR", ("خلاط محمول",)),
    ContactOrder(SECOND, "#2", "1.00", "SAR", ("ساعة ذكية",)),
)
MOBILE = {
    "SA": ("966", "50"),
    "AE": ("971", "50"),
    "IQ": ("964", "770"),
    "KW": ("965", "99"),
    "QA": ("974", "33"),
    "BH": ("973", "36"),
    "OM": ("968", "92"),
    "JO": ("962", "77"),
    "EG": ("20", "100"),
}


def call(number: int, country: str = "SA", **changes: object) -> Contact:
    code, prefix = MOBILE[country]
    zone = SERVED[country].time_zone
    phone = f"+{code}{prefix}{number:07d}"
    return contact_with(phone, Channel.agent_call, country=country, zone=zone, **changes)


def talks(count: int = 400, country: str = "SA", **changes: object) -> list[tuple[Contact, Talk]]:
    contacts = [call(number, country, **changes) for number in range(count)]
    return [(contact, talk(DEMO, 1, contact, {})) for contact in contacts]


@given(number=st.integers(0, 9_999_999), seed=st.integers(), country=st.sampled_from(sorted(SERVED)))
def test_the_talk_is_that_of_the_very_call(number: int, seed: int, country: str) -> None:
    contact = call(number, country, orders=TWO)
    told, decided = talk(DEMO, seed, contact, {}), answer_agent(DEMO, seed, contact)
    assert (told.outcome, told.hints, told.callback_at) == (
        decided.outcome,
        decided.orders,
        decided.callback_at,
    )
    assert told == talk(DEMO, seed, replace(contact, reference="another"), {})


def test_without_a_person_there_is_one_line_of_the_telephone() -> None:
    for _, told in talks():
        if told.outcome in (Outcome.no_answer, Outcome.busy, Outcome.voicemail, Outcome.unreachable):
            assert [line.speaker for line in told.lines] == ["line"]
        else:
            assert {line.speaker for line in told.lines} == {"buyer"}
            assert len(told.lines) > 1


@pytest.mark.parametrize("country", ["SA", "IQ"])
def test_buyers_speak_their_language_and_can_be_followed_by_any_agent(country: str) -> None:
    lines = [line for _, told in talks(country=country) for line in told.lines]
    assert {line.language for line in lines} == ({"ar", "en"} if country == "SA" else {"ar", "en", "ckb"})
    for line in lines:
        assert line.text.strip()
        assert line.gloss_en.replace("“", "").replace("”", "").isascii()
        assert not any("a" <= letter <= "z" for letter in line.gloss_ar)
        assert "{" not in line.text + line.gloss_en + line.gloss_ar


def test_everything_can_be_said_in_several_ways() -> None:
    assert set(SAYINGS) == set(GLOSSES)
    for meant, ways in SAYINGS.items():
        for language, least in (("ar", 3), ("en", 2), ("ckb", 2)):
            assert len(set(ways[language])) >= least, (meant, language)


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_every_refusal_of_a_world_has_words(world: str) -> None:
    assert set(WORLDS[world].refusals) <= set(SAYINGS)


def test_a_reason_that_no_world_gives_is_a_plain_refusal() -> None:
    odd = DEMO.model_copy(update={"refusals": {DecisionReason.fake_details: 1.0}})
    refused = [talk(odd, 1, call(number), {}) for number in range(300)]
    plain = {told.lines[-1].gloss_en for told in refused if told.hints[0].disposition is Disposition.reject}
    assert plain == {GLOSSES[DecisionReason.unspecified][0]}


def test_a_yes_and_a_no_are_no_riddle() -> None:
    heard = {}
    for _, told in talks(800):
        answer = told.hints[0]
        if answer.disposition in (Disposition.confirm, Disposition.reject):
            meant = "soft" if answer.soft else answer.reason or ""
            heard.setdefault(meant, set()).add(told.lines[-1].gloss_en)
    assert len(heard) > 8
    assert all(len(glosses) == 1 for glosses in heard.values())


def test_an_inshallah_is_a_soft_yes() -> None:
    for ways in SAYINGS["soft"].values():
        for text in ways:
            assert read_reply(text).intent != "cancel"


def test_two_orders_are_answered_by_the_names_of_their_goods() -> None:
    mixed = [told for _, told in talks(orders=TWO) if len({hint.disposition for hint in told.hints}) == 2]
    assert mixed
    for told in mixed:
        assert "خلاط محمول" in told.lines[1].text
        assert "ساعة ذكية" in told.lines[2].text


@pytest.mark.parametrize("country", sorted(SERVED))
def test_who_confirms_tells_what_was_missing(country: str) -> None:
    parts = tuple(need.code for need in NEEDS[country])
    languages = set()
    for number in range(300):
        told = talk(DEMO, 1, call(number, country), {FIRST: parts})
        if told.hints[0].disposition is not Disposition.confirm:
            assert told.address == {}
            continue
        languages.add(told.lines[-1].language)
        lines = told.address[FIRST]
        assert missing_parts(DraftAddress(country=country, **lines)) == ()
        for line in lines.values():
            assert all(word in told.lines[-1].text for word in line.split())
    assert len(languages) > 1


def test_one_home_is_told_once_for_two_orders() -> None:
    missing = {FIRST: ("district", "street"), SECOND: ("street",)}
    for number in range(100):
        told = talk(DEMO, 1, call(number, orders=TWO), missing)
        confirmed = {hint.order_id for hint in told.hints if hint.disposition is Disposition.confirm}
        assert set(told.address) == confirmed
        assert len(told.lines) <= 4


@given(
    number=st.integers(0, 9_999_999),
    country=st.sampled_from(sorted(SERVED)),
    world=st.sampled_from(sorted(WORLDS)),
    minutes=st.integers(0, 120 * 24 * 60),
)
def test_the_time_that_a_buyer_asks_for_can_be_read(
    number: int, country: str, world: str, minutes: int
) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    contact = call(number, country, at=at)
    # Everybody answers, and nobody decides.
    agent_call = WORLDS[world].channels.agent_call.model_copy(update={"decides": 0.0, "shift": 50.0})
    channels = WORLDS[world].channels.model_copy(update={"agent_call": agent_call})
    told = talk(WORLDS[world].model_copy(update={"channels": channels}), 1, contact, {})
    if told.callback_at is None:
        return
    assert told.callback_at.minute % 15 == 0
    line = told.lines[-1]
    for words in (line.text, line.gloss_en, line.gloss_ar):
        assert read_time(words, now=at, zone=contact.zone) == told.callback_at, words


def test_buyers_ask_for_their_own_time() -> None:
    asked = [(contact, told) for contact, told in talks(2000) if told.callback_at is not None]
    assert asked
    for contact, told in asked:
        local = told.callback_at.astimezone(ZoneInfo(contact.zone))
        assert f"{local.hour % 12 or 12}:{local.minute:02}" in told.lines[-1].gloss_en
