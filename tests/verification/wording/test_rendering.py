"""Every reason reads in every language."""

import ast
from collections.abc import Iterator
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.phones import PhoneProblem
from models.reasons import Reason
from models.vocabulary import Channel, Flag
from settings import ROOT
from verification.screening.address import NEEDS
from verification.wording import list_codes, render
from verification.wording.rendering import CATALOGUES, render_seen

ENGLISH = CATALOGUES["en"]
OTHERS = sorted(CATALOGUES.keys() - {"en"})


def _placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text)} - {None}


@pytest.mark.parametrize("language", OTHERS)
def test_the_languages_say_the_same_things(language: str) -> None:
    other = CATALOGUES[language]
    assert other.sentences.keys() == ENGLISH.sentences.keys()
    assert other.words.keys() == ENGLISH.words.keys()
    for code, sentence in ENGLISH.sentences.items():
        assert _placeholders(other.sentences[code]) == _placeholders(sentence), code


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_flags_and_what_they_hold_have_words(language: str) -> None:
    catalogue = CATALOGUES[language]
    assert {flag.value for flag in Flag} <= catalogue.sentences.keys()
    parts = {need.code for needs in NEEDS.values() for need in needs}
    assert parts | {p.value for p in PhoneProblem} | {c.value for c in Channel} <= catalogue.words.keys()


def _codes_written() -> Iterator[str]:
    """The codes that stand literally in a reason or a line of the diary; the record has words of its own."""
    for file in (ROOT / "verification").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) != "audit.note":
                codes = [each.value for each in node.keywords if each.arg == "code"]
                codes += node.args[:1] if ast.unparse(node.func) == "Reason" else []
                yield from (each.value for each in codes if isinstance(each, ast.Constant))


def test_every_code_that_is_written_has_a_sentence() -> None:
    written = set(_codes_written())
    assert {"first_contact", "contact_begun"} <= written
    assert written - ENGLISH.sentences.keys() == set()


def test_params_are_put_in_the_readers_words() -> None:
    flag = Reason("address_incomplete", {"missing": ["district", "street"]})
    assert render(flag, "en") == "The address lacks: district, street"
    assert render(flag, "ar") == "ينقص العنوان: الحي، الشارع"


@pytest.mark.parametrize(
    ("language", "currency", "total", "limit", "text"),
    [
        ("en", "SAR", "20000.00", "2000.00", "High value: SAR 20,000.00 (from SAR 2,000.00 on we ask)"),
        ("ar", "IQD", "504000.000", "100000.000", "قيمة عالية: 504,000 د.ع. (نسأل ابتداءً من 100,000 د.ع.)"),
    ],
)
def test_amounts_are_written_in_the_readers_way(
    language: str, currency: str, total: str, limit: str, text: str
) -> None:
    flag = Reason("suspicious_value", {"total": total, "limit": limit, "currency": currency})
    assert render(flag, language).replace("\u200f", "").replace("\xa0", " ") == text


def test_counts_are_written_in_the_readers_way() -> None:
    flag = Reason("suspicious_quantity", {"quantity": 2_000_000, "limit": 5})
    assert render(flag, "en") == "Many pieces of one product: 2,000,000 (from 5 on we ask)"


def test_times_are_written_in_the_readers_way() -> None:
    inner = Reason("asked_to_call_later").as_json()
    planned = Reason(
        "contact_planned", {"channel": "sms", "not_before": "2026-11-22T09:00:00+00:00", "reason": inner}
    )
    assert render(planned, "en").startswith("Next: SMS, from 2026-11-22 09:00 UTC. ")
    assert render(planned, "en", write_instant=lambda at: f"{at:%H} o'clock") == (
        "Next: SMS, from 09 o'clock. The buyer asked to be called at this time"
    )


@pytest.mark.parametrize("time", ["2026-13-45T99:00:00+00:00", "2026-11-22T09:00:00+03:00", "2026-11-22"])
def test_what_is_no_instant_stays_as_it_is(time: str) -> None:
    assert time in render(Reason("contact_planned", {"not_before": time}), "en")


def test_codes_are_listed_in_the_readers_words() -> None:
    assert list_codes(["city", "street"], "ar") == "المدينة، الشارع"
    assert list_codes([], "ckb") == ""


def test_a_language_we_do_not_have_reads_english() -> None:
    assert render(Reason("not_cod"), "ckb") == render(Reason("not_cod"), "en")


def test_an_unknown_code_is_its_own_text() -> None:
    assert render(Reason("a_code_of_tomorrow", {"count": 1}), "ar") == "a_code_of_tomorrow"


def test_an_old_line_without_its_params_still_reads() -> None:
    assert render(Reason("out_of_area"), "en") == "Outside the countries that are served: –"


@given(
    code=st.sampled_from(sorted(ENGLISH.sentences)),
    params=st.dictionaries(st.text(max_size=8), st.one_of(st.integers(), st.text(), st.lists(st.text()))),
)
def test_rendering_never_fails(code: str, params: dict[str, object]) -> None:
    assert render(Reason(code, params), "ar")


@pytest.mark.parametrize(
    ("language", "times", "text"),
    [
        ("en", 1, "read WhatsApp at 21:00 once"),
        ("en", 2, "read WhatsApp at 21:00 twice"),
        ("en", 1200, "read WhatsApp at 21:00 1,200 times"),
        ("ar", 2, "قرأ واتساب عند الساعة 21:00 مرتين"),
        ("ar", 3, "قرأ واتساب عند الساعة 21:00 3 مرات"),
        ("ar", 11, "قرأ واتساب عند الساعة 21:00 11 مرة"),
        ("ar", 100, "قرأ واتساب عند الساعة 21:00 100 مرة"),
    ],
)
def test_how_often_is_written_in_the_readers_way(language: str, times: int, text: str) -> None:
    assert render_seen({"kind": "reads_at", "hour": 21, "times": times}, language) == text


def test_a_reason_ends_with_what_was_seen_of_the_buyer() -> None:
    seen = [{"kind": "answers_after", "hour": 20}, {"kind": "reads_at", "hour": 21, "times": 2}]
    params = {"hour": 21, "percent": 62, "usual_percent": 41, "seen": [*seen, {"kind": "of_tomorrow"}, 7]}
    assert render(Reason("answers_at_this_hour", params), "en") == (
        "Answers well at 21:00 (62 %, usually 41 %) – answers after 20:00; read WhatsApp at 21:00 twice"
    )
    assert render(Reason("answers_at_this_hour", params), "ar").endswith(
        "– يرد بعد الساعة 20:00؛ قرأ واتساب عند الساعة 21:00 مرتين"
    )
    assert render(Reason("order_is_fresh", {"seen": "?"}), "en").endswith("answer best")
