"""What the nightly job drops besides buyers' data."""

from datetime import timedelta

from sqlalchemy import func, select

from models.users import SignInFailure, UserSession
from models.vocabulary import Role
from scripts.jobs import House, forget
from tests.orders import KEYS
from verification.accounts.sessions import sign_in
from verification.accounts.users import create_user


def test_sessions_that_are_over_and_old_failures_are_dropped(engine, work, session, now):
    with work() as rows:
        create_user(rows, email="a@b.example", name="A", role=Role.agent, password="correct horse", now=now)
        for password in ("correct horse", "wrong"):
            sign_in(rows, "a@b.example", password, address="10.0.0.1", keys=KEYS, now=now)
    forget(House(engine, {}, KEYS, lambda: now, holder="test"))
    assert counted(session) == (1, 1)
    forget(House(engine, {}, KEYS, lambda: now + timedelta(days=1), holder="test"))
    assert counted(session) == (0, 0)


def counted(session) -> tuple[int, ...]:
    return tuple(
        session.scalar(select(func.count()).select_from(table)) for table in (UserSession, SignInFailure)
    )
