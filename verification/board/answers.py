"""When buyers answer: contacts made and answered by country, channel and hour of the buyer's week."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.steps import Step
from models.vocabulary import AttemptState, Channel, Outcome
from verification.board.agents import REACHED

WEEKS = 8
"""How far back is looked unless somebody asks otherwise."""
MOST_WEEKS = 52
_PICKED_UP = (*REACHED, Outcome.wrong_number)
_MESSAGES = tuple(channel for channel in Channel if channel.is_message)
_HOURS = 24
# One pass over the stretch, found by the index of beginnings; the countries are those of the steps.
_COUNTS = (
    select(
        Step.country,
        Attempt.channel,
        Attempt.local_hour_of_week,
        func.count(),
        func.count().filter(Attempt.outcome.in_(_PICKED_UP)),
    )
    .join(Step, Step.id == Attempt.step_id)
    .where(
        Attempt.started_at >= bindparam("since"),
        Attempt.started_at < bindparam("until"),
        or_(Attempt.outcome.is_not(None), Attempt.channel.in_(_MESSAGES)),
        Attempt.state != AttemptState.failed,
        ~Attempt.called_in,
    )
    .group_by(Step.country, Attempt.channel, Attempt.local_hour_of_week)
)


@dataclass(frozen=True)
class Tally:
    """Contacts that were made, and those of them that a person answered; the rate of none is None."""

    made: int = 0
    reached: int = 0

    @property
    def rate(self) -> float | None:
        """Answered of made, from 0 to 1."""
        return self.reached / self.made if self.made else None

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.made + other.made, self.reached + other.reached)


Hours = Mapping[tuple[int, int], Tally]
"""By weekday (Monday is 0) and hour of the buyer's clock; hours without any contact are missing."""


@dataclass(frozen=True)
class Answers:
    """The tallies from `since` to `until`, by country and channel."""

    since: datetime
    until: datetime
    hours: Mapping[tuple[str, Channel], Hours]

    @property
    def countries(self) -> tuple[str, ...]:
        """Those in which anybody was contacted, the most contacted first."""
        made: dict[str, int] = {}
        for (country, _), hours in self.hours.items():
            made[country] = made.get(country, 0) + whole(hours).made
        return tuple(sorted(made, key=lambda country: (-made[country], country)))

    def channels(self, country: str) -> tuple[Channel, ...]:
        """Those over which a country's buyers were contacted."""
        return tuple(channel for channel in Channel if (country, channel) in self.hours)

    def of(self, country: str, channel: Channel) -> Hours:
        """The hours of one country and channel."""
        return self.hours.get((country, channel), {})


def whole(hours: Hours) -> Tally:
    """All hours together."""
    return sum(hours.values(), Tally())


def read_answers(session: Session, *, since: datetime, until: datetime) -> Answers:
    """The contacts begun in a stretch (half-open), without calls that go on. A message that waits for its
    answer has reached nobody yet; contacts that never left, and the buyers' own calls, do not count."""
    found: dict[tuple[str, Channel], dict[tuple[int, int], Tally]] = {}
    rows = session.execute(_COUNTS, {"since": since, "until": until})
    for country, channel, of_week, made, reached in rows:
        found.setdefault((country, channel), {})[divmod(of_week, _HOURS)] = Tally(made, reached)
    return Answers(since, until, found)
