from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.countries import SERVED
from models.vocabulary import ContactKind, MessageClass
from tests.verification.hours.around import NO_PAUSES
from verification.desk.time_words import PARTS
from verification.desk.times import read_time, suggestions
from verification.hours.calendar import COMPUTED
from verification.hours.deciding import closes_at, decide
from verification.hours.places import largest, where_of
from verification.policy.values import default_policy, with_overrides

RIYADH, CAIRO = "Asia/Riyadh", "Africa/Cairo"
# A Sunday, at noon in Riyadh.
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
START = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = st.sampled_from(sorted({country.time_zone for country in SERVED.values()}))
INSTANTS = st.integers(0, 2 * 365 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))
MINUTE = timedelta(minutes=1)


def local(text: str, now: datetime = NOW, zone: str = RIYADH) -> str | None:
    at = read_time(text, now=now, zone=zone)
    return None if at is None else at.astimezone(ZoneInfo(zone)).strftime("%d %H:%M")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # English
        ("21:30", "22 21:30"),
        ("9.30pm", "22 21:30"),
        ("9:30 p.m.", "22 21:30"),
        ("930 pm", "22 21:30"),
        ("2130", "22 21:30"),
        ("9:30", "22 21:30"),
        ("09:30", "23 09:30"),
        ("9:30 am", "23 09:30"),
        ("11:00", "23 11:00"),
        ("3", "22 15:00"),
        ("at 7", "22 19:00"),
        ("10", "23 10:00"),
        ("tomorrow 9:30 pm", "23 21:30"),
        ("Tomorrow at half past nine in the evening", "23 21:30"),
        ("half nine", None),
        ("quarter to ten tonight", "22 21:45"),
        ("ten past five", "22 17:10"),
        ("nine thirty pm", "22 21:30"),
        ("nine forty five", "22 21:45"),
        ("7 o'clock", "22 19:00"),
        ("in 2 hours", "22 14:00"),
        ("in an hour and a half", "22 13:30"),
        ("half an hour", "22 12:30"),
        ("in 45 min", "22 12:45"),
        ("2h30", "22 14:30"),
        ("two hours from now", "22 14:00"),
        ("in 3 days at 5 pm", "25 17:00"),
        ("Thursday evening", "26 20:00"),
        ("sunday 5pm", "22 17:00"),
        ("sunday 11 am", "29 11:00"),
        ("next sunday 5pm", "29 17:00"),
        ("next week", "29 12:00"),
        ("after Maghrib", "22 18:30"),
        ("tomorrow noon", "23 12:00"),
        ("day after tomorrow at 11", "24 11:00"),
        ("24/11 21:30", "24 21:30"),
        ("24/11/2026 9:30 pm", "24 21:30"),
        ("2026-11-24 21:30", "24 21:30"),
        ("the 24th of November at 6", "24 18:00"),
        ("Nov 24, 5 pm", "24 17:00"),
        ("tomorrow monday at 3", "23 15:00"),
        ("not now, please call me tomorrow evening", "23 20:00"),
        ("I am busy, call me tomorrow at 12:30 pm", "23 12:30"),
        ("bukra 5", "23 17:00"),
        # Arabic, as written and as spoken from Cairo to Muscat
        ("٢١:٣٠", "22 21:30"),
        ("٩:٣٠ م", "22 21:30"),
        ("بكرة", "23 12:00"),
        ("بكرة الساعة ٩ ونص مساءً", "23 21:30"),
        ("غداً الساعة التاسعة والنصف مساءً", "23 21:30"),
        ("باجر العصر", "23 16:00"),
        ("بكرا بالليل على التسعة", "23 21:00"),
        ("بعد ساعتين", "22 14:00"),
        ("بعد ساعة", "22 13:00"),
        ("بعد نص ساعة", "22 12:30"),
        ("بعد ساعة ونص", "22 13:30"),
        ("بعد ساعة إلا ربع", "22 12:45"),
        ("بعد ٣ ساعات", "22 15:00"),
        ("كمان عشر دقايق", "22 12:10"),
        ("الليلة", "22 21:00"),
        ("الليلة بعد العشاء", "22 20:00"),
        ("العصر", "22 16:00"),
        ("بعد الظهر", "22 15:00"),
        ("بعد المغرب", "22 18:30"),
        ("تسع ونص", "22 21:30"),
        ("الساعة خمسة", "22 17:00"),
        ("عشرة إلا ربع الصبح", "23 09:45"),
        ("الساعة ١١ الا ثلث", "23 10:40"),
        ("الساعة 12 بالليل", "23 00:00"),
        ("ستة وعشر دقايق", "22 18:10"),
        ("يوم الخميس العصر", "26 16:00"),
        ("الأربعاء الساعة ٨", "25 20:00"),
        ("الاثنين الصبح", "23 10:00"),
        ("بعد بكرة الساعة عشرة", "24 10:00"),
        ("عقب باجر المغرب", "24 18:30"),
        ("النهارده الساعة ٦", "22 18:00"),
        ("٢٤ نوفمبر الساعة ٥", "24 17:00"),
        ("٢٤ تشرين الثاني الساعة ٥", "24 17:00"),
        ("بعد يومين الساعة ٥", "24 17:00"),
        ("مو الحين، بكرة الصبح", "23 10:00"),
        ("لا، كلموني بكرة الساعة خمسة لو سمحتوا", "23 17:00"),
        # Kurdish
        ("سبەینێ کاتژمێر 9:30ی ئێوارە", "23 21:30"),
        ("دوای 2 کاتژمێر", "22 14:00"),
        ("پێنجشەممە ئێوارە", "26 20:00"),
        # Chinese
        ("明天晚上8点半", "23 20:30"),
        ("后天下午三点", "24 15:00"),
        ("今晚9点", "22 21:00"),
        ("两小时后", "22 14:00"),
        ("半个小时后", "22 12:30"),
        ("一个半小时后", "22 13:30"),
        ("周四下午3点一刻", "26 15:15"),
        ("11月24日21:30", "24 21:30"),
        # Neither a time, nor one alone, nor one to come
        ("", None),
        ("hello", None),
        ("later", None),
        ("بعدين", None),
        ("الحين", None),
        ("before 5", None),
        ("قبل المغرب", None),
        ("5 or 6", None),
        ("between 5 and 7", None),
        ("5 to 7", None),
        ("5 pm, 6 pm", None),
        ("not tomorrow", None),
        ("لا تتصلوا بكرة", None),
        ("الفجر", None),
        ("yesterday at 5", None),
        ("today at 10", None),
        ("tomorrow thursday", None),
        ("13 pm am", None),
        ("13:00 am", None),
        ("25:00", None),
        ("9:75", None),
        ("0501234567", None),
        ("1.5 hours", None),
        ("in 0 minutes", None),
        ("in 400 hours", None),
        ("31/02 10:00", None),
        ("13/1 10:00", None),
        ("2025-11-24 21:30", None),
        ("tomorrow 9 pm " * 30, None),
    ],
)
def test_phrases(text: str, expected: str | None) -> None:
    assert local(text) == expected


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_the_day_has_its_usual_time(part: str) -> None:
    assert local(f"tomorrow {part}") == f"23 {PARTS[part]:%H:%M}"


