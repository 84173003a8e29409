"""One spelling for what people type in many ways."""

import pytest

from models.folding import fold_digits
from verification.screening.folding import fold_text, fold_words


@pytest.mark.parametrize("typed", ["٠٥٥١٢٣", "۰۵۵۱۲۳", "０５５１２３", "\u202a055123\u202c"])
def test_digits_of_every_script_are_one(typed: str) -> None:
    assert fold_digits(typed) == "055123"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("قِطْعَة", "قطعه"),
        ("الأردن", "الاردن"),
        ("كورنيش", "کورنیش"),
        ("Café  BLACK", "cafe black"),
        ("حذاء رياضي ٤٢", "حذاء-رياضي (42)"),
        ("شـــارع", "شارع"),
    ],
)
def test_spellings_of_the_same_words_are_equal(one: str, other: str) -> None:
    assert fold_text(one) == fold_text(other)


def test_letters_and_numbers_that_touch_are_parted() -> None:
    assert fold_words("blk3، ق٥") == ["blk", "3", "ق", "5"]
