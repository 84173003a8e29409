"""Dates in the shapes that files have them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefronts.sheets.dates import read_date

RIYADH = ZoneInfo("Asia/Riyadh")


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-20 19:21",
        "2026-11-20T19:21:00",
        "2026/11/20 19:21:00",
        "20/11/2026 19:21",
        "20-11-2026 7:21 PM",
        "11/20/2026 19:21",
        "20.11.26 19:21",
        "19:21 20/11/2026",
        "20-11-2026 | 07:21 م",
        "٢٠/١١/٢٠٢٦ ٧:٢١ مساءً",
        "٢٠ نوفمبر ٢٠٢٦، ١٩:٢١",
        "20 تشرين الثاني 2026 19:21",
        "2026年11月20日 19:21",
        "2026年11月20日 下午7:21",
        "Nov 20, 2026 7:21 PM",
        "20 November 2026 19:21:00.000",
        "Fri Nov 20 2026 19:21:00 GMT+0300",
        "2026-11-20 16:21:00 UTC",
        "2026-11-20T16:21:00Z",
        "2026-11-20 20:21:00 +04:00",
        "20‏/11‏/2026 19:21",
        datetime(2026, 11, 20, 19, 21),  # noqa: DTZ001
        46346.80625,
        "46346.80625",
    ],
)
def test_one_moment_in_every_shape(cell: object) -> None:
    assert read_date(cell, RIYADH) == datetime(2026, 11, 20, 19, 21, tzinfo=RIYADH)


@pytest.mark.parametrize("cell", ["2026-11-20", "20/11/2026", "20261120", date(2026, 11, 20), 46346, "46346"])
def test_a_date_alone_is_the_days_beginning(cell: object) -> None:
    assert read_date(cell, RIYADH) == datetime(2026, 11, 20, tzinfo=RIYADH)


def test_an_unclear_day_comes_before_the_month() -> None:
    assert read_date("03/04/2026", RIYADH) == datetime(2026, 4, 3, tzinfo=RIYADH)


@pytest.mark.parametrize(
    ("cell", "hour"), [("2026-11-20 12:05 am", 0), ("2026-11-20 12:05 pm", 12), ("2026-11-20 上午12:05", 0)]
)
def test_noon_and_midnight(cell: str, hour: int) -> None:
    assert read_date(cell, RIYADH) == datetime(2026, 11, 20, hour, 5, tzinfo=RIYADH)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "soon",
        "2026-02-30",
        "31/31/2026",
        "2026-11-20 25:00",
        "2026-11-20 10:00 +99:99",
        "12:30",
        True,
        1047,
        -1.0,
    ],
)
def test_what_is_no_date(cell: object) -> None:
    assert read_date(cell, RIYADH) is None


@given(st.text(max_size=30) | st.text("0123456789:/-. TZ+年月日م", max_size=25) | st.floats() | st.integers())
def test_any_cell_is_a_moment_or_none(cell: object) -> None:
    moment = read_date(cell, RIYADH)

    assert moment is None or moment.tzinfo is not None
