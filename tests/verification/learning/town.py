"""A town in the database: buyers who answer before noon or in the evening, and weeks of contacts."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.base import new_id
from models.buyers import Buyer
from models.decisions import Decision
from models.orders import Order
from models.slots import Habits
from models.steps import Step, StepOrder
from models.vocabulary import (
    AttemptState,
    Channel,
    DecisionReason,
    Outcome,
    Purpose,
    Regime,
    StepState,
    Tier,
    Verdict,
    Via,
)
from tests import stored
from tests.verification.slots.small_world import Person, people
from verification.slots.cells import contact_cell, order_cell

_RIYADH = ZoneInfo("Asia/Riyadh")
_SPAN_DAYS = 60


def settle(
    session: Session,
    now: datetime,
    *,
    buyers: int = 240,
    contacts: int = 10,
    seed: int = 1,
    regime: Regime = Regime.normal,
    peak: int | None = None,
    chance: float | None = None,
) -> None:
    """So many buyers of a new store with so many contacts each, counted in their habits and all about one
    order. Of answered ones nine of ten bring a decision. `chance` is what each was stated to have of one."""
    rng = Random(seed)
    store = stored.a_store(session, now)
    rows: dict[type, list[dict]] = {
        each: [] for each in (Buyer, Habits, Order, Step, StepOrder, Attempt, Decision)
    }
    for person in people(buyers, rng):
        one = Person(peak, person.writes) if peak is not None else person
        _settle_one(rows, store, now, one, contacts, rng, regime, chance)
    for table, values in rows.items():
        if values:
            session.execute(insert(table), values)
    session.flush()
    # As autovacuum does within a minute: a database that thinks itself empty reads these rows in squares.
    session.execute(text("ANALYZE"))


def _settle_one(rows, store, now, person, contacts, rng, regime, chance) -> None:
    # Of the seed, so that the same buyers are held out each time.
    buyer_id, order_id = UUID(int=rng.getrandbits(128)), new_id()
    placed = (now - timedelta(days=_SPAN_DAYS)).astimezone(_RIYADH).replace(hour=person.peak)
    cells: dict[str, int] = {str(order_cell(placed)): 1}
    rows[Buyer].append({"id": buyer_id, "created_at": placed})
    rows[Order].append(
        {
            "id": order_id,
            "seller_id": store.seller_id,
            "store_id": store.id,
            "buyer_id": buyer_id,
            "external_id": order_id.hex,
            "fingerprint": "-",
            "currency": "SAR",
            "total_minor": 19900,
            "payment_method": "cod",
            "country": "SA",
            "place": "SA/riyadh",
            "placed_at": placed,
            "decide_by": placed + timedelta(days=2),
            "asked_since": placed,
            "created_at": placed,
            "updated_at": placed,
        }
    )
    for _ in range(contacts):
        at = placed.replace(hour=0) + timedelta(days=rng.randrange(1, 59), hours=rng.randrange(9, 22))
        channel = rng.choice((Channel.whatsapp, Channel.agent_call, Channel.agent_call))
        reached = rng.random() < person.answers(channel, at.hour)
        cell = contact_cell(channel, at, "SA", regime, reached=reached)
        cells[str(cell)] = cells.get(str(cell), 0) + 1
        answered = Outcome.replied if channel.is_message else Outcome.answered
        silent = Outcome.delivered_unread if channel.is_message else Outcome.no_answer
        step_id = new_id()
        common = {"buyer_id": buyer_id, "store_id": store.id, "channel": channel, "attempt_number": 1}
        rows[Step].append(
            {
                **common,
                "id": step_id,
                "country": "SA",
                "place": "SA/riyadh",
                "purpose": Purpose.verify,
                "state": StepState.done,
                "not_before": at,
                "reason": {"code": "first_contact", "params": {}},
                "created_at": at,
            }
        )
        rows[StepOrder].append(
            {"step_id": step_id, "order_id": order_id, "purpose": Purpose.verify, "live": False}
        )
        rows[Attempt].append(
            {
                **common,
                "step_id": step_id,
                "reference": new_id().hex,
                "holder": "worker",
                "provider": "sandbox",
                "state": AttemptState.closed,
                "outcome": answered if reached else silent,
                "order_age_seconds": 3600,
                "local_hour_of_week": at.weekday() * 24 + at.hour,
                "regime": regime,
                "propensity": 1.0,
                "chance": chance,
                "counted_as": cell,
                "started_at": at,
                "answer_until": at + timedelta(hours=6),
                "state_at": at,
            }
        )
        if reached and rng.random() < 0.9:
            rows[Decision].append(
                {
                    "id": new_id(),
                    "order_id": order_id,
                    "verdict": Verdict.rejected,
                    "reason": DecisionReason.price,
                    "via": Via(channel.value),
                    "tier": Tier.new,
                    "actor": "agent",
                    "decided_at": at + timedelta(minutes=2),
                }
            )
    rows[Habits].append({"buyer_id": buyer_id, "cells": cells, "changed_at": now})
