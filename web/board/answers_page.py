"""When buyers answer, by hour and weekday: one country and one channel at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import abort, current_app, request
from flask.typing import ResponseReturnValue

from models.unit_of_work import Session
from models.vocabulary import Channel
from verification.board.answers import WEEKS, Answers, read_answers, whole
from verification.hours.week import week_hours
from verification.planning.permission import kind_of
from web.access import Visit
from web.board.answers_drawing import FEW, extremes, rows
from web.board.hours_now import in_largest, read_rules
from web.board.words import country_name
from web.formats import listed
from web.pages import render_page
from web.seen.words import week_days, weekday_name

KEPT = "takeed.answers"
CHOICES = (1, 2, 4, WEEKS, 26, 52)
"""How many weeks back can be looked."""
_KEPT_SECONDS = 3.0
# Counting many contacts is worth doing seldom: the weeks behind hardly change.
_TIMES_ITS_COST = 60


class KeptAnswers:
    """One process's latest tallies, by how many weeks they are of."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[int, tuple[float, Answers]] = {}

    def get(self, session: Session, weeks: int, now: datetime) -> Answers:
        """The latest, counted anew when they are old; others who ask meanwhile wait for that one count."""
        with self._lock:
            until, answers = self._kept.get(weeks, (0.0, None))
            if answers is None or monotonic() > until:
                began = monotonic()
                answers = read_answers(session, since=now - timedelta(weeks=weeks), until=now)
                took = monotonic() - began
                self._kept[weeks] = began + took + max(_KEPT_SECONDS, took * _TIMES_ITS_COST), answers
            return answers

    def forget(self) -> None:
        """Count anew for whoever asks next."""
        with self._lock:
            self._kept.clear()


@dataclass(frozen=True)
class Wanted:
    """What is looked at; without any contact in the weeks there is no country and no channel."""

    country: str | None
    channel: Channel | None
    weeks: int

    def address(
        self, *, country: str | None = None, channel: Channel | None = None, weeks: int | None = None
    ) -> str:
        """The same page for another country, channel or number of weeks."""
        asked = {
            "country": country or self.country,
            "channel": channel or self.channel,
            "weeks": weeks or self.weeks,
        }
        return f"/board/answers?{urlencode({name: value for name, value in asked.items() if value})}"


def show_answers(visit: Visit, session: Session) -> ResponseReturnValue:
    """The heat map of a country and channel; without being asked, of the most contacted."""
    weeks = _weeks()
    kept: KeptAnswers = current_app.extensions[KEPT]
    answers = kept.get(session, weeks, visit.now)
    country = _one_of(answers.countries, request.args.get("country"))
    channels = answers.channels(country) if country else ()
    channel = _one_of(channels, request.args.get("channel"), usual=Channel.agent_call)
    wanted = Wanted(country, Channel(channel) if channel else None, weeks)
    return render_page(
        "board_answers.html",
        wanted=wanted,
        countries=answers.countries,
        channels=channels,
        choices=CHOICES,
        few=FEW,
        country_name=country_name,
        listed=listed,
        week_days=week_days(),
        weekday_name=weekday_name,
        **_drawn(session, answers, wanted, visit.now),
    )


def _drawn(session: Session, answers: Answers, wanted: Wanted, now: datetime) -> dict[str, Any]:
    if wanted.country is None or wanted.channel is None:
        return {"whole": None}
    rules, where, days = read_rules(session), in_largest(wanted.country), week_days()
    first = now.astimezone(ZoneInfo(where.zone)).date()
    kind = kind_of(wanted.channel)
    open_hours = week_hours(where, kind, rules.of(wanted.country), rules.calendar, first)
    hours = answers.of(wanted.country, wanted.channel)
    return {
        "whole": whole(hours),
        "rows": tuple(rows(hours, open_hours, days)),
        "extremes": extremes(hours, open_hours, days),
    }


def _weeks() -> int:
    given = request.args.get("weeks") or str(WEEKS)
    if given not in {str(choice) for choice in CHOICES}:
        abort(404)
    return int(given)


def _one_of(known: Sequence[str], given: str | None, usual: str | None = None) -> str | None:
    """What the address names, where anything is known of it; else the usual one, else the first."""
    if given in known:
        return given
    return usual if usual in known else next(iter(known), None)
