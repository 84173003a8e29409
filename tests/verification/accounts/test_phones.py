"""A user's own phone: read as typed, kept as E.164, changes told in the record."""

import pytest
from sqlalchemy import select

from models.calendars import AuditLine
from tests.web.staff import make_user
from verification.accounts.phones import set_phone
from verification.accounts.refusals import AccountRefused


@pytest.fixture
def keep(work, now):
    user = make_user(work, now, email="huda@takeed.example")

    def set_to(typed, who=None, zone="Asia/Riyadh"):
        with work() as session:
            return set_phone(session, who or user.id, typed, zone=zone, actor="operator", now=now).phone

    return set_to


@pytest.mark.parametrize(
    ("typed", "zone", "kept"),
    [
        ("0551234567", "Asia/Riyadh", "+966551234567"),
        ("٠٥٥ ١٢٣ ٤٥٦٧", "Asia/Riyadh", "+966551234567"),
        ("050 123 4567", "Asia/Dubai", "+971501234567"),
        ("+20 100 123 4567", "Asia/Riyadh", "+201001234567"),
        ("0551234567", "Europe/London", "+966551234567"),
    ],
)
def test_a_phone_is_read_as_the_house_writes_it(keep, typed, zone, kept):
    assert keep(typed, zone=zone) == kept


@pytest.mark.parametrize(
    "typed", ["", "x", "12", "0551234567 0559876543", "+14155550100", "9" * 5000, "a\0b", "+966900123456"]
)
def test_what_is_not_one_phone_is_refused_and_the_old_one_stays(keep, typed):
    keep("0551234567")
    with pytest.raises(AccountRefused, match="phone_unreadable"):
        keep(typed)


def test_nobody_has_no_phone(keep):
    with pytest.raises(AccountRefused, match="user_missing"):
        keep("0551234567", who="nobody\0@takeed.example")


def test_changes_are_kept_without_the_number(keep, session):
    keep("0551234567", who=" Huda@takeed.example")
    keep("+966551234567")
    assert keep(None) is None
    lines = session.scalars(select(AuditLine).order_by(AuditLine.id)).all()
    assert [line.code for line in lines] == ["user_phone_set", "user_phone_removed"]
    assert all(line.params == {"user": "huda@takeed.example"} for line in lines)
