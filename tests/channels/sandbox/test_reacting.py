from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.protocol import EventKind
from channels.sandbox.reacting import react
from channels.sandbox.reactions import Answer, Reaction
from channels.sandbox.world import World, load_world
from models.vocabulary import AttemptState, Channel, Outcome
from tests.channels.contract import NOW, contact_with

WORLDS = Path(__file__).parents[3] / "worlds"
ORDINARY = load_world(WORLDS / "gulf-weekday.json")
RAMADAN = load_world(WORLDS / "ramadan.json")
DEMO = load_world(WORLDS / "demo.json")
CHANNELS = (Channel.whatsapp, Channel.sms, Channel.ivr, Channel.agent_call)
PHONES = st.integers(0, 9_999_999).map(lambda number: f"+9665{number:08d}")


def certain(world: World, **changes: object) -> World:
    """The world on a day on which nothing is lost on the way and every number leads to its buyer."""
    calm = dict.fromkeys(("doubled", "reordered", "overloaded", "lost_before", "lost_after"), 0.0)
    live = dict.fromkeys(("dead", "wrong", "blocked_us", "not_on_whatsapp"), 0.0)
    return world.model_copy(
        update={
            "network": world.network.model_copy(update=calm),
            "numbers": world.numbers.model_copy(update=live),
            **changes,
        }
    )


def answered(reaction: Reaction) -> bool:
    """Whether the buyer replied, or took the call."""
    return any(
        answer.kind is EventKind.reply or answer.outcome is Outcome.answered for answer in reaction.answers
    )


def share_answering(world: World, at_local_hour: int, channel: Channel, seed: int = 1) -> float:
    at = NOW.replace(hour=0) + timedelta(hours=at_local_hour - 3)
    contacts = [contact_with(f"+96655{number:07d}", channel, at=at) for number in range(600)]
    return sum(answered(react(world, seed, contact)) for contact in contacts) / len(contacts)


@given(phone=PHONES, seed=st.integers(), channel=st.sampled_from(CHANNELS), attempt=st.integers(1, 6))
def test_the_same_contact_sets_off_the_same(phone: str, seed: int, channel: Channel, attempt: int) -> None:
    contact = contact_with(phone, channel, attempt_number=attempt)
    in_another_run = replace(contact, reference="another", orders=contact.orders)
    assert react(ORDINARY, seed, contact) == react(ORDINARY, seed, in_another_run)


@given(phone=PHONES, channel=st.sampled_from(CHANNELS), world=st.sampled_from([ORDINARY, RAMADAN, DEMO]))
def test_answers_come_after_the_contact_and_after_they_happened(
    phone: str, channel: Channel, world: World
) -> None:
    for answer in react(world, 1, contact_with(phone, channel)).answers:
        assert timedelta(0) <= answer.happened <= answer.after
        assert (answer.kind is EventKind.reply) == (answer.text is not None or answer.button is not None)


@given(phone=PHONES, channel=st.sampled_from(CHANNELS))
def test_only_doubled_callbacks_share_a_number(phone: str, channel: Channel) -> None:
    answers = react(certain(DEMO), 1, contact_with(phone, channel)).answers
    assert len({answer.number for answer in answers}) == len(answers)


@pytest.mark.parametrize(
    ("channel", "low", "high"),
    [
        (Channel.whatsapp, 0.30, 0.65),
        (Channel.sms, 0.02, 0.20),
        (Channel.ivr, 0.20, 0.55),
        (Channel.agent_call, 0.30, 0.70),
    ],
)
def test_about_as_many_answer_as_the_world_says(channel: Channel, low: float, high: float) -> None:
    assert low < share_answering(ORDINARY, 18, channel) < high


def test_more_answer_in_the_evening_than_at_night() -> None:
    evening = share_answering(certain(ORDINARY), 20, Channel.agent_call)
    assert evening > 3 * share_answering(certain(ORDINARY), 4, Channel.agent_call)


def test_ramadan_turns_the_day_round() -> None:
    morning = share_answering(certain(RAMADAN), 11, Channel.agent_call)
    sunset = share_answering(certain(RAMADAN), 18, Channel.agent_call)
    night = share_answering(certain(RAMADAN), 21, Channel.agent_call)
    assert sunset < morning < night


def test_the_clock_is_the_buyers_own() -> None:
    def answers(zone: str) -> int:
        at = NOW.replace(hour=17)
        phones = [f"+96655{number:07d}" for number in range(300)]
        contacts = [contact_with(phone, Channel.agent_call, at=at, zone=zone) for phone in phones]
        return sum(answered(react(certain(ORDINARY), 1, contact)) for contact in contacts)

    assert answers("Asia/Riyadh") > 2 * answers("Pacific/Auckland")