def test_an_hour_that_is_past_today_is_tomorrow() -> None:
    evening = NOW + timedelta(hours=10)
    assert local("9 pm", evening) == "23 21:00"
    assert local("10:15 pm", evening) == "22 22:15"
    assert local("today 9 pm", evening) is None


def test_a_length_of_time_ends_on_a_full_minute() -> None:
    assert read_time("in 5 minutes", now=NOW + timedelta(seconds=7), zone=RIYADH) == NOW + 6 * MINUTE


def test_an_hour_that_clocks_skip_comes_as_much_later() -> None:
    # In Egypt 00:00 to 01:00 does not exist on 24 April 2026.
    before = datetime(2026, 4, 23, 12, 0, tzinfo=UTC)
    assert local("2026-04-24 00:30", before, CAIRO) == "24 01:30"


def test_an_hour_that_clocks_show_twice_is_the_next_of_the_two() -> None:
    # In Egypt 23:00 to 24:00 comes twice on 29 October 2026.
    first = datetime(2026, 10, 29, 20, 30, tzinfo=UTC)
    assert read_time("23:30", now=first - MINUTE, zone=CAIRO) == first
    assert read_time("23:30", now=first + MINUTE, zone=CAIRO) == first + timedelta(hours=1)


_PIECES = """
    tomorrow tonight بكرة باجر الخميس sunday next 9 ٩ 12 31 0 99 1:30 24:00 24/11 2026-11-24 pm am مساءً ونص
    half quarter past to إلا ربع و in بعد hour ساعة ساعتين minute دقيقة day week 明天晚上8点半 小时后 11月 the
    العصر evening night : ، |
"""
_WORDS = st.sampled_from(_PIECES.split())


