from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefronts.retry_after import LONGEST, seconds_asked

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("9" * 6000, LONGEST),
        ("Fri, 20 Nov 2026 18:02:00 GMT", 120),
        ("Fri, 20 Nov 2026 21:02:00 +0300", 120),
        ("Fri, 20 Nov 2026 18:02:00 -0000", 120),
        ("Friday, 20-Nov-26 18:02:00 GMT", 120),
        ("Fri, 20 Nov 2026 17:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("١٢٠", None),
        ("Fri, 99 Nov 2026 18:02:00 GMT", None),
        ("Fri, 20 Nov 99999999999 18:02:00 GMT", None),
    ],
)
def test_seconds_or_a_date_are_read(value: str, seconds: int | None) -> None:
    assert seconds_asked(value, now=NOW) == seconds


@given(st.text(alphabet=st.characters(max_codepoint=255)))
def test_whatever_a_receiver_writes_is_read_or_passed_over(value: str) -> None:
    seconds = seconds_asked(value, now=NOW)
    assert seconds is None or 0 <= seconds <= LONGEST
