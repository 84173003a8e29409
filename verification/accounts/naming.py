"""Names that go into addresses and command lines."""

import re
import unicodedata

LONGEST_SLUG = 40

# What decomposition leaves alone: letters that are no base letter with a mark.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def slug_of(name: str) -> str:
    """Lower-case ASCII letters, digits and single hyphens ("Café Noir" is cafe-noir).

    Empty without a Latin letter: what an Arabic or Chinese name sounds like is not ours to guess.
    """
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    words = re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))
    slug = "-".join(words)[:LONGEST_SLUG].strip("-")
    return slug if re.search("[a-z]", slug) else ""


def numbered(stem: str, number: int) -> str:
    """The stem itself first, then stem-2, stem-3."""
    return stem if number == 1 else f"{stem}-{number}"
