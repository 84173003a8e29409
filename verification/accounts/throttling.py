"""Slowing down whoever guesses passwords, without letting anybody lock a colleague out.

Waits grow for an account from one address, and for an address over all accounts. However often an account
fails elsewhere, its first try from another address is taken; only the free tries after it are gone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from models.users import SignInFailure

REMEMBERED = timedelta(days=1)
"""How long a failure counts and is kept."""

_FREE_TRIES = 5
_LONGEST_WAIT = timedelta(minutes=15)
# An office shares one address, so that an address has more tries and shorter waits than one account from it.
_FREE_TRIES_OF_ADDRESS = 60
_LONGEST_WAIT_OF_ADDRESS = timedelta(seconds=30)
_WINDOW_OF_ADDRESS = timedelta(hours=1)
# OWASP and NIST SP 800-63B (5.2.2): no more than a hundred failures on one account without something else.
_ATTACKED = 100


class Throttled(Exception):
    """Too many failures: nothing was looked at; another try is taken after `wait_seconds`, 1 or more."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(f"another try in {wait_seconds} s")
        self.wait_seconds = wait_seconds


@dataclass(frozen=True)
class Failures:
    """How often it failed, and when last."""

    count: int = 0
    latest: datetime | None = None


def wait(here: Failures, address: Failures, account: int, now: datetime) -> timedelta:
    """How long until the next try; zero for none.

    `here`: of this account from this address; `address`: of any account from it; `account`: from anywhere.
    """
    free = 1 if account >= _ATTACKED else _FREE_TRIES
    return max(
        _left(here, free, 1, _LONGEST_WAIT, now),
        _left(address, _FREE_TRIES_OF_ADDRESS, 5, _LONGEST_WAIT_OF_ADDRESS, now),
    )


def _left(failures: Failures, free: int, slowness: int, longest: timedelta, now: datetime) -> timedelta:
    if failures.latest is None or failures.count < free:
        return timedelta(0)
    doublings = min((failures.count - free) // slowness, 20)
    wait_until = failures.latest + min(timedelta(seconds=2 << doublings), longest)
    return max(wait_until - now, timedelta(0))


def hold_back(session: Session, account: bytes, address: bytes, now: datetime) -> None:
    """Raises `Throttled` while this account from this address has to wait.

    Tries at the same instant are taken one after the other, so that each sees the failures before it.
    """
    lock = int.from_bytes(account[:4] + address[:4], "big", signed=True)
    session.execute(select(func.pg_advisory_xact_lock(lock)))
    of_account, of_address = SignInFailure.account_hash == account, SignInFailure.address_hash == address
    lately = and_(of_address, SignInFailure.failed_at > now - _WINDOW_OF_ADDRESS)
    here = and_(of_account, of_address)
    found = session.execute(
        select(
            func.count().filter(here),
            func.max(SignInFailure.failed_at).filter(here),
            func.count().filter(lately),
            func.max(SignInFailure.failed_at).filter(lately),
            func.count().filter(of_account),
        ).where(or_(of_account, of_address), SignInFailure.failed_at > now - REMEMBERED)
    ).one()
    left = wait(Failures(found[0], found[1]), Failures(found[2], found[3]), found[4], now)
    if left > timedelta(0):
        raise Throttled(-(-left // timedelta(seconds=1)))


def note_failure(session: Session, account: bytes, address: bytes, now: datetime) -> None:
    """Count a sign-in that did not succeed."""
    session.add(SignInFailure(account_hash=account, address_hash=address, failed_at=now))
    session.flush()


def forgive(session: Session, account: bytes, address: bytes) -> None:
    """Forget the failures of who has now signed in; those of the address with other accounts stay."""
    session.execute(
        delete(SignInFailure).where(
            SignInFailure.account_hash == account, SignInFailure.address_hash == address
        )
    )


def forget_old_failures(session: Session, now: datetime) -> int:
    """Drop those that no longer count; how many."""
    old = delete(SignInFailure).where(SignInFailure.failed_at <= now - REMEMBERED)
    return len(session.scalars(old.returning(SignInFailure.id)).all())
