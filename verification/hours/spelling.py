"""One key for every usual way of writing a place's name, in Arabic, Kurdish and Latin letters."""

import re
from functools import lru_cache

from verification.screening.folding import fold_words

_ARTICLES = frozenset(["ال", "al", "el", "ul", "ad", "adh", "an", "ar", "as", "ash", "at", "ath", "az"])
_APOSTROPHES = str.maketrans(dict.fromkeys("ʾʿʼʻˈ'’‘`´"))
# What transliterations mix: Saleem and Salim, Salmiyya and Salmiah, Jedda and Jeddah.
_SOUNDS = (
    (re.compile("ee"), "i"),
    (re.compile("oo|ou"), "u"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile("iy(?=[aeh])"), "i"),
    (re.compile("(?<=[aei])h$"), ""),
)


def words_of(text: str) -> list[str]:
    """The words and numbers of a text, folded; an apostrophe parts no word."""
    return fold_words(text.translate(_APOSTROPHES))


@lru_cache(maxsize=8192)
def bare(word: str) -> str:
    """A folded word without its article ("" for an article alone) and with one letter for each sound.

    A name's key is its bare words, joined: "Ar-Riyadh" and "AlRiyadh" are "riyadh", "أبو ظبي" is "ابوظبي".
    """
    if word in _ARTICLES:
        return ""
    if not word.isascii():
        return word[2:] if word.startswith("ال") and len(word) > 4 else word
    if word.startswith(("al", "el")) and len(word) > 4:
        word = word[2:]
    for sound, plain in _SOUNDS:
        word = sound.sub(plain, word)
    return word


def key(text: str) -> str:
    """What two spellings of one name have in common, wherever they put spaces and hyphens."""
    return "".join(map(bare, words_of(text)))
