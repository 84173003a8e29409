"""One worker of the claim benchmark: our own code, and a bare loop over the statements that it sends."""

import time
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import Engine, event

from models.unit_of_work import make_engine, unit_of_work
from models.vocabulary import Channel, StepState
from scripts.embedded import libpq_url
from verification.contact.claiming import claim
from verification.steps.transitions import end_step, hold

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)  # Sunday 13:00 in Riyadh: every channel is allowed

Statements = list[list[tuple[str, dict[str, Any]]]]
"""What is sent for one step, by transaction; where its ids were stand the names of the claim's columns."""


def take_one(engine: Engine) -> tuple[UUID, UUID | None]:
    """Claim a step and end it, each in a transaction; its id and its phone's."""
    with unit_of_work(engine) as session:
        [held] = claim(session, Channel.whatsapp, "bench", now=NOW)
    with unit_of_work(engine) as session:
        step = hold(session, held.step_id, held.token)
        end_step(session, step, StepState.done, now=NOW, reason="bench")
    return held.step_id, held.contact_point_id


def recorded(url: str) -> Statements:
    """The statements of `take_one` as they reach the driver."""
    engine = make_engine(url)
    sent: Statements = []

    def begin(_: object) -> None:
        sent.append([])

    def note(_: object, __: object, statement: str, parameters: dict[str, Any], *___: object) -> None:
        sent[-1].append((statement, dict(parameters)))

    try:
        take_one(engine)
        event.listen(engine, "begin", begin)
        event.listen(engine, "before_cursor_execute", note)
        step_id, point_id = take_one(engine)
    finally:
        engine.dispose()
    names = {step_id: "id", point_id: "contact_point_id"}
    return [
        [
            (statement, {key: _named(value, names) for key, value in values.items()})
            for statement, values in one
        ]
        for one in sent
    ]


def _named(value: Any, names: dict[UUID | None, str]) -> Any:
    return _Column(names[value]) if isinstance(value, UUID) and value in names else value


class _Column(str):
    """The name of a column of the claimed row, whose value goes here."""


class Worker:
    """What a worker process holds from its start."""

    def __init__(self, urls: dict[str, str], statements: Statements, barrier: Barrier) -> None:
        self.engines = {queue: make_engine(url) for queue, url in urls.items()}
        self.connections = {
            queue: psycopg.connect(libpq_url(url), autocommit=True, row_factory=namedtuple_row)
            for queue, url in urls.items()
        }
        self.statements = statements
        self.barrier = barrier

    def close(self) -> None:
        """Leave the databases."""
        for connection in self.connections.values():
            connection.close()
        for engine in self.engines.values():
            engine.dispose()

    def bare(self, queue: str) -> None:
        """The same statements in the same transactions."""
        connection = self.connections[queue]
        claimed: Any = None
        for one in self.statements:
            with connection.transaction():
                for statement, values in one:
                    filled = {
                        key: getattr(claimed, value) if isinstance(value, _Column) else value
                        for key, value in values.items()
                    }
                    cursor = connection.execute(statement, filled)
                    if cursor.description is not None and (rows := cursor.fetchall()) and claimed is None:
                        [claimed] = rows


_workers: list[Worker] = []


def prepare(urls: dict[str, str], statements: Statements, barrier: Barrier) -> None:
    """Start of a worker process."""
    _workers.append(Worker(urls, statements, barrier))


def work(who: str, queue: str, items: int) -> tuple[float, float]:
    """Take that many steps of a queue, ours or bare; when it began and ended, on the machine's own clock."""
    [worker] = _workers
    worker.barrier.wait()
    began = time.monotonic()
    for _ in range(items):
        if who == "takeed":
            take_one(worker.engines[queue])
        else:
            worker.bare(queue)
    return began, time.monotonic()
