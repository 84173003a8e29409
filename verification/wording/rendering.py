"""Filling a sentence with what a reason holds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from models.reasons import Reason
from verification.wording import arabic, english


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language: `sentences` by reason code, `words` for codes inside params, `comma` between several."""

    language: str
    sentences: Mapping[str, str]
    words: Mapping[str, str]
    comma: str


CATALOGUES: Mapping[str, Catalogue] = MappingProxyType(
    {
        "en": Catalogue("en", english.SENTENCES, english.WORDS, english.COMMA),
        "ar": Catalogue("ar", arabic.SENTENCES, arabic.WORDS, arabic.COMMA),
    }
)
"""The languages that readers can have; English is complete by definition and stands in for the others."""


_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)$")


class _Filling(dict[str, str]):
    def __missing__(self, name: str) -> str:
        # A diary outlives the code that wrote it: an old line without a param still reads.
        return "–"


def render(reason: Reason, language: str) -> str:
    """The reason in a language, else in English; a code without a sentence is its own text. Never raises."""
    for catalogue in (CATALOGUES.get(language), CATALOGUES["en"]):
        if catalogue and (sentence := catalogue.sentences.get(reason.code)):
            filling = _Filling({name: _word(value, catalogue) for name, value in reason.params.items()})
            held = f" ({catalogue.sentences['held_by']})" if "held_by" in reason.params else ""
            return (sentence + held).format_map(filling)
    return reason.code


def _word(value: Any, catalogue: Catalogue) -> str:
    if isinstance(value, list | tuple):
        return catalogue.comma.join(_word(one, catalogue) for one in value)
    if isinstance(value, dict) and "code" in value:
        return render(Reason.from_json(value), catalogue.language)
    text = str(value)
    if _INSTANT.match(text):
        return f"{text[:10]} {text[11:16]} UTC"
    return catalogue.words.get(text) or CATALOGUES["en"].words.get(text, text)
