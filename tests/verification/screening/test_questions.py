"""Every flag has its question, in every language that buyers are spoken to in."""

from string import Formatter

import pytest

from models.reasons import Reason
from models.vocabulary import Flag
from verification.screening.address import NEEDS
from verification.screening.questions import PARTS, QUESTIONS, question

PARAMS = {"missing": ["district", "street"], "quantity": 12, "total": "199.00", "currency": "SAR"}


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", sorted(QUESTIONS))
@pytest.mark.parametrize("flag", list(Flag))
def test_every_flag_has_a_question_in_every_language(flag: Flag, language: str) -> None:
    asked = question(Reason(flag.value, PARAMS), language)
    assert asked
    assert "{" not in asked
    assert _placeholders(QUESTIONS[language][flag]) == _placeholders(QUESTIONS["en"][flag])


@pytest.mark.parametrize("language", sorted(PARTS))
def test_every_part_of_an_address_can_be_asked_for(language: str) -> None:
    assert {need.code for needs in NEEDS.values() for need in needs} == PARTS[language].keys()


@pytest.mark.parametrize(
    ("language", "like"),
    [("ar-SA", "ar"), ("AR", "ar"), ("ku", "ckb"), ("ckb_IQ", "ckb"), ("fr", "en"), ("", "en"), (None, "en")],
)
def test_the_nearest_spoken_language_is_used(language: str | None, like: str) -> None:
    flag = Reason("duplicate", {"orders": ["x"]})
    assert question(flag, language) == question(flag, like)


def test_the_missing_parts_are_named() -> None:
    flag = Reason("address_incomplete", {"missing": ["block", "house"]})
    assert "the block number, the house number" in question(flag, "en")
    assert "رقم القطعة أو المجمع، رقم المنزل" in question(flag, "ar")


@pytest.mark.parametrize(
    ("language", "amount"), [("en", "IQD 1,504,000"), ("ar", "1,504,000 د.ع."), ("ckb", "1,504,000 د.ع.")]
)
def test_an_amount_is_asked_as_it_is_read_aloud(language: str, amount: str) -> None:
    flag = Reason("total_mismatch", {"items": "1.000", "total": "1504000.000", "currency": "IQD"})
    assert amount in question(flag, language).replace("\u200f", "").replace("\xa0", " ")


def test_many_pieces_are_counted_in_thousands() -> None:
    assert "2,000,000" in question(Reason("suspicious_quantity", {"quantity": 2_000_000}), "ckb")
