"""Every reason reads in every language."""

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.phones import PhoneProblem
from models.reasons import Reason
from models.vocabulary import Channel, Flag
from verification.screening.address import NEEDS
from verification.wording import render
from verification.wording.rendering import CATALOGUES

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


def test_params_are_put_in_the_readers_words() -> None:
    flag = Reason("address_incomplete", {"missing": ["district", "street"]})
    assert render(flag, "en") == "The address lacks: district, street"
    assert render(flag, "ar") == "ينقص العنوان: الحي، الشارع"


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
