"""A buyer's week for people to look at: the chances by hour and day, what is known, what was tried; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from models.vocabulary import Channel, ContactKind, Regime, SignOfLife
from verification.habits.telling import Heard, heard
from verification.slots.cells import HOURS, meant_by
from verification.slots.counts import Past
from verification.slots.model import Model
from verification.slots.weekly import Week, week_of

SHOWN = {ContactKind.call: Channel.agent_call, ContactKind.message: Channel.whatsapp}
"""The channel whose chances stand for a kind of contact."""


class Made(NamedTuple):
    """A contact that was made: when in the buyer's week (0 is Monday 00:00), and whether it was answered."""

    channel: Channel
    hour_of_week: int
    answered: bool


@dataclass(frozen=True)
class Met:
    """Contacts of one hour of the week."""

    answered: int = 0
    missed: int = 0


@dataclass(frozen=True)
class BuyerWeek:
    """`chances` by kind of contact; `met` by kind, then (weekday, hour). `contacts`, `orders` and `signs` are
    counts that the chances rest on: with none of them they are those of anybody there. `facts` say them
    plainly. Hours are of the buyer's clock."""

    chances: Mapping[ContactKind, Week]
    met: Mapping[ContactKind, Mapping[tuple[int, int], Met]]
    contacts: int
    orders: int
    signs: int
    facts: tuple[Heard, ...]
    regime: Regime
    model: int

    def best(self, kind: ContactKind, weekday: int, hours: Iterable[int]) -> int | None:
        """Of these hours of a day, the one with the best chance; None of none."""
        day = self.chances[kind][weekday]
        return max(hours, key=lambda hour: day[hour], default=None)


def picture_week(
    model: Model,
    version: int,
    past: Past,
    made: Iterable[Made],
    *,
    country: str,
    city: str,
    regime: Regime = Regime.normal,
) -> BuyerWeek:
    """The week of a buyer in that place, as the model sees it in that part of the year."""
    chances = week_of(model, past, country, city, regime)
    counted = _counted(past)
    return BuyerWeek(
        chances={kind: chances[channel] for kind, channel in SHOWN.items()},
        met=_met(made),
        contacts=counted[0],
        orders=counted[1],
        signs=counted[2],
        facts=heard(past, regime=regime),
        regime=regime,
        model=version,
    )


def _counted(past: Past) -> tuple[int, int, int]:
    contacts = orders = signs = 0
    for cell, times in past.cells.items():
        meant = meant_by(cell)
        if meant.channel is not None:
            contacts += times
        elif meant.sign is SignOfLife.order_placed:
            orders += times
        else:
            signs += times
    return contacts, orders, signs


def _met(made: Iterable[Made]) -> Mapping[ContactKind, Mapping[tuple[int, int], Met]]:
    """By kind and hour."""
    found: dict[ContactKind, dict[tuple[int, int], Met]] = {kind: {} for kind in ContactKind}
    for each in made:
        kind = ContactKind.call if each.channel.is_call else ContactKind.message
        at = divmod(each.hour_of_week, HOURS)
        before = found[kind].get(at, Met())
        found[kind][at] = Met(before.answered + each.answered, before.missed + (not each.answered))
    return found
