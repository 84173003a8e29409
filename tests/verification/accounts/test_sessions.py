"""Who is signed in, and until when."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.users import SignInFailure, User, UserSession
from models.vocabulary import Role
from tests.orders import KEYS
from verification.accounts.sessions import (
    IDLE,
    LONGEST,
    end_sessions,
    find_session,
    forget_old_sessions,
    sign_in,
    sign_out,
)
from verification.accounts.throttling import Throttled
from verification.accounts.users import create_user

PASSWORD = "correct horse"
EMAIL = "huda@takeed.example"


@pytest.fixture
def huda(session, now) -> User:
    return create_user(session, email=EMAIL, name="هدى", role=Role.agent, password=PASSWORD, now=now)


def begin(session, now, email=EMAIL, password=PASSWORD, address="10.0.0.1"):
    return sign_in(session, email, password, address=address, keys=KEYS, now=now)


def test_a_session_is_known_by_its_token_of_which_only_the_digest_is_kept(session, huda, now):
    begun = begin(session, now, " Huda@Takeed.example ")
    assert begun.user.id == huda.id
    assert find_session(session, begun.token, now, touch=True) == begun.user
    assert len(begun.token) >= 22
    assert begun.token.encode() not in session.scalars(select(UserSession.token_hash)).one()
    for wrong in ("", begun.token[:-1], begun.token + "x", "é", "\0"):
        assert find_session(session, wrong, now, touch=True) is None


def test_every_sign_in_has_a_token_of_its_own(session, huda, now):
    tokens = {begin(session, now).token for _ in range(3)}
    assert len(tokens) == 3


def test_what_does_not_fit_is_counted_and_begins_nothing(session, huda, now):
    for email, password in ((EMAIL, "wrong horse"), ("nobody@takeed.example", PASSWORD), ("", "")):
        assert begin(session, now, email, password) is None
    assert len(session.scalars(select(SignInFailure)).all()) == 3
    assert session.scalars(select(UserSession)).all() == []


@pytest.mark.parametrize("email", [EMAIL, "nobody@takeed.example"])
def test_guessing_has_to_wait_whether_the_account_exists_or_not(session, huda, now, email):
    for _ in range(5):
        assert begin(session, now, email, "wrong horse") is None
    with pytest.raises(Throttled) as held:
        begin(session, now, email, PASSWORD)
    assert held.value.wait_seconds == 2


def test_a_colleague_is_never_locked_out_from_elsewhere(session, huda, now):
    for number in range(150):
        session.add_all(
            [
                SignInFailure(
                    account_hash=KEYS.keyed_digest("account", EMAIL),
                    address_hash=KEYS.keyed_digest("address", f"203.0.113.{number}"),
                    failed_at=now,
                )
            ]
        )
    assert begin(session, now) is not None


def test_a_session_ends_after_an_hour_without_an_act(session, huda, now):
    token = begin(session, now).token
    for _ in range(3):
        now += IDLE - timedelta(minutes=1)
        assert find_session(session, token, now, touch=True)
    assert find_session(session, token, now + IDLE, touch=True) is None


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(session, huda, now):
    token = begin(session, now).token
    for minutes in range(0, 60, 5):
        assert find_session(session, token, now + timedelta(minutes=minutes), touch=False)
    assert find_session(session, token, now + IDLE, touch=False) is None


def test_being_seen_is_written_once_a_minute(session, huda, now):
    token = begin(session, now).token
    seen = select(UserSession.seen_at)
    find_session(session, token, now + timedelta(seconds=59), touch=True)
    assert session.scalars(seen).one() == now
    find_session(session, token, now + timedelta(seconds=60), touch=True)
    assert session.scalars(seen).one() == now + timedelta(seconds=60)


def test_a_session_ends_after_twelve_hours_of_work(session, huda, now):
    token, at = begin(session, now).token, now
    while at < now + LONGEST - timedelta(minutes=30):
        at += timedelta(minutes=30)
        found = find_session(session, token, at, touch=True)
        assert (found is not None) == (at < now + LONGEST)
    assert find_session(session, token, now + LONGEST, touch=True) is None


def test_a_disabled_user_has_no_session(session, huda, now):
    token = begin(session, now).token
    huda.disabled_at = now
    session.flush()
    assert find_session(session, token, now, touch=True) is None
    assert begin(session, now) is None


def test_signing_out_ends_one_session_or_all(session, huda, now):
    first, second, third = (begin(session, now).token for _ in range(3))
    sign_out(session, first)
    assert find_session(session, first, now, touch=True) is None
    assert find_session(session, second, now, touch=True)
    end_sessions(session, huda.id)
    assert find_session(session, second, now, touch=True) is None
    assert find_session(session, third, now, touch=True) is None


def test_sessions_that_are_over_are_dropped(session, huda, now):
    begin(session, now)
    kept = begin(session, now + timedelta(minutes=30)).token
    assert forget_old_sessions(session, now + IDLE) == 1
    assert find_session(session, kept, now + IDLE, touch=True)
