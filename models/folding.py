"""Folding: the plain form in which words are compared, whatever keyboard wrote them."""

import unicodedata

_SAME_LETTERS = str.maketrans(
    {"ى": "ي", "ی": "ي", "ة": "ه", "ە": "ه", "ک": "ك", "ٱ": "ا", "ـ": None},
)

# All that Unicode has for turning the direction of a text around, seen by nobody who reads it.
_DIRECTIONS = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def without_directions(text: str) -> str:
    """The text without marks of direction, with which a name could be shown back to front."""
    return text.translate(_DIRECTIONS)


def fold(text: str) -> str:
    """Lower-case words parted by single spaces, for comparing only, never for storing.

    Case, width, diacritics, hamza carriers (أ إ آ are ا), ى and ة, tatweel, direction marks, punctuation and
    the script of digits make no difference afterwards: "الدَّفع عند-الإستلام" becomes "الدفع عند الاستلام".
    """
    letters = unicodedata.normalize("NFKD", text).casefold().translate(_SAME_LETTERS)
    return " ".join("".join(map(_plain, letters)).split())


def fold_digits(text: str) -> str:
    """The text in ASCII digits and plain width, without marks that cannot be seen; all else as it was."""
    visible = (
        letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf"
    )
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in visible)


def _plain(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in ("Mn", "Cf"):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    return letter if category[0] in "LN" else " "
