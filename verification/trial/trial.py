"""Everything there is to say about whether choosing well is worth it, for the report and the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.vocabulary import Choice
from verification.trial.alarming import judge_trial
from verification.trial.comparing import Part, compare
from verification.trial.looking import Looked, look_at
from verification.trial.lots import count_choices, count_drawn
from verification.trial.reporting import Window, count_cases
from verification.trial.watching import Judged
from verification.worth.waived import Waived, waived_summary

LONGEST_DAYS = 366


@dataclass(frozen=True)
class Trial:
    """The trial of orders taken in from `since` on whose deadline was before `until`.

    `parts` are all countries together first, then each; `judged` tells how learned stands to control by the
    rule of the alarm, over its own windows.
    """

    since: datetime
    until: datetime
    parts: tuple[Part, ...]
    judged: tuple[Judged, ...]
    choices: Mapping[Choice, int]
    looked: tuple[Looked, ...]
    waived: tuple[Waived, ...]

    @property
    def lot_share(self) -> float | None:
        """Of the contacts that what was learned chose, the share drawn by lot."""
        chosen = sum(self.choices.get(each, 0) for each in (Choice.best, Choice.random))
        return self.choices.get(Choice.random, 0) / chosen if chosen else None


def read_trial(session: Session, *, days: int, now: datetime, country: str | None = None) -> Trial:
    """The trial over so many days, in one country or all."""
    since = now - timedelta(days=days)
    parts = compare(count_cases(session, Window(since, now, country)))
    return Trial(
        since,
        now,
        parts[1:] if country else parts,
        tuple(each for each in judge_trial(session, now=now) if country in (None, each.country)),
        count_choices(session, since=since, until=now, country=country),
        tuple(look_at(each) for each in count_drawn(session, since=since, until=now, country=country)),
        tuple(each for each in waived_summary(session, since) if country in (None, each.country)),
    )
