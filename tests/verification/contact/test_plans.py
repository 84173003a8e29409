"""With a backlog of future steps, the queue is still read through its own small indexes."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, TextClause, insert, text

from models.base import new_id
from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel, Purpose, StepState
from tests.building import a_store, an_order, live_step
from verification.contact import claiming, promoting

FUTURE = 20_000
BY_ID = {"pk_steps", "uq_steps_id_live"}


@pytest.fixture
def backlog(engine: Engine, now: datetime) -> Engine:
    an_order(engine, a_store(engine, now), now)
    known = live_step(engine, an_order(engine, a_store(engine, now), now, phone="0559876543"))
    with unit_of_work(engine) as session:
        rows = [
            {
                "id": new_id(),
                "buyer_id": known.buyer_id,
                "store_id": known.store_id,
                "country": "SA",
                "purpose": Purpose.verify,
                "channel": Channel.whatsapp,
                "state": StepState.scheduled,
                "attempt_number": 1,
                "not_before": now + timedelta(hours=1, seconds=number),
                "reason": {"code": "first_contact"},
                "created_at": now,
            }
            for number in range(FUTURE)
        ]
        session.execute(insert(Step), rows)
        promoting.promote(session, now=now)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE steps, buyers, stores"))
    return engine


def scans(engine: Engine, statement: TextClause, values: dict[str, Any]) -> dict[str, set[str]]:
    """How each table is read: the names of the indexes, or how else."""
    with unit_of_work(engine) as session:
        explained = text(f"EXPLAIN (FORMAT JSON) {statement.text}")
        plan = session.scalar(explained, values)
        session.rollback()
    found: dict[str, set[str]] = {}
    for node in nodes((plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]):
        if "Relation Name" in node and node["Node Type"] != "ModifyTable":
            found.setdefault(node["Relation Name"], set()).add(node.get("Index Name", node["Node Type"]))
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def test_a_claim_reads_only_what_is_ready(backlog: Engine, now: datetime) -> None:
    values = {
        "channel": "whatsapp",
        "holder": "worker",
        "now": now,
        "expires_at": now,
        "limit": 1,
        "names": ["nobody"],
    }
    used = scans(backlog, claiming._CLAIM, values)["steps"]
    assert "ix_steps_ready" in used
    assert used <= {"ix_steps_ready", "uq_steps_lease_buyer", *BY_ID}


def test_promotion_reads_only_what_is_due(backlog: Engine, now: datetime) -> None:
    used = scans(backlog, promoting._PROMOTE, {"now": now, "limit": 1000})["steps"]
    assert "ix_steps_scheduled" in used
    assert used <= {"ix_steps_scheduled", *BY_ID}
