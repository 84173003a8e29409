"""Folding what was heard of buyers into their counts: at once, exactly once, in the caller's transaction.

An attempt is counted as one cell at most, which it remembers; when its outcome changes, the count moves. So
every order in which outcomes arrive, and every repeat, ends in the same counts.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Text, TextClause, Uuid, any_, bindparam, func, select, text, true, union
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from channels.protocol import Meaning
from models.attempts import Attempt
from models.buyers import Buyer, BuyerSign, ContactPoint
from models.orders import Order
from models.steps import Step
from models.vocabulary import Outcome, Regime, SignOfLife
from verification.hours.calendar import Calendar
from verification.hours.places import where_of
from verification.hours.regime import regime_at
from verification.policy.calendars import calendar_of
from verification.slots.cells import CHANNELS, contact_cell_of_week, sign_cell

NOTHING = -1
"""What a sign is marked as that is looked through and not counted."""

# Whoever took the contact counts, whatever they said.
_REACHED = frozenset({Outcome.answered, Outcome.replied, Outcome.opted_out, Outcome.wrong_number})
_MISSED = frozenset(
    {
        Outcome.no_answer,
        Outcome.busy,
        Outcome.voicemail,
        Outcome.read_silent,
        Outcome.delivered_unread,
    }
)

_BUYERS = bindparam("buyers", type_=ARRAY(Uuid))
_ATTEMPTS = (
    select(
        Attempt.id,
        Attempt.buyer_id,
        Attempt.channel,
        Attempt.outcome,
        Attempt.meaning,
        Attempt.called_in,
        Attempt.local_hour_of_week,
        Attempt.regime,
        Attempt.counted_as,
        Step.country,
        Buyer.erased_at,
    )
    .join(Step, Step.id == Attempt.step_id)
    .join(Buyer, Buyer.id == Attempt.buyer_id)
    .where(Attempt.recount, Attempt.buyer_id == any_(_BUYERS))
    .with_for_update(of=Attempt, skip_locked=True, key_share=True)
)
_LATEST_ORDER = (
    select(Order.country, Order.place)
    .where(Order.buyer_id == BuyerSign.buyer_id)
    .order_by(Order.created_at.desc(), Order.id.desc())
    .limit(1)
    .lateral("latest_order")
)
_FIRST_PHONE = (
    select(ContactPoint.country)
    .where(ContactPoint.buyer_id == BuyerSign.buyer_id)
    .order_by(ContactPoint.created_at, ContactPoint.id)
    .limit(1)
    .scalar_subquery()
)
_SIGNS = (
    select(
        BuyerSign.id,
        BuyerSign.buyer_id,
        BuyerSign.kind,
        BuyerSign.seen_at,
        func.coalesce(_LATEST_ORDER.c.country, _FIRST_PHONE).label("country"),
        _LATEST_ORDER.c.place,
        Buyer.erased_at,
    )
    .join(Buyer, Buyer.id == BuyerSign.buyer_id)
    .outerjoin(_LATEST_ORDER, true())
    .where(BuyerSign.counted_as.is_(None), BuyerSign.buyer_id == any_(_BUYERS))
    .with_for_update(of=BuyerSign, skip_locked=True, key_share=True)
)
_CELLS = (bindparam("ids", type_=ARRAY(Uuid)), bindparam("cells", type_=ARRAY(Integer)))
_MARK_ATTEMPTS = text("""
UPDATE attempts SET counted_as = counted.cell, recount = false
FROM unnest(CAST(:ids AS uuid[]), CAST(:cells AS int[])) AS counted (id, cell) WHERE attempts.id = counted.id
""").bindparams(*_CELLS)
_MARK_SIGNS = text("""
UPDATE buyer_signs SET counted_as = counted.cell
FROM unnest(CAST(:ids AS uuid[]), CAST(:cells AS int[])) AS counted (id, cell)
WHERE buyer_signs.id = counted.id
""").bindparams(*_CELLS)
# One statement that adds, so that two at once do not overwrite each other.
_ADD = text("""
INSERT INTO buyer_habits (buyer_id, cells, changed_at)
SELECT buyer_id, CAST(change AS jsonb), :now
FROM unnest(CAST(:buyers AS uuid[]), CAST(:changes AS text[])) AS added (buyer_id, change)
ON CONFLICT (buyer_id) DO UPDATE
SET changed_at = greatest(buyer_habits.changed_at, excluded.changed_at), cells = (
    SELECT coalesce(jsonb_object_agg(cell, times) FILTER (WHERE times > 0), '{}')
    FROM (
        SELECT cell, sum(CAST(counted AS int)) AS times
        FROM (
            SELECT * FROM jsonb_each_text(buyer_habits.cells)
            UNION ALL SELECT * FROM jsonb_each_text(excluded.cells)
        ) AS both_of_them (cell, counted)
        GROUP BY cell
    ) AS added_up
)
""").bindparams(_BUYERS, bindparam("changes", type_=ARRAY(Text)))
_waiting = union(
    select(Attempt.buyer_id).where(Attempt.recount),
    select(BuyerSign.buyer_id).where(BuyerSign.counted_as.is_(None)),
)
_WAITING = (
    select(Buyer.id)
    .where(Buyer.id.in_(_waiting))
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True, key_share=True)
)


def fold(session: Session, buyer_ids: Collection[UUID], *, now: datetime) -> None:
    """Count what became of these buyers' contacts, and their signs of life, as far as they are not counted.

    Of an erased buyer nothing is counted. What another transaction is changing at this moment is left to it.
    The caller holds the buyers' locks.
    """
    session.flush()
    bound = {"buyers": list(buyer_ids)}
    added: dict[UUID, Counter[int]] = {}
    tried: dict[UUID, int | None] = {}
    waiting: Sequence[Any] = session.execute(_ATTEMPTS, bound).all()
    for row in waiting:
        tried[row.id] = cell = None if row.erased_at else attempt_cell(row, row.country)
        _move(added, row.buyer_id, row.counted_as, cell)
    signs: dict[UUID, int | None] = {}
    found: Sequence[Any] = session.execute(_SIGNS, bound).all()
    calendar = calendar_of(session) if any(row.kind is not SignOfLife.order_placed for row in found) else None
    for row in found:
        cell = None if row.erased_at else _sign_cell(row, calendar)
        signs[row.id] = NOTHING if cell is None else cell
        _move(added, row.buyer_id, None, cell)
    _write(session, _MARK_ATTEMPTS, tried)
    _write(session, _MARK_SIGNS, signs)
    add(session, added, now)
    _tell_loaded(session, Attempt, tried, recount=False)
    _tell_loaded(session, BuyerSign, signs)


def fold_waiting(session: Session, *, now: datetime, limit: int) -> int:
    """Do the same for up to `limit` buyers of whom something waits to be counted; how many they were.

    Buyers whose case somebody works at are left to them. A batch at a time: 0 says that nothing is left.
    """
    buyer_ids = session.scalars(_WAITING, {"limit": limit}).all()
    if buyer_ids:
        fold(session, buyer_ids, now=now)
    return len(buyer_ids)


def attempt_cell(attempt: Attempt, country: str) -> int | None:
    """The cell in which an attempt counts by what came of it; None where that says nothing about answering.

    Somebody took the contact: answered, replied, opted out, said that the number is wrong. Nobody did: no
    answer, busy, voicemail, read or delivered and silent, and a call to a handset that was off. A send that
    failed, a number or channel that does not exist, whatever else kept a contact from the phone, and a call
    that the buyer made say nothing of when the buyer answers.
    """
    if attempt.called_in or attempt.channel not in CHANNELS or attempt.outcome is None:
        return None
    was_off = attempt.outcome is Outcome.unreachable and attempt.meaning == Meaning.switched_off
    is_reached = attempt.outcome in _REACHED
    if not (is_reached or attempt.outcome in _MISSED or (was_off and attempt.channel.is_call)):
        return None
    return contact_cell_of_week(
        attempt.channel, attempt.local_hour_of_week, country, attempt.regime, reached=is_reached
    )


def _sign_cell(sign: Any, calendar: Calendar | None) -> int | None:
    """The cell of a sign on the clock of the buyer's latest order, else of the country of the phone.

    On a day of Ramadan or of an Eid only orders count: the others would tell of that day, not of the week.
    """
    if sign.country is None:
        return None
    zone = where_of(sign.country, sign.place).zone
    if sign.kind is not SignOfLife.order_placed:
        assert calendar is not None  # noqa: S101 - read when there is any such sign
        if regime_at(sign.seen_at, zone, sign.country, calendar) is not Regime.normal:
            return None
    return sign_cell(sign.kind, sign.seen_at.astimezone(ZoneInfo(zone)), sign.country)


def _move(added: dict[UUID, Counter[int]], buyer_id: UUID, old: int | None, new: int | None) -> None:
    if old == new:
        return
    change = added.setdefault(buyer_id, Counter())
    if old is not None:
        change[old] -= 1
    if new is not None:
        change[new] += 1


def _write(session: Session, mark: TextClause, cells: Mapping[UUID, int | None]) -> None:
    if cells:
        session.execute(mark, {"ids": list(cells), "cells": list(cells.values())})


def add(session: Session, added: Mapping[UUID, Counter[int]], now: datetime) -> None:
    """Add to buyers' counts, or take off them; cells that fall to 0 disappear."""
    changes = {
        buyer_id: {str(cell): times for cell, times in change.items() if times}
        for buyer_id, change in sorted(added.items())
    }
    changes = {buyer_id: change for buyer_id, change in changes.items() if change}
    if changes:
        texts = [json.dumps(change) for change in changes.values()]
        session.execute(_ADD, {"buyers": list(changes), "changes": texts, "now": now})


def _tell_loaded(
    session: Session, table: type[Attempt | BuyerSign], cells: Mapping[UUID, int | None], **more: bool
) -> None:
    """Tell the objects at hand what was written past them, else they would not notice their next change."""
    for row_id, cell in cells.items():
        loaded = session.identity_map.get(identity_key(table, row_id))
        if loaded is not None:
            for name, value in ({"counted_as": cell} | more).items():
                set_committed_value(loaded, name, value)
