"""Sending the events that are due, several at a time, each at least once."""

import json
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.fernet import InvalidToken
from sqlalchemy import Engine

from models.secrecy import Keyring
from models.unit_of_work import unit_of_work
from verification.telling.due import Due, claim_due
from verification.telling.recording import record_try
from verification.telling.sending import Post, Posted

SENDERS = 16
LOOK_AGAIN_SECONDS = 0.5


def deliver_due(
    engine: Engine,
    *,
    keys: Keyring,
    post: Post,
    allow_private: bool,
    clock: Callable[[], datetime],
    real_time: Callable[[], datetime],
    jitter: Callable[[], float] = random.random,
    limit: int = 500,
) -> int:
    """Send what is due, up to `limit` events, until nothing is; how many were tried.

    While one store's endpoint hangs, the others' events go out, those that become due meanwhile too; a store
    that did not take an event gets no other in this call. `clock` says what is due, `real_time` dates the
    signatures, which receivers hold against their own clocks. No transaction is open during a post: a sender
    that dies before it could record one leaves the event to be sent again, under the same `webhook-id`.
    """
    sender = _Sender(engine, keys, post, allow_private, clock, real_time, jitter)
    tried = 0
    passed_over: set[UUID] = set()
    under_way: dict[Future[bool], UUID] = {}
    with ThreadPoolExecutor(SENDERS, thread_name_prefix="deliver") as pool:
        while True:
            room = min(SENDERS - len(under_way), limit - tried)
            if room:
                with unit_of_work(engine) as session:
                    taken = claim_due(
                        session,
                        now=clock(),
                        room=room,
                        under_way=Counter(under_way.values()),
                        passed_over=passed_over,
                    )
                under_way.update({pool.submit(sender.send, due): due.store_id for due in taken})
                tried += len(taken)
            if not under_way:
                return tried
            done, _ = wait(under_way, LOOK_AGAIN_SECONDS, FIRST_COMPLETED)
            for future in done:
                store_id = under_way.pop(future)
                if not future.result():
                    passed_over.add(store_id)


@dataclass(frozen=True)
class _NotPosted:
    """An event that could not be signed."""

    error: str
    status: None = None
    retry_after: None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class _Sender:
    """Sends one event and records the try; used by several threads."""

    engine: Engine
    keys: Keyring
    post: Post
    allow_private: bool
    clock: Callable[[], datetime]
    real_time: Callable[[], datetime]
    jitter: Callable[[], float]

    def send(self, due: Due) -> bool:
        """Whether the event was taken."""
        tried_at = self.clock()
        posted = self._post(due)
        with unit_of_work(self.engine) as session:
            return record_try(session, due, posted, tried_at=tried_at, now=self.clock(), jitter=self.jitter())

    def _post(self, due: Due) -> Posted:
        try:
            secrets: list[str] = json.loads(self.keys.decrypt(due.secrets))
        except InvalidToken:  # sealed under another installation's secret key
            return _NotPosted("bad_secret")
        return self.post(
            due.url,
            event_id=str(due.delivery_id),
            body=due.body.encode(),
            secrets=secrets,
            now=self.real_time(),
            allow_private=self.allow_private,
        )
