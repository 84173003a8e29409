"""How the countries stand at one instant: whether calls and messages may go, until when or from when on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.countries import SERVED
from models.unit_of_work import Session
from models.vocabulary import ContactKind, MessageClass
from verification.hours.calendar import Calendar
from verification.hours.days import day_of
from verification.hours.deciding import closes_at, decide
from verification.hours.pauses import Pause
from verification.hours.places import largest, where_of
from verification.hours.where import Where
from verification.policy.calendars import calendar_of
from verification.policy.stored import PolicyBook, policy_book
from verification.policy.values import Policy
from web.board.hours_drawing import State, piece_at, pieces_of

PURPOSE = MessageClass.service
"""The board speaks of contacts about an order."""
_LONG = timedelta(days=1)


@dataclass(frozen=True)
class Rules:
    """What decides about hours, as it is stored at one moment."""

    book: PolicyBook
    calendar: Calendar

    def of(self, country: str) -> Policy:
        """The country's own policy."""
        return self.book.policy(country=country)


@dataclass(frozen=True)
class KindNow:
    """One kind of contact at an instant.

    `changes_at` (aware UTC) is when open ends, or when the next contact may go; None: not for long.
    """

    state: State
    pause: Pause | None
    changes_at: datetime | None


@dataclass(frozen=True)
class CountryNow:
    """A country's largest city at an instant."""

    where: Where
    kinds: Mapping[ContactKind, KindNow]


def read_rules(session: Session) -> Rules:
    """The policies and the calendar as they stand."""
    return Rules(policy_book(session), calendar_of(session))


def in_largest(country: str) -> Where:
    """The city that stands for a country on the board."""
    return where_of(country, largest(country).code)


def countries_now(rules: Rules, now: datetime) -> tuple[CountryNow, ...]:
    """Every country that is served."""
    return tuple(
        CountryNow(where, kinds_now(where, rules, now)) for where in (in_largest(each) for each in SERVED)
    )


def kinds_now(where: Where, rules: Rules, now: datetime) -> Mapping[ContactKind, KindNow]:
    """Both kinds of contact at one place."""
    policy = rules.of(where.country)
    return {kind: _kind_now(kind, where, policy, rules.calendar, now) for kind in ContactKind}


def _kind_now(kind: ContactKind, where: Where, policy: Policy, calendar: Calendar, now: datetime) -> KindNow:
    decided = decide(kind, PURPOSE, where, policy, calendar, now)
    if decided.at == now:
        return KindNow(State.open, None, _closes(kind, where, policy, calendar, now))
    today = now.astimezone(ZoneInfo(where.zone)).date()
    piece = piece_at(pieces_of(day_of(where, today, kind, PURPOSE, policy, calendar)), now)
    return KindNow(piece.state, piece.pause, decided.at)


def _closes(
    kind: ContactKind, where: Where, policy: Policy, calendar: Calendar, now: datetime
) -> datetime | None:
    """When hard rules shut what is open, over midnight too; None when not within a day."""
    end, later = now, closes_at(kind, PURPOSE, where, policy, calendar, now)
    while later > end and later - now <= _LONG:
        end, later = later, closes_at(kind, PURPOSE, where, policy, calendar, later)
    return end if later - now <= _LONG else None
