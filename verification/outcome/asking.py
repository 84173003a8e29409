"""Asking a buyer which of several orders is meant, and reading the number that comes back: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.folding import fold_digits

MOST_CHOICES = 9
"""More orders than this nobody chooses from: an agent calls."""

# A digit on a keycap is the digit and two marks.
_AROUND = " .#()-*\n\r\t\ufe0f\u20e3"
_WORDS: Mapping[str, tuple[str, str]] = {
    "ar": ("لديك أكثر من طلب بانتظار تأكيدك. أي طلب تقصد؟ أرسل رقمه من القائمة:", "كل الطلبات"),
    "en": (
        "More than one order is waiting for you. Which one do you mean? Send its number in this list:",
        "All of them",
    ),
    "ckb": ("زیاتر لە یەک داواکاریت هەیە. مەبەستت کامەیانە؟ ژمارەکەی لەم لیستە بنێرە:", "هەموویان"),
}


@dataclass(frozen=True)
class Choice:
    """One order to choose: its number and the store's name, as the buyer knows them."""

    number: str
    store_name: str


def which_order(choices: Sequence[Choice], language: str) -> str:
    """The question, its orders numbered from 1 and all of them at the end; in Arabic where we lack the
    language."""
    question, all_of_them = _WORDS.get(language.split("-")[0], _WORDS["ar"])
    lines = [f"{choice.number} · {choice.store_name}" for choice in choices]
    return "\n".join(
        [question, *(f"{place}. {line}" for place, line in enumerate([*lines, all_of_them], start=1))]
    )


def read_choice(text: str, numbers: Sequence[str]) -> tuple[int, ...]:
    """The places (from 0) of the orders that a reply to the question names: by its place in the list, the
    last one for all, or by the order's own number. None when it says anything else, or could mean two."""
    said = fold_digits(text).strip(_AROUND)
    if not said:
        return ()
    readings: set[tuple[int, ...]] = {
        (place,) for place, number in enumerate(numbers) if said == fold_digits(number).strip(" #")
    }
    if said.isascii() and said.isdigit() and len(said) <= 2:
        place = int(said) - 1
        if 0 <= place < len(numbers):
            readings.add((place,))
        elif place == len(numbers):
            readings.add(tuple(range(len(numbers))))
    return readings.pop() if len(readings) == 1 else ()
