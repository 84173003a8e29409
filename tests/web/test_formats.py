"""Numbers and times as readers of a language write them."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from models.reasons import Reason

AT = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
RIYADH = "Asia/Riyadh"
PLANNED = Reason(
    "contact_planned",
    {
        "channel": "sms",
        "not_before": "2026-11-22T18:30:00+00:00",
        "reason": Reason("first_contact").as_json(),
    },
)


@pytest.mark.parametrize(
    ("expression", "english", "arabic"),
    [
        ("19900|amount('SAR')", "SAR\xa0199.00", "\u200f199.00\xa0ر.س.\u200f"),
        ("1500|amount('KWD')", "KWD\xa01.500", "\u200f1.500\xa0د.ك.\u200f"),
        ("25|amount('USD')", "$\xa00.25", "\u2066$0.25\u2069"),
        ("12345|number", "12,345", "12,345"),
        ("0.456|percent", "46%", "46%"),
        ("none|percent", "–", "–"),
        ("at|moment(zone)", "Sun 22 Nov, 21:30", "الأحد 22 نوفمبر، 21:30"),
        ("at|hour(zone)", "21:30", "21:30"),
        ("at|day(zone)", "today", "اليوم"),
        ("(at + hours(5))|day(zone)", "tomorrow", "غدًا"),
        ("(at + hours(48))|day(zone)", "Tuesday 24 November", "الثلاثاء 24 نوفمبر"),
        ("at|day('Pacific/Auckland')", "tomorrow", "غدًا"),
        ("at|ago(at + hours(0.05))", "3 min ago", "قبل 3 دقائق"),
        ("at|ago", "in 8 hr", "خلال 8 ساعات"),
        ("at|ago(at)", "in 0 sec", "خلال 0 ثانية"),
        ("at|ago(at + hours(400))", "2 wk ago", "قبل أسبوعين"),
        ("7500|duration", "2 hr 5 min", "2 س 5 د"),
        ("hours(24)|duration", "1 day", "يوم"),
        ("86461|duration", "1 day", "يوم"),
        ("45|duration", "45 sec", "45 ث"),
        ("0|duration", "0 sec", "0 ث"),
        ("['city', 'street']|listed", "city, street", "المدينة، الشارع"),
    ],
)
def test_filters(app: Flask, expression: str, english: str, arabic: str) -> None:
    values = {"at": AT, "zone": RIYADH, "hours": lambda count: timedelta(hours=count)}
    shown = app.jinja_env.compile_expression("(" + expression + ")|string")
    for language, expected in (("en", english), ("ar", arabic)):
        with app.test_request_context(query_string={"lang": language}):
            assert shown(**values) == expected


def test_reasons_tell_times_in_the_readers_zone(app: Flask) -> None:
    shown = app.jinja_env.compile_expression("(planned|reason('Asia/Dubai'), planned.as_json()|reason)")
    with app.test_request_context(query_string={"lang": "en"}):
        assert shown(planned=PLANNED) == (
            "Next: SMS, from Sun 22 Nov, 22:30. The first contact about this order",
            "Next: SMS, from Sun 22 Nov, 21:30. The first contact about this order",
        )
    with app.test_request_context(query_string={"lang": "ar"}):
        assert "الأحد 22 نوفمبر، 22:30" in shown(planned=PLANNED)[0]
