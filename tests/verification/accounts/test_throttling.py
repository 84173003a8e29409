"""How long whoever guesses has to wait, and that nobody else does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.unit_of_work import unit_of_work
from verification.accounts.throttling import (
    Failures,
    Throttled,
    forget_old_failures,
    forgive,
    hold_back,
    note_failure,
    wait,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
NONE = timedelta(0)

counts = st.integers(0, 10_000)


@given(counts, counts, counts, st.integers(0, 100_000))
def test_every_wait_ends_and_more_failures_never_shorten_it(here, address, account, seconds):
    latest = NOW - timedelta(seconds=seconds)

    def left(here, address, account):
        return wait(Failures(here, latest), Failures(address, latest), account, NOW)

    now_left = left(here, address, account)
    assert now_left <= timedelta(minutes=15)
    assert now_left <= left(here + 1, address, account)
    assert now_left <= left(here, address + 1, account)
    assert now_left <= left(here, address, account + 1)


@given(counts)
def test_failures_elsewhere_never_refuse_a_first_try(account):
    assert wait(Failures(), Failures(), account, NOW) == NONE


@given(st.integers(0, 4))
def test_a_few_slips_cost_nothing(here):
    assert wait(Failures(here, NOW), Failures(here, NOW), here, NOW) == NONE


def test_an_account_under_attack_has_one_free_try():
    assert wait(Failures(1, NOW), Failures(1, NOW), 99, NOW) == NONE
    assert wait(Failures(1, NOW), Failures(1, NOW), 100, NOW) > NONE


def test_a_guesser_gets_few_tries_in_a_day(session, now):
    tries = tried_all_day(session, now, lambda _: (b"account-1", b"address-1"))
    assert 5 < tries < 120


def test_a_guesser_over_all_accounts_gets_few_tries_an_hour(session, now):
    tries = tried_all_day(session, now, lambda tries: (f"account-{tries}".encode(), b"address-1"), hours=1)
    assert 60 < tries < 250


def tried_all_day(session, now, place, hours=24) -> int:
    """How many tries are taken from somebody who waits exactly as long as told."""
    tries, at, end = 0, now, now + timedelta(hours=hours)
    while at < end:
        account, address = place(tries)
        try:
            hold_back(session, account, address, at)
        except Throttled as throttled:
            at += timedelta(seconds=throttled.wait_seconds)
            continue
        note_failure(session, account, address, at)
        tries += 1
    return tries


def test_guesses_at_the_same_instant_count_each_other(engine, now):
    def guess(_: int) -> bool:
        try:
            with unit_of_work(engine) as session:
                hold_back(session, b"account-1", b"address-1", now)
                note_failure(session, b"account-1", b"address-1", now)
        except Throttled:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(guess, range(24))) == 5


def test_only_the_guessers_own_address_waits(session, now):
    for _ in range(8):
        note_failure(session, b"account-1", b"address-1", now)
    with pytest.raises(Throttled) as held:
        hold_back(session, b"account-1", b"address-1", now)
    assert held.value.wait_seconds >= 1
    hold_back(session, b"account-1", b"address-2", now)
    hold_back(session, b"account-2", b"address-1", now)
    hold_back(session, b"account-1", b"address-1", now + timedelta(seconds=held.value.wait_seconds))


def test_who_signs_in_is_forgiven_the_own_failures_alone(session, now):
    for _ in range(6):
        note_failure(session, b"account-1", b"address-1", now)
        note_failure(session, b"account-2", b"address-1", now)
    forgive(session, b"account-1", b"address-1")
    hold_back(session, b"account-1", b"address-1", now)
    with pytest.raises(Throttled):
        hold_back(session, b"account-2", b"address-1", now)


def test_failures_are_forgotten_after_a_day(session, now):
    for _ in range(6):
        note_failure(session, b"account-1", b"address-1", now)
    later = now + timedelta(days=1)
    hold_back(session, b"account-1", b"address-1", later)
    note_failure(session, b"account-1", b"address-1", later)
    assert forget_old_failures(session, later) == 6
    assert forget_old_failures(session, later) == 0
