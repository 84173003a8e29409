"""The Idempotency-Key header: a request that comes twice under one key does its work once.

The key is written down before the work begins, and the answer with the work, in its transaction.
"""

import re
from collections.abc import Callable
from hashlib import sha256

from flask import request

from models.unit_of_work import Session
from verification.keyed_answers import (
    KeptAnswer,
    KeyedRequest,
    KeyReused,
    StillRunning,
    TakenOver,
    begin,
    forget,
    keep,
)
from web.call import Answer, Call
from web.problems import Problem
from web.transaction import in_transaction

BeforeCommit = Callable[[Session, Answer], None]

# The draft of the header asks for a quoted string, most callers send it bare.
_KEY = re.compile(r'"(?P<quoted>[!#-~]{1,255})"|(?P<bare>[!#-~]{1,255})')


def once(call: Call, run: Callable[[BeforeCommit], Answer]) -> Answer:
    """The answer of `run`, or the one it gave before to this key with this body.

    `run` calls what it is given with its session and its answer, last thing in its transaction. Answers that
    are the caller's own fault are kept too, ours are not. Raises `idempotency_key_invalid`,
    `idempotency_key_reused`, `idempotency_key_running`.
    """
    header = request.headers.get("Idempotency-Key")
    if header is None:
        return run(lambda session, answer: None)
    keyed = _keyed(call, header)
    try:
        kept = in_transaction(lambda session: begin(session, keyed, call.now))
        if kept is not None:
            return Answer(kept.status, kept.body, kept.location, replayed=True)
        return _first(call, keyed, run)
    except KeyReused:
        raise Problem("idempotency_key_reused") from None
    except (StillRunning, TakenOver):
        raise Problem("idempotency_key_running", headers={"Retry-After": "1"}) from None


def _first(call: Call, keyed: KeyedRequest, run: Callable[[BeforeCommit], Answer]) -> Answer:
    def write_down(session: Session, answer: Answer) -> None:
        kept = KeptAnswer(answer.status, answer.text, answer.location)
        keep(session, keyed, kept, started_at=call.now)

    try:
        return run(write_down)
    except Problem as problem:
        refusal = Answer.of(problem.as_json(), problem.status)
        in_transaction(lambda session: write_down(session, refusal))
        raise
    except TakenOver:
        raise
    except Exception:
        in_transaction(lambda session: forget(session, keyed, started_at=call.now))
        raise


def _keyed(call: Call, header: str) -> KeyedRequest:
    key = _KEY.fullmatch(header.strip())
    if key is None:
        raise Problem("idempotency_key_invalid")
    return KeyedRequest(
        api_key_id=call.caller.key_id,
        # With the ids in it: the same words about another order are another request.
        route=f"{request.method} {request.path}",
        key=key["quoted"] or key["bare"],
        content=sha256(call.body).digest(),
    )