@given(
    text=st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=8).map(" ".join)), now=INSTANTS, zone=ZONES
)
def test_any_text_is_a_time_to_come_or_none(text: str, now: datetime, zone: str) -> None:
    at = read_time(text, now=now, zone=zone)
    assert at is None or (at.utcoffset() == timedelta(0) and now < at <= now + timedelta(days=14))


@given(now=INSTANTS, minutes=st.integers(2, 13 * 24 * 60), zone=ZONES)
@pytest.mark.parametrize("form", ["%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%d/%m %H:%M", "%Y-%m-%d %I:%M %p"])
def test_an_exact_time_is_read_as_written(form: str, now: datetime, minutes: int, zone: str) -> None:
    meant = now.replace(second=0, microsecond=0) + minutes * MINUTE
    shown = meant.astimezone(ZoneInfo(zone))
    at = read_time(shown.strftime(form), now=now, zone=zone)
    assert at is not None
    assert at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == shown.replace(tzinfo=None)
    assert at == meant or shown.fold == 1


@given(now=INSTANTS, zone=ZONES, hour=st.integers(13, 23), minute=st.integers(0, 59))
def test_a_clock_time_is_the_next_one(now: datetime, zone: str, hour: int, minute: int) -> None:
    at = read_time(f"{hour}:{minute:02}", now=now, zone=zone)
    assert at is not None
    assert at - now <= timedelta(hours=25)
    assert at.astimezone(ZoneInfo(zone)).time() in (time(hour, minute), time((hour + 1) % 24, minute))


def offered(now: datetime, until: datetime, country: str = "SA", **values: object) -> list[str]:
    where = where_of(country, largest(country).code)
    policy = with_overrides(default_policy(country), values)
    found = suggestions(where, policy, COMPUTED, now, until)
    return [at.astimezone(ZoneInfo(where.zone)).strftime("%d %H:%M") for at in found]


def test_four_times_are_offered() -> None:
    now, until = NOW + timedelta(minutes=7), NOW + timedelta(days=3)
    assert offered(now, until, **NO_PAUSES) == ["22 13:15", "22 20:00", "23 12:15", "23 20:00"]


def test_what_is_shut_falls_to_the_nearest_open_quarter() -> None:
    # The Emirates' phones may ring from 9 to 18 only.
    until = NOW + timedelta(days=3)
    assert offered(NOW, until, "AE", **NO_PAUSES) == ["22 14:00", "22 17:45", "23 13:00", "23 17:45"]


def test_no_offered_time_falls_into_a_prayer() -> None:
    # In Riyadh the noon prayer keeps the phone silent from 11:34 to 12:04.
    assert offered(NOW - timedelta(minutes=30), NOW + timedelta(days=3)) == [
        *("22 12:30", "22 20:00", "23 11:15", "23 20:00")
    ]


def test_nothing_is_offered_after_the_deadline() -> None:
    assert offered(NOW, NOW + timedelta(hours=3), **NO_PAUSES) == ["22 13:00", "22 14:45"]
    assert offered(NOW, NOW) == []


def test_in_the_late_evening_there_is_tomorrow() -> None:
    assert offered(NOW + timedelta(hours=10), NOW + timedelta(days=3)) == ["23 10:00", "23 20:00", "23 21:15"]


@settings(deadline=None)
@given(now=INSTANTS, hours=st.integers(0, 96), country=st.sampled_from(sorted(SERVED)))
def test_what_is_offered_may_be_promised(now: datetime, hours: int, country: str) -> None:
    where, policy = where_of(country, largest(country).code), default_policy(country)
    until = now + timedelta(hours=hours)
    found = suggestions(where, policy, COMPUTED, now, until)
    assert len(found) <= 4
    for at, then in pairwise(found):
        assert then - at >= timedelta(minutes=15)
    for at in found:
        assert now + timedelta(minutes=15) <= at < until
        assert at.minute % 15 == at.second == at.microsecond == 0
        asked = (ContactKind.call, MessageClass.service, where, policy, COMPUTED, at)
        assert decide(*asked).at == at
        assert closes_at(*asked) >= at + timedelta(minutes=15)
