"""Who calls: an API key in the Authorization header."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog
from flask import request

from models.unit_of_work import Session
from verification.accounts.api_keys import authenticate
from verification.accounts.rates import may_call
from web.context import context
from web.problems import Problem
from web.transaction import in_transaction


@dataclass(frozen=True)
class Caller:
    """The seller whose program calls, and the key it calls with."""

    seller_id: UUID
    key_id: str


def caller() -> Caller:
    """Who sent the request at hand; one of its calls a second is spent.

    Raises the problems `unauthorized` and `too_many_requests`.
    """
    found = in_transaction(_caller)
    structlog.contextvars.bind_contextvars(seller_id=str(found.seller_id), key_id=found.key_id)
    return found


def _caller(session: Session) -> Caller:
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not bearer.strip():
        raise Problem("unauthorized", headers={"WWW-Authenticate": 'Bearer realm="takeed"'})
    key = authenticate(session, bearer.strip(), context().clock())
    if key is None:
        raise Problem(
            "unauthorized", headers={"WWW-Authenticate": 'Bearer realm="takeed", error="invalid_token"'}
        )
    rate = context().settings.api_rate
    # By the real clock: how fast somebody calls has nothing to do with the time that orders live in.
    if rate and not may_call(session, key.id, rate, datetime.now(UTC)):
        raise Problem("too_many_requests", headers={"Retry-After": "1"})
    return Caller(key.seller_id, key.id)