def test_calling_again_and_again_helps_less_each_time() -> None:
    def answers(attempt: int) -> int:
        contacts = [
            contact_with(f"+96655{number:07d}", Channel.ivr, attempt_number=attempt) for number in range(600)
        ]
        return sum(answered(react(certain(ORDINARY), 1, contact)) for contact in contacts)

    assert answers(1) > answers(5) > 0


def test_the_demo_answers_within_a_minute_at_any_hour() -> None:
    by_hour = [share_answering(certain(DEMO), hour, Channel.whatsapp) for hour in (3, 9, 15, 21)]
    assert len(set(by_hour)) == 1
    waits = [
        answer.after
        for number in range(200)
        for answer in react(
            certain(DEMO, second_thoughts=0.0), 1, contact_with(f"+96655{number:07d}")
        ).answers
    ]
    assert sorted(waits)[len(waits) * 9 // 10] < timedelta(minutes=1)


def test_everything_that_goes_wrong_goes_wrong_sometimes() -> None:
    reactions = [
        react(ORDINARY, 3, contact_with(f"+9665{number:08d}", channel))
        for number in range(1500)
        for channel in (Channel.whatsapp, Channel.ivr)
    ]
    refusals = Counter(reaction.refusal.code for reaction in reactions if reaction.refusal)
    assert set(refusals) == {"overloaded", "blocked_by_buyer"}
    assert {reaction.hang for reaction in reactions} >= {"accepted", "not_accepted"}
    answers = [reaction.answers for reaction in reactions]
    assert any(len({answer.number for answer in each}) < len(each) for each in answers)
    assert any(
        [answer.number for answer in each] != sorted(answer.number for answer in each) for each in answers
    )
    codes = {answer.code for each in answers for answer in each}
    assert "no_such_channel" in codes
    outcomes = {answer.outcome for each in answers for answer in each}
    assert {Outcome.unreachable, Outcome.busy, Outcome.no_answer, Outcome.voicemail} <= outcomes


def test_who_has_second_thoughts_cancels_after_confirming() -> None:
    world = certain(ORDINARY, second_thoughts=1.0, detours={}, soft=0.0)
    for number in range(60):
        replies = replies_of(react(world, 1, contact_with(f"+96655{number:07d}")))
        if len(replies) == 2:
            break
    first, second = replies
    assert first.button == "confirm" or first.text in said_anywhere(world, "confirm")
    assert second.button == "cancel" or second.text in said_anywhere(world, "cancel")
    assert second.after - first.after >= timedelta(minutes=30)


def test_a_stranger_says_so() -> None:
    world = certain(ORDINARY)
    world = world.model_copy(update={"numbers": world.numbers.model_copy(update={"wrong": 1.0})})
    reactions = [react(world, 1, contact_with(f"+96655{number:07d}")) for number in range(60)]
    texts = {answer.text for reaction in reactions for answer in replies_of(reaction)}
    assert texts
    assert texts <= said_anywhere(world, "wrong_number")


def test_iraqis_write_kurdish_too() -> None:
    contacts = [
        contact_with(f"+96477{number:08d}", zone="Asia/Baghdad", country="IQ") for number in range(400)
    ]
    texts = {answer.text for contact in contacts for answer in replies_of(react(DEMO, 1, contact))}
    assert texts & {"بەڵێ", "باشە", "ئا", "ئەرێ", "بەڵێ باشە"}
    assert texts & {"نعم", "اريده", "دزوه", "خوش", "زين"}


def test_a_message_at_night_is_read_in_the_morning() -> None:
    at = NOW.replace(hour=23, minute=30)  # 02:30 in Riyadh
    world = certain(ORDINARY, variety=ORDINARY.variety.model_copy(update={"hours": 0.0}))
    office = {"SA": world.countries["SA"].model_copy(update={"types": {"office": 1.0}})}
    world = world.model_copy(update={"countries": office})
    reads = [
        answer.after
        for number in range(200)
        for answer in react(world, 1, contact_with(f"+96655{number:07d}", at=at)).answers
        if answer.state is AttemptState.reached
    ]
    assert reads
    assert min(reads) >= timedelta(hours=3, minutes=30)


def replies_of(reaction: Reaction) -> list[Answer]:
    return [answer for answer in reaction.answers if answer.kind is EventKind.reply]


def said_anywhere(world: World, saying: str) -> set[str]:
    return {text for sayings in world.words.values() for text in sayings[saying]}
