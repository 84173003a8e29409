"""Contacts of buyers that no fit has seen: what was known before each, and how it came out.

Pure. The chance of such a contact is reckoned by the planner's own code, so what is compared and drawn is
what production would have said.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import numpy as np

from models.vocabulary import Channel, Regime
from verification.hours.places import place_of
from verification.slots.asking import Asked, Tried
from verification.slots.cells import meant_by
from verification.slots.chances import chances_of, moved
from verification.slots.counts import Floats, Past
from verification.slots.grid import grid_of
from verification.slots.model import Model

_HOUR = timedelta(hours=1)
_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
_BATCH = 1_000


class Row(NamedTuple):
    """A contact as it is stored; `cell` is the one in which the buyer's habits count it."""

    buyer_id: UUID
    store_id: UUID
    channel: Channel
    cell: int
    hour_of_week: int
    order_age_seconds: int
    started_at: datetime
    country: str
    place: str | None


@dataclass(frozen=True)
class HeldOut:
    """One contact: what the planner would have been asked just before it, and whether it was answered."""

    buyer_id: UUID
    channel: Channel
    regime: Regime
    asked: Asked
    reached: bool


def city_of(country: str, code: str | None) -> str:
    """The city of a place's code, as the planner is told it; empty where none is known."""
    place = place_of(code)
    return place.code.partition("/")[2] if place is not None and place.country == country else ""


def held_out_of(rows: Sequence[Row], pasts: Mapping[UUID, Past]) -> list[HeldOut]:
    """The contacts with their buyers' counts, each without itself and without the earlier ones of its order,
    which are told as tried. Contacts of buyers whose counts were dropped are left out.

    The hour and the weekday are the buyer's own, the date is any."""
    cases: dict[tuple[UUID, UUID], list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda each: each.started_at):
        cases[row.buyer_id, row.store_id].append(row)
    found: list[HeldOut] = []
    for case in cases.values():
        for number, row in enumerate(case):
            past = pasts.get(row.buyer_id)
            if past is None or row.cell not in past.cells:
                continue
            age = timedelta(seconds=row.order_age_seconds)
            before = [each for each in case[:number] if each.started_at >= row.started_at - age]
            found.append(_held_out(row, before, past))
    return found


def _held_out(row: Row, before: Sequence[Row], past: Past) -> HeldOut:
    others = Past(dict(past.cells))
    for each in (row, *before):
        others.add(each.cell, -1)
    left = Past({cell: count for cell, count in others.cells.items() if count > 0})
    now = _MONDAY + row.hour_of_week * _HOUR
    meant = meant_by(row.cell)
    if meant.channel is None or meant.regime is None:
        raise ValueError(f"no contact is counted as {row.cell}")
    tried = [
        Tried(each.channel, now - (row.started_at - each.started_at), bool(meant_by(each.cell).reached))
        for each in before
    ]
    asked = Asked(
        past=left,
        country=row.country,
        city=city_of(row.country, row.place),
        zone=UTC,
        placed_at=now - timedelta(seconds=row.order_age_seconds),
        now=now,
        deadline=now + _HOUR,
        calls=(),
        messages=(),
        tried=tried,
        regimes=(meant.regime,),
        counts_own=True,
    )
    return HeldOut(row.buyer_id, meant.channel, meant.regime, asked, bool(meant.reached))


def answer_chances(model: Model, contacts: Sequence[HeldOut]) -> Floats:
    """What the planner, on this model, would have given each contact of being answered: (contacts,)."""
    found = np.zeros(len(contacts))
    for start in range(0, len(contacts), _BATCH):
        part = contacts[start : start + _BATCH]
        asked = [each.asked for each in part]
        chances = chances_of(model, asked, grid_of(model, asked), (1, 1))
        call = chances.call[0, 0, 0]
        by_channel = {
            Channel.whatsapp: chances.message[0, 0, 0],
            Channel.sms: chances.sms[0],
            Channel.ivr: moved(call, model.ivr_shift),
            Channel.agent_call: call,
        }
        found[start : start + len(part)] = [by_channel[each.channel][row] for row, each in enumerate(part)]
    return found
