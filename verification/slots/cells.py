"""The cells in which a buyer's past is counted: regime x channel x work or rest day x clock hour."""

from datetime import datetime

from models.vocabulary import Channel, Regime

CHANNELS = (Channel.whatsapp, Channel.sms, Channel.ivr, Channel.agent_call)
REGIMES = (Regime.normal, Regime.ramadan, Regime.eid)
HOURS = 24
SHAPE = (len(REGIMES), len(CHANNELS), 2, HOURS, 2)
"""Axes of the counts: regime, channel, rest day, local hour, reached."""
CONTACT_CELLS = len(REGIMES) * len(CHANNELS) * 2 * HOURS * 2
WIDTH = CONTACT_CELLS + HOURS
"""Cells of one buyer: those of contacts, then those of the hours at which orders were placed."""

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
    place = _REGIME[regime] * len(CHANNELS) + _INDEX[channel]
    place = (place * 2 + (local.weekday() in rest_days(country))) * HOURS + local.hour
    return place * 2 + reached


def order_cell(local: datetime) -> int:
    """The cell of an order that was placed at this time on the buyer's clock."""
    return CONTACT_CELLS + local.hour
