"""The cells in which a buyer's past is counted.

Contacts by regime x channel x work or rest day x clock hour x reached, orders by clock hour, and other signs
of life by kind x work or rest day x clock hour.
"""

from dataclasses import dataclass
from datetime import datetime

from models.vocabulary import Channel, Regime, SignOfLife

CHANNELS = (Channel.whatsapp, Channel.sms, Channel.ivr, Channel.agent_call)
REGIMES = (Regime.normal, Regime.ramadan, Regime.eid)
HOURS = 24
SHAPE = (len(REGIMES), len(CHANNELS), 2, HOURS, 2)
"""Axes of the counts: regime, channel, rest day, local hour, reached."""
CONTACT_CELLS = len(REGIMES) * len(CHANNELS) * 2 * HOURS * 2
SIGNS = (SignOfLife.message_read, SignOfLife.page_used, SignOfLife.called_in)
"""Signs of life that have cells by day and hour; orders have cells of their own."""
ORDERS = slice(CONTACT_CELLS, CONTACT_CELLS + HOURS)
SIGN_SHAPE = (len(SIGNS), 2, HOURS)
"""Axes of the signs' counts: kind, rest day, local hour."""
WIDTH = ORDERS.stop + len(SIGNS) * 2 * HOURS
"""Cells of one buyer: those of contacts, of the hours at which orders were placed, of other signs of life."""

_INDEX = {channel: place for place, channel in enumerate(CHANNELS)}
_REGIME = {regime: place for place, regime in enumerate(REGIMES)}
_FRIDAY_SATURDAY = frozenset({4, 5})
_REST_DAYS = {"AE": frozenset({5, 6})}


def rest_days(country: str) -> frozenset[int]:
    """The weekend's days (Monday is 0): Friday and Saturday in our countries, Saturday and Sunday in the UAE
    (since 2022)."""
    return _REST_DAYS.get(country, _FRIDAY_SATURDAY)


def channel_index(channel: Channel) -> int:
    """Where the channel stands in `CHANNELS`; `page` is no contact and has no place: KeyError."""
    return _INDEX[channel]


def regime_index(regime: Regime) -> int:
    """Where the regime stands in `REGIMES`."""
    return _REGIME[regime]


def contact_cell(channel: Channel, local: datetime, country: str, regime: Regime, *, reached: bool) -> int:
    """The cell of a contact that was made at this time on the buyer's clock."""
    of_week = local.weekday() * HOURS + local.hour
    return contact_cell_of_week(channel, of_week, country, regime, reached=reached)


def contact_cell_of_week(
    channel: Channel, of_week: int, country: str, regime: Regime, *, reached: bool
) -> int:
    """The same by the hour of the buyer's week, from Monday 00:00 (0) to 167."""
    weekday, hour = divmod(of_week, HOURS)
    place = _REGIME[regime] * len(CHANNELS) + _INDEX[channel]
    place = (place * 2 + (weekday in rest_days(country))) * HOURS + hour
    return place * 2 + reached


def order_cell(local: datetime) -> int:
    """The cell of an order that was placed at this time on the buyer's clock."""
    return CONTACT_CELLS + local.hour


def sign_cell(kind: SignOfLife, local: datetime, country: str) -> int:
    """The cell of a sign of life that was seen at this time on the buyer's clock."""
    if kind is SignOfLife.order_placed:
        return order_cell(local)
    place = SIGNS.index(kind) * 2 + (local.weekday() in rest_days(country))
    return ORDERS.stop + place * HOURS + local.hour


@dataclass(frozen=True)
class Meant:
    """What a cell counts: contacts over a channel (in a regime, reached or not), or signs of a kind.

    `rest` tells days of rest from work days; of orders only the hour is counted.
    """

    hour: int
    channel: Channel | None = None
    regime: Regime | None = None
    reached: bool | None = None
    sign: SignOfLife | None = None
    rest: bool | None = None


def meant_by(cell: int) -> Meant:
    """What the cell counts; ValueError for a number that is no cell."""
    if not 0 <= cell < WIDTH:
        raise ValueError(f"no cell: {cell}")
    if cell < CONTACT_CELLS:
        place, reached = divmod(cell, 2)
        place, hour = divmod(place, HOURS)
        place, rest = divmod(place, 2)
        regime, channel = divmod(place, len(CHANNELS))
        return Meant(hour, CHANNELS[channel], REGIMES[regime], bool(reached), rest=bool(rest))
    if cell < ORDERS.stop:
        return Meant(cell - CONTACT_CELLS, sign=SignOfLife.order_placed)
    place, hour = divmod(cell - ORDERS.stop, HOURS)
    kind, rest = divmod(place, 2)
    return Meant(hour, sign=SIGNS[kind], rest=bool(rest))
