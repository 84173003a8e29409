"""Filling a sentence with what a reason holds."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from babel import Locale

from models.money import is_currency
from models.reasons import Reason
from verification.wording import arabic, english
from verification.wording.amounts import write_amount, write_number


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language: `sentences` by reason code, `words` for codes inside params, what stands between several,
    and how often something happened, by the number itself or its plural form (CLDR's)."""

    language: str
    sentences: Mapping[str, str]
    words: Mapping[str, str]
    comma: str
    semicolon: str
    times: Mapping[str, str]


CATALOGUES: Mapping[str, Catalogue] = MappingProxyType(
    {
        code: Catalogue(code, of.SENTENCES, of.WORDS, of.COMMA, of.SEMICOLON, of.TIMES)
        for code, of in (("en", english), ("ar", arabic))
    }
)
"""The languages that readers can have; English is complete by definition and stands in for the others."""


_AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,4})?", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)$")


class _Filling(dict[str, str]):
    def __missing__(self, name: str) -> str:
        # A diary outlives the code that wrote it: an old line without a param still reads.
        return "–"


def write_utc(at: datetime) -> str:
    """ "2026-11-22 09:00 UTC"."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def render(reason: Reason, language: str, *, write_instant: Callable[[datetime], str] = write_utc) -> str:
    """The reason in a language, else in English; a code without a sentence is its own text. Never raises.

    `write_instant` puts the aware UTC times that the reason holds into words.
    """
    for catalogue in (CATALOGUES.get(language), CATALOGUES["en"]):
        if catalogue and (sentence := _sentence(reason, catalogue)):
            words = {name: _word(value, catalogue, write_instant) for name, value in reason.params.items()}
            words |= amounts_of(reason, catalogue.language)
            held = f" ({catalogue.sentences['held_by']})" if "held_by" in reason.params else ""
            said = (sentence + held).format_map(_Filling(words))
            return f"{said} – {seen}" if (seen := _seen(reason, catalogue)) else said
    return reason.code


def _sentence(reason: Reason, catalogue: Catalogue) -> str | None:
    """Without a percent to tell, the sentence that does not ask for one, where there is such a one."""
    unnumbered = None if "percent" in reason.params else f"{reason.code}_unnumbered"
    return catalogue.sentences.get(unnumbered or "") or catalogue.sentences.get(reason.code)


def _seen(reason: Reason, catalogue: Catalogue) -> str:
    """What supports it of the buyer's own past: "answers after 20:00; read WhatsApp at 21:00 twice"."""
    facts = reason.params.get("seen")
    if not isinstance(facts, list | tuple):
        return ""
    told = (render_seen(fact, catalogue.language) for fact in facts if isinstance(fact, Mapping))
    return catalogue.semicolon.join(fact for fact in told if fact)


def render_seen(fact: Mapping[str, Any], language: str) -> str:
    """One fact of a buyer's past, `{kind, hour, times}`; empty for a kind without a sentence."""
    catalogue = CATALOGUES.get(language, CATALOGUES["en"])
    sentence = catalogue.sentences.get(f"seen_{fact.get('kind')}")
    if sentence is None:
        return ""
    words = {name: _word(value, catalogue, write_utc) for name, value in fact.items()}
    if isinstance(times := fact.get("times"), int):
        words["times"] = _times(times, catalogue)
    return sentence.format_map(_Filling(words))


def _times(count: int, catalogue: Catalogue) -> str:
    """ "once", "twice", "12 times"."""
    form = Locale(catalogue.language).plural_form(count)
    said = next(catalogue.times[key] for key in (str(count), form, "other") if key in catalogue.times)
    return said.format(times=write_number(count, catalogue.language))


def amounts_of(reason: Reason, language: str) -> dict[str, str]:
    """The amounts that the reason holds, by param: beside a `currency` each decimal text is one of it."""
    currency = reason.params.get("currency")
    if not isinstance(currency, str) or not is_currency(currency):
        return {}
    return {
        name: write_amount(Decimal(value), currency, language)
        for name, value in reason.params.items()
        if isinstance(value, str) and _AMOUNT.fullmatch(value)
    }


def list_codes(codes: Iterable[str], language: str) -> str:
    """Codes that can stand inside a reason, in words, one after the other."""
    return _word(list(codes), CATALOGUES.get(language, CATALOGUES["en"]), write_utc)


def _word(value: Any, catalogue: Catalogue, write_instant: Callable[[datetime], str]) -> str:
    if isinstance(value, list | tuple):
        return catalogue.comma.join(_word(one, catalogue, write_instant) for one in value)
    if isinstance(value, dict) and "code" in value:
        return render(Reason.from_json(value), catalogue.language, write_instant=write_instant)
    if isinstance(value, int) and not isinstance(value, bool):
        return write_number(value, catalogue.language)
    text = str(value)
    if at := _instant(text):
        return write_instant(at)
    return catalogue.words.get(text) or CATALOGUES["en"].words.get(text, text)


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if _INSTANT.match(text) else None
    except ValueError:
        return None
