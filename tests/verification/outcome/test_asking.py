import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.outcome.asking import MOST_CHOICES, Choice, read_choice, which_order

CHOICES = [Choice("#1047", "متجر نور"), Choice("A-9", "Other Shop")]
NUMBERS = [choice.number for choice in CHOICES]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["1. #1047 · متجر نور", "2. A-9 · Other Shop", "3. All of them"]),
        ("en-GB", ["1. #1047 · متجر نور", "2. A-9 · Other Shop", "3. All of them"]),
        ("ar", ["1. #1047 · متجر نور", "2. A-9 · Other Shop", "3. كل الطلبات"]),
        ("ckb", ["1. #1047 · متجر نور", "2. A-9 · Other Shop", "3. هەموویان"]),
        ("fr", ["1. #1047 · متجر نور", "2. A-9 · Other Shop", "3. كل الطلبات"]),
    ],
)
def test_the_orders_are_listed_and_all_of_them_last(language: str, lines: list[str]) -> None:
    assert which_order(CHOICES, language).splitlines()[1:] == lines


def test_the_longest_question_fits_a_message() -> None:
    assert len(which_order([Choice("#" + "1" * 40, "ن" * 80)] * MOST_CHOICES, "ar")) < 1600


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("1", (0,)),
        ("٢", (1,)),
        ("۲", (1,)),
        (" 2. ", (1,)),
        ("(1)", (0,)),
        ("3", (0, 1)),
        ("1047", (0,)),
        ("#١٠٤٧", (0,)),
        ("A-9", (1,)),
        ("0", ()),
        ("4", ()),
        ("12", ()),
        ("1 و 2", ()),
        ("نعم", ()),
        ("", ()),
        ("#", ()),
        ("2️⃣", (1,)),
        ("-1", (0,)),
        ("1" * 400, ()),
    ],
)
def test_a_number_names_orders(text: str, chosen: tuple[int, ...]) -> None:
    assert read_choice(text, NUMBERS) == chosen


def test_a_number_that_could_mean_two_orders_means_none() -> None:
    assert read_choice("1", ["#2", "#1"]) == ()
    assert read_choice("1", ["#1", "#2"]) == (0,)
    assert read_choice("77", ["77", "77"]) == ()


@given(st.text(max_size=12), st.lists(st.text(max_size=6), min_size=2, max_size=9))
def test_whatever_is_said_names_places_that_there_are(text: str, numbers: list[str]) -> None:
    assert set(read_choice(text, numbers)) <= set(range(len(numbers)))
