"""Plain facts out of a buyer's counts, for sentences: "answers after 20:00; read WhatsApp at 21:00 twice"."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.vocabulary import Regime, SignOfLife
from verification.slots.cells import meant_by
from verification.slots.counts import Past

_ENOUGH = 3
_MOSTLY = 0.5
_SELDOM = 0.2
_MOST_HOURS = 3


class Fact(StrEnum):
    """What a fact is about."""

    answers_after = "answers_after"
    """Calls from the hour on were answered so many times, and hardly any before it."""
    answers_at = "answers_at"
    """Calls within the hour were answered so many times."""
    reads_at = "reads_at"
    """Messages were read within the hour so many times."""
    never_answered = "never_answered"
    """So many calls were made and none was answered; the hour is None."""


@dataclass(frozen=True)
class Heard:
    """A fact about a buyer: `hour` is that of the buyer's clock (0 to 23), `times` how often."""

    kind: Fact
    hour: int | None
    times: int


def heard(past: Past, *, regime: Regime = Regime.normal) -> tuple[Heard, ...]:
    """What the counts say plainly, the most telling first: `answers_after` or `never_answered`, if either is
    clear; then the hours at which calls were answered and messages read, the most often first, three each.

    Contacts are those of the regime; reads are counted on normal days alone, and told of those. "After" needs
    three answered calls from the hour on, at least half of those made, and three made before it of which a
    fifth at most was answered. "Never" needs three calls.
    """
    calls: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
    reads: Counter[int] = Counter()
    for cell, times in past.cells.items():
        meant = meant_by(cell)
        if meant.channel is not None and meant.channel.is_call and meant.regime is regime:
            calls[bool(meant.reached)][meant.hour] += times
        elif meant.sign is SignOfLife.message_read and regime is Regime.normal:
            reads[meant.hour] += times
    answered, missed = calls[True], calls[False]
    told = list(_answers_after(answered, missed))
    if not answered.total() and missed.total() >= _ENOUGH:
        told.append(Heard(Fact.never_answered, None, missed.total()))
    return (*told, *_most(Fact.answers_at, answered), *_most(Fact.reads_at, reads))


def _answers_after(answered: Counter[int], missed: Counter[int]) -> list[Heard]:
    """The hour from which on the most calls were answered; of several with as many, the latest."""
    found: list[Heard] = []
    for hour in sorted(answered):
        after, silent_after = _from(answered, hour), _from(missed, hour)
        before, silent_before = answered.total() - after, missed.total() - silent_after
        is_mostly = after >= _ENOUGH and after >= _MOSTLY * (after + silent_after)
        is_new = before + silent_before >= _ENOUGH and before <= _SELDOM * (before + silent_before)
        if is_mostly and is_new:
            found.append(Heard(Fact.answers_after, hour, after))
    return sorted(found, key=lambda each: -each.times)[:1]


def _from(counts: Mapping[int, int], hour: int) -> int:
    return sum(times for at, times in counts.items() if at >= hour)


def _most(kind: Fact, counts: Mapping[int, int]) -> list[Heard]:
    often = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [Heard(kind, hour, times) for hour, times in often[:_MOST_HOURS] if times > 0]
