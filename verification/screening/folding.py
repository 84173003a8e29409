"""One spelling for texts that people type in many ways, so that they can be compared."""

import re
from unicodedata import category, normalize

from models.folding import fold_digits

_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىیێې", "ي"),
        **dict.fromkeys("ةەھہ", "ه"),
        **dict.fromkeys("ؤۆ", "و"),
        "ئ": "ي",
        "ک": "ك",
        "ڕ": "ر",
        "ڵ": "ل",
        "ء": None,
        "ـ": None,
    }
)
_WORD = re.compile(r"[^\W\d_]+|\d+")


def fold_words(text: str) -> list[str]:
    """Words and numbers in order, in one spelling: Arabic and Kurdish letter variants joined, marks dropped.

    Letters and digits that touch are parted ("blk3" is "blk", "3"), punctuation only separates.
    """
    folded = fold_digits(text).casefold().translate(_LETTERS)
    # Decomposed only for what is left to drop: the translated Arabic letters must not fall apart again.
    bare = "".join(letter for letter in normalize("NFKD", folded) if category(letter) != "Mn")
    return _WORD.findall(bare)


def fold_text(text: str) -> str:
    """The words of `fold_words` with one space between them; two texts with the same result say the same."""
    return " ".join(fold_words(text))
