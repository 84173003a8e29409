"""Replies are understood as their writers meant them, and never acted upon when in doubt."""

import time
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.vocabulary import DecisionReason, Intent
from verification.replies.reading import LONGEST_READ, UNCLEAR, Reading, read_reply

DECIDING = (Intent.confirm, Intent.cancel)


def _labelled() -> list[tuple[str, str]]:
    """Expected answer (an intent, `soft`, or `cancel:reason`) and text of each line of the table."""
    table = Path(__file__).with_name("labelled.tsv").read_text(encoding="utf-8")
    return [(expected, text) for expected, text in (line.split("\t") for line in table.splitlines())]


def _reading(expected: str) -> Reading:
    if expected == "soft":
        return Reading(Intent.confirm, soft=True)
    intent, _, reason = expected.partition(":")
    return Reading(Intent(intent), reason=DecisionReason(reason) if reason else None)


LABELLED = _labelled()
CONFIRMING = [text for expected, text in LABELLED if expected in ("confirm", "soft")]
CANCELLING = [text for expected, text in LABELLED if expected.startswith("cancel")]
TEXTS = [text for _, text in LABELLED]
COURTESIES = ["شكرا", "لو سمحت", "please", "thank you", "السلام عليكم", "تکایە", "الله يعطيك العافية", "🌹"]
UNKNOWN = ["زقزوق", "qwrtz", "ڤژگچ", "🦖", "77", "€"]

# Without those that «لا» turns into an idiom, such as "no problem".
WORDS = sorted({word for text in TEXTS for word in text.split()} - {"مانع", "بأس", "problem", "worries"})

labelled = st.sampled_from(TEXTS)


@pytest.mark.parametrize(("expected", "text"), LABELLED)
def test_a_labelled_reply_is_read_as_labelled(expected: str, text: str) -> None:
    assert read_reply(text) == _reading(expected)


def test_the_table_covers_every_intent() -> None:
    assert {_reading(expected).intent for expected, _ in LABELLED} == set(Intent)


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200f", "ـــ", "\0", "؟", "نعم " * 200, "x" * 10_000])
def test_nothing_said_and_too_much_said_are_unclear(text: str) -> None:
    assert read_reply(text) == UNCLEAR


@pytest.mark.parametrize("text", ["1", "2", "3", "١", "٢", "1️⃣", "رقم 1", "option 2"])
def test_digits_mean_nothing_when_they_were_not_offered(text: str) -> None:
    assert read_reply(text).intent in DECIDING or read_reply(text).intent is Intent.later
    assert read_reply(text, digits_offered=False) == UNCLEAR


@pytest.mark.parametrize("sign", ["نعم ", "?", "1", "ا", "\u064b", "👍🏽", "لا\n", "ﷺ", " "])
def test_a_long_reply_is_answered_at_once(sign: str) -> None:
    read_reply("نعم")  # the word lists are read once
    assert min(_seconds(sign * 10_000) for _ in range(5)) < 0.5
    assert min(_seconds((sign * LONGEST_READ)[:LONGEST_READ]) for _ in range(5)) < 0.5


def _seconds(text: str) -> float:
    start = time.perf_counter()
    read_reply(text)
    return time.perf_counter() - start


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(read_reply(text).intent, Intent)


@given(labelled, st.data())
def test_marks_and_invisible_signs_change_nothing(text: str, data: st.DataObject) -> None:
    marks = st.sampled_from(
        "\u064b\u064e\u064f\u0650\u0651\u0652\u0670\u0640\u200b\u200c\u200e\u200f\u202b\u2069\ufeff"
    )
    marked = "".join(sign + data.draw(st.text(marks, max_size=2)) for sign in text)
    assert read_reply(marked) == read_reply(text)


@given(labelled, st.sampled_from([".", "!", "!!", "…", "،", " .", "\n", "  ", " ،،", "。", '"', "*"]))
def test_closing_punctuation_changes_nothing(text: str, ending: str) -> None:
    assert read_reply(text + ending) == read_reply(text)
    assert read_reply(f"  {text}") == read_reply(text)


@given(labelled)
def test_case_changes_nothing(text: str) -> None:
    assert read_reply(text.upper()) == read_reply(text.title()) == read_reply(text)


@given(labelled, st.sampled_from(COURTESIES), st.sampled_from([" ", ", ", "\n"]))
def test_courtesies_change_no_answer(text: str, courtesy: str, between: str) -> None:
    answer = read_reply(text)
    assume(answer != UNCLEAR)
    assert read_reply(f"{text}{between}{courtesy}") == answer
    assert read_reply(f"{courtesy}{between}{text}") == answer


@given(st.sampled_from(CONFIRMING), st.sampled_from(CANCELLING), st.sampled_from([", ", "\n", ". ", " "]))
def test_a_yes_beside_a_no_decides_nothing(confirming: str, cancelling: str, between: str) -> None:
    assert read_reply(f"{confirming}{between}{cancelling}").intent not in DECIDING
    joined = read_reply(f"{cancelling}{between}{confirming}").intent
    # «لا» straight before «اريده» is the usual "I do not want it".
    assert joined is not Intent.confirm
    assert joined is not Intent.cancel or (between == " " and cancelling.split()[-1] == "لا")


@given(labelled, st.sampled_from(UNKNOWN), st.sampled_from([" ", ", ", "\n"]))
def test_an_unknown_word_decides_nothing(text: str, unknown: str, between: str) -> None:
    assert read_reply(f"{text}{between}{unknown}").intent not in DECIDING
    assert read_reply(f"{unknown}{between}{text}").intent not in DECIDING


@given(labelled, st.sampled_from(["?", "؟", " ؟؟", "❓"]))
def test_a_question_mark_decides_nothing(text: str, mark: str) -> None:
    assert read_reply(text + mark).intent not in DECIDING


@given(
    st.lists(st.sampled_from(WORDS), max_size=5),
    st.sampled_from(["لا", "no", "نەخێر", "la2", "كلا"]),
    st.data(),
)
def test_no_words_make_a_yes_of_a_plain_no(words: list[str], no: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words)))
    assert read_reply(" ".join([*words[:at], no, *words[at:]])).intent is not Intent.confirm


@pytest.mark.parametrize(
    "trap", Path(__file__).with_name("traps.txt").read_text(encoding="utf-8").splitlines()
)
def test_a_trap_decides_nothing(trap: str) -> None:
    assert read_reply(trap).intent not in DECIDING
