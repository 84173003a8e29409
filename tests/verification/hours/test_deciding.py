from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.vocabulary import ContactKind, MessageClass
from tests.verification.hours.around import IN_CAIRO, IN_DUBAI, IN_RIYADH, IN_SAUDI, at, clocks
from verification.hours.calendar import COMPUTED, Calendar, Occasion, Override
from verification.hours.days import day_of
from verification.hours.deciding import Decided, closes_at, decide, open_stretches
from verification.hours.where import Where
from verification.policy.values import default_policy, with_overrides

CALL, MESSAGE = ContactKind.call, ContactKind.message
SERVICE, PROMOTION = MessageClass.service, MessageClass.promotion
ALWAYS = {"daily": ["00:00-24:00"]}


def ask(
    asked: str,
    kind: ContactKind = CALL,
    where: Where = IN_RIYADH,
    purpose: MessageClass = SERVICE,
    calendar: Calendar = COMPUTED,
    until: str | None = None,
    **values: object,
) -> tuple[str | None, tuple[str, ...]]:
    """When a contact asked for at a local time may be made (local time), and the codes of the reasons."""
    policy = with_overrides(default_policy(where.country), values)
    last = at(until, where) if until else None
    decided = decide(kind, purpose, where, policy, calendar, at(asked, where), until=last)
    zone = ZoneInfo(where.zone)
    return f"{decided.at.astimezone(zone):%Y-%m-%dT%H:%M}" if decided.at else None, decided.reasons


@pytest.mark.parametrize(
    ("where", "kind", "asked", "allowed", "reasons"),
    [
        # Sunday in Riyadh: hours are half-open, prayers stop calls.
        (IN_RIYADH, CALL, "2026-11-22T09:59", "2026-11-22T10:00", ("outside_hours",)),
        (IN_RIYADH, CALL, "2026-11-22T11:33", "2026-11-22T11:33", ()),
        (IN_RIYADH, CALL, "2026-11-22T11:34", "2026-11-22T12:04", ("prayer",)),
        (IN_RIYADH, CALL, "2026-11-22T12:04", "2026-11-22T12:04", ()),
        (IN_RIYADH, CALL, "2026-11-22T21:30", "2026-11-23T10:00", ("outside_hours",)),
        (IN_RIYADH, MESSAGE, "2026-11-22T21:59", "2026-11-22T21:59", ()),
        # Messages wait for the end of a prayer, and so do calls where the city is not known.
        (IN_RIYADH, MESSAGE, "2026-11-22T11:40", "2026-11-22T12:04", ("prayer",)),
        (IN_SAUDI, CALL, "2026-11-22T11:40", "2026-11-22T12:04", ("prayer",)),
        # Fridays.
        (IN_RIYADH, CALL, "2026-11-27T09:00", "2026-11-27T16:00", ("outside_hours",)),
        (IN_RIYADH, MESSAGE, "2026-11-27T11:30", "2026-11-27T12:56", ("friday_prayer",)),
        (IN_DUBAI, CALL, "2026-11-27T11:59", "2026-11-27T11:59", ()),
        (IN_DUBAI, CALL, "2026-11-27T12:00", "2026-11-27T15:00", ("outside_hours",)),
        (IN_DUBAI, CALL, "2026-11-27T15:10", "2026-11-27T15:36", ("prayer",)),
        (IN_DUBAI, MESSAGE, "2026-11-27T12:15", "2026-11-27T13:45", ("friday_prayer",)),
        # Ramadan, and its last days: the Eid holds calls back for two days.
        (IN_RIYADH, CALL, "2027-02-20T10:30", "2027-02-20T11:00", ("ramadan_morning",)),
        (IN_RIYADH, CALL, "2027-02-20T17:30", "2027-02-20T18:35", ("iftar",)),
        (IN_RIYADH, CALL, "2027-02-20T19:46", "2027-02-20T21:05", ("prayer", "tarawih")),
        (IN_RIYADH, CALL, "2027-02-20T22:59", "2027-02-20T22:59", ()),
        (IN_RIYADH, CALL, "2027-03-09T12:00", "2027-03-11T10:00", ("eid", "outside_hours")),
        (IN_RIYADH, MESSAGE, "2027-03-09T12:40", "2027-03-09T12:40", ()),
        (IN_DUBAI, CALL, "2027-02-20T09:30", "2027-02-20T11:00", ("ramadan_morning",)),
        # Cairo, on the days after both nights.
        (IN_CAIRO, CALL, "2026-04-23T21:00", "2026-04-24T16:00", ("outside_hours",)),
        (IN_CAIRO, MESSAGE, "2026-10-29T21:00", "2026-10-30T10:00", ("outside_hours",)),
    ],
)
def test_days_that_people_know(
    where: Where, kind: ContactKind, asked: str, allowed: str, reasons: tuple[str, ...]
) -> None:
    assert ask(asked, kind, where) == (allowed, reasons)


