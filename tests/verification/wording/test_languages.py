"""The reader's language, from the header browsers send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.wording import pick_language


@pytest.mark.parametrize(
    ("header", "picked"),
    [
        (None, "en"),
        ("", "en"),
        ("ar", "ar"),
        ("AR-sa", "ar"),
        ("ar-SA,ar;q=0.9,en;q=0.8", "ar"),
        ("en;q=0.5, ar;q=0.7", "ar"),
        ("ar;q=0.5, en;q=0.7", "en"),
        ("ar;q=0.8,en;q=0.8", "ar"),
        ("fr, ar;q=0.2", "ar"),
        ("ar;q=0", "en"),
        ("*", "en"),
        ("ckb, fr;q=0.4", "en"),
        ("ar;q=2, en;q=0.1", "en"),
        ("ar;q=abc", "en"),
        (" ar ; q=0.7 , en ; q=0.1", "ar"),
    ],
)
def test_the_preferred_language_of_ours_is_picked(header: str | None, picked: str) -> None:
    assert pick_language(header) == picked


@given(st.text(max_size=80))
def test_any_header_gets_a_language(header: str) -> None:
    assert pick_language(header) in ("en", "ar")
