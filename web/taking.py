"""Taking orders over the API, one or many at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import TypeAdapter, ValidationError

from models.sellers import Store
from models.unit_of_work import Session
from verification.accounts.stores import DEFAULT_STORE
from verification.intake import problems as intake
from verification.intake.cod import is_cod
from verification.intake.fields import OptionalText
from verification.intake.loading import store_of
from verification.intake.problems import OrderRefused
from verification.intake.reading import read_order
from verification.intake.receiving import receive_order
from verification.intake.shape import OrderIn
from verification.refusals import NotFound
from verification.telling.resource import order_resources
from web.bodies import ONE_MIB
from web.call import Answer, Call
from web.problems import Problem, invalid, unexpected
from web.routes import PREFIX, route
from web.shapes import MOST_ORDERS, BatchIn, BatchOut, OrderOut
from web.transaction import in_transaction

_STORE_NAME: TypeAdapter[str | None] = TypeAdapter(OptionalText)
_UNKNOWN_STORE = intake.Problem("/store", "unknown_store", "The seller has no store of this name.")
_ANY_ZONE = "UTC"


@dataclass(frozen=True)
class _Taken:
    order: Mapping[str, Any]
    created: bool


@route(
    "POST",
    "/orders",
    takes=OrderIn,
    gives={201: OrderOut, 200: OrderOut},
    problems=["order_conflict", "invalid"],
)
def take_order(call: Call, session: Session) -> Answer:
    """Send an order to verify. The same order again is answered with what became of it."""
    taken = _take(call, call.json(), session)
    return Answer.of(
        taken.order,
        201 if taken.created else 200,
        location=f"{PREFIX}/orders/{taken.order['id']}",
        replayed=not taken.created,
    )


@route(
    "POST",
    "/orders/batch",
    takes=BatchIn,
    gives={200: BatchOut},
    problems=["too_many_orders", "invalid"],
    most_bytes=8 * ONE_MIB,
    own_transactions=True,
)
def take_batch(call: Call) -> Answer:
    """Send up to 500 orders. Each is taken or refused by itself, as if it had been sent alone."""
    return Answer.of({"results": [_result(call, payload) for payload in _payloads(call)]})


def _payloads(call: Call) -> list[object]:
    value = call.json()
    if not isinstance(value, dict):
        raise invalid(intake.problem("", "object_expected"))
    payloads = value.get("orders")
    if not isinstance(payloads, list):
        raise invalid(intake.problem("/orders", "required" if payloads is None else "list_expected"))
    if len(payloads) > MOST_ORDERS:
        too_many = intake.Problem("/orders", "too_many_orders", "A batch has at most 500 orders.")
        raise Problem("too_many_orders", [too_many])
    return payloads


def _result(call: Call, payload: object) -> Mapping[str, Any]:
    try:
        taken = in_transaction(partial(_take, call, payload))
    except Problem as problem:
        return {"status": problem.status, "problem": problem.as_json()}
    except Exception as error:  # noqa: BLE001 - one order's fault is not to cost the others their answers
        fault = unexpected(error)
        return {"status": fault.status, "problem": fault.as_json()}
    return {"status": 201 if taken.created else 200, "order": taken.order}


def _take(call: Call, payload: object, session: Session) -> _Taken:
    store = _store(call, payload, session)
    try:
        draft = read_order(payload, zone=store.time_zone if store else _ANY_ZONE)
    except OrderRefused as refused:
        raise invalid(*refused.problems) from None
    if store is None:
        raise invalid(_UNKNOWN_STORE)
    cod = is_cod(draft.payment_method)
    received = receive_order(session, store, draft, now=call.now, keys=call.keys, cod=cod)
    if received.status == "conflict":
        raise Problem("order_conflict")
    session.flush()
    [order] = order_resources(session, [received.order_id], call.language)
    return _Taken(order, created=received.status == "created")


def _store(call: Call, payload: object, session: Session) -> Store | None:
    """The store that the order names; None when there is no such store, or no name that could be one."""
    named = payload.get("store") if isinstance(payload, dict) else None
    try:
        name = _STORE_NAME.validate_python(named, strict=True) or DEFAULT_STORE
        return store_of(session, call.caller.seller_id, name)
    except (ValidationError, NotFound):
        return None
