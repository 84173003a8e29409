"""Many spellings, one word; and what must stay apart stays apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.replies.normalising import normalise


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("إلغاء", ["الغا"]),
        ("نَعَـــمْ", ["نعم"]),
        ("نعمممم", ["نعم"]),
        ("Okkkk", ["ok"]),
        ("ﻻ", ["لا"]),
        ("بەڵێ", ["بهلي"]),
        ("أيوة", ["ايوه"]),
        ("مسؤول", ["مسوول"]),
        ("ئەرێ", ["اهري"]),
        ("don’t", ["dont"]),
        ("١٢", ["12"]),
        ("１", ["1"]),
        ("1️⃣", ["1"]),
        ("👍🏽✔️", ["👍", "✔"]),
        ("\u200fنعم\u200f", ["نعم"]),
        ("*نعم*", ["نعم"]),
        ("نعم؟", ["نعم", "?"]),
        ("1.5", ["1.5"]),
        ("2:30", ["2:30"]),
    ],
)
def test_spellings_meet(text: str, tokens: list[str]) -> None:
    assert normalise(text) == [tokens]


@pytest.mark.parametrize("pause", [",", "،", ".", "\n", " - ", "…", "؛", "\0"])
def test_a_pause_parts_clauses(pause: str) -> None:
    assert normalise(f"لا{pause}شكرا") == [["لا"], ["شكرا"]]


@given(st.text())
def test_no_token_is_empty(text: str) -> None:
    assert all(token.strip() for clause in normalise(text) for token in clause)
