"""Which of our languages a reader prefers."""

import re
from typing import Final, Literal

Language = Literal["en", "ar"]

DEFAULT: Final[Language] = "en"
_LANGUAGES: Final[dict[str, Language]] = {"en": "en", "ar": "ar", "*": DEFAULT}
# RFC 9110 §12.4.2: a weight from 0 to 1 with up to three decimals.
_RANGE = re.compile(
    r"\s*(?P<tag>[A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*[qQ]=(?P<q>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?"
)


def pick_language(accept_language: str | None) -> Language:
    """The best of our languages for an `Accept-Language` header; English when it names none of them.

    Weights are honoured, equal ones go by the order written, and what cannot be read is passed over.
    """
    best, best_weight = DEFAULT, 0.0
    for part in (accept_language or "").split(","):
        read = _RANGE.fullmatch(part)
        language = _LANGUAGES.get(read["tag"].casefold()) if read else None
        if read and language and (weight := float(read["q"] or 1)) > best_weight:
            best, best_weight = language, weight
    return best
