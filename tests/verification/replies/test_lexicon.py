"""The word lists agree with themselves."""

from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import Intent
from verification.replies.lexicon import Role, lexicon
from verification.replies.normalising import normalise
from verification.replies.reading import read_reply

MEANINGS = lexicon(with_choices=False).meanings
DENYING = {
    "لا",
    "ما",
    "مو",
    "مب",
    "مش",
    "مهب",
    "غير",
    "ليس",
    "لن",
    "لم",
    "بدون",
    "no",
    "not",
    "dont",
    "never",
    "نا",
}


def test_no_yes_holds_a_denying_word() -> None:
    denied = [
        phrase
        for phrase, meaning in MEANINGS.items()
        if meaning.role is Role.confirm and DENYING & set(phrase)
    ]
    # "I still want it" is the one yes that is spelled with a no.
    assert {phrase[:2] for phrase in denied} == {("لا", "زلت"), ("ما", "زلت")}


def test_every_phrase_that_means_yes_or_no_alone_is_read_so() -> None:
    expected = {Role.confirm: Intent.confirm, Role.soft: Intent.confirm}
    expected |= dict.fromkeys((Role.no, Role.refusal, Role.act, Role.cancel), Intent.cancel)
    wrong = [
        phrase
        for phrase, meaning in MEANINGS.items()
        if meaning.role in expected and read_reply(" ".join(phrase)).intent is not expected[meaning.role]
    ]
    assert wrong == []


@given(st.sampled_from(sorted(MEANINGS)))
def test_normalising_a_phrase_again_changes_nothing(phrase: tuple[str, ...]) -> None:
    assert normalise(" ".join(phrase)) == [list(phrase)]