def test_promotion_waits_for_its_own_days() -> None:
    sunday = ("2026-11-29T10:00", ("outside_hours",))
    assert ask("2026-11-26T21:30", MESSAGE, IN_CAIRO, PROMOTION) == sunday
    assert ask("2026-11-26T21:30", MESSAGE, IN_CAIRO) == ("2026-11-27T10:00", ("outside_hours",))


def test_a_storm_holds_all_contacts_back() -> None:
    storm = Override("SA", Occasion.shut, begins_at=at("2026-11-22T13:00"), ends_at=at("2026-11-23T10:15"))
    for kind in ContactKind:
        assert ask("2026-11-22T14:00", kind, calendar=Calendar.of([storm])) == (
            *("2026-11-23T10:15", ("storm",)),
        )


def test_a_soft_pause_is_not_waited_out_past_the_deadline_or_for_hours() -> None:
    assert ask("2026-11-22T11:40", MESSAGE, until="2026-11-22T12:05") == ("2026-11-22T12:04", ("prayer",))
    assert ask("2026-11-22T11:40", MESSAGE, until="2026-11-22T12:04") == ("2026-11-22T11:40", ())
    # The window ends inside the pause: the next one is in the morning.
    assert ask("2026-11-22T11:40", MESSAGE, message_hours={"daily": ["09:00-12:00"]}) == (
        *("2026-11-22T11:40", ()),
    )
    # The next window opens within three hours.
    near = {"daily": ["09:00-12:00", "14:30-18:00"]}
    assert ask("2026-11-22T11:40", MESSAGE, message_hours=near) == (
        *("2026-11-22T14:30", ("prayer", "outside_hours")),
    )
    later = {"daily": ["09:00-12:00", "15:30-18:00"]}
    assert ask("2026-11-22T11:40", MESSAGE, message_hours=later)[0] == "2026-11-22T11:40"


def test_reasons_are_the_fewest_that_explain_the_time() -> None:
    # The hours end, Ramadan's morning outlasts the night, the dawn prayer lies within it.
    assert ask("2027-02-19T23:30") == ("2027-02-20T11:00", ("outside_hours", "ramadan_morning"))


def test_hours_that_never_open_allow_nothing() -> None:
    assert ask("2026-11-22T12:00", call_hours={}) == (None, ("outside_hours",))
    endless = Override("SA", Occasion.shut, begins_at=at("2026-11-01"), ends_at=at("2027-11-01"))
    assert ask("2026-11-22T12:00", calendar=Calendar.of([endless])) == (None, ("storm",))


@settings(max_examples=150, deadline=None)
@given(
    where=st.sampled_from([IN_RIYADH, IN_SAUDI, IN_DUBAI, IN_CAIRO]),
    kind=st.sampled_from(ContactKind),
    minutes=st.integers(0, 500 * 24 * 60),
    within=st.none() | st.integers(0, 5000),
)
def test_what_is_decided_stands_when_it_is_asked_again(
    where: Where, kind: ContactKind, minutes: int, within: int | None
) -> None:
    policy, asked = default_policy(where.country), at("2026-06-01") + timedelta(minutes=minutes)
    until = None if within is None else asked + timedelta(minutes=within)
    decided = decide(kind, SERVICE, where, policy, COMPUTED, asked, until=until)
    assert decided.at is not None
    assert bool(decided.reasons) == (decided.at > asked)
    assert decide(kind, SERVICE, where, policy, COMPUTED, decided.at, until=until) == Decided(decided.at)
    closes = closes_at(kind, SERVICE, where, policy, COMPUTED, decided.at)
    assert closes > decided.at
    day = day_of(where, decided.at.astimezone(ZoneInfo(where.zone)).date(), kind, SERVICE, policy)
    assert closes in {stretch.ends for stretch in day.allowed}


def test_what_may_be_promised_avoids_all_pauses() -> None:
    policy = default_policy("SA")
    begins, until = at("2026-11-22T14:00"), at("2026-11-23T11:00")
    offered = open_stretches(CALL, SERVICE, IN_SAUDI, policy, COMPUTED, begins, until)
    assert clocks(offered) == [
        *("14:00-14:38", "15:08-16:59", "17:29-18:29", "18:59-21:30", "10:00-11:00"),
    ]
