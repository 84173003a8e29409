"""Orders over the API: sent, corrected, read, withdrawn, disputed, shipped."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from models.orders import Order
from models.sellers import Store
from models.unit_of_work import Session
from verification.intake import problems as intake
from verification.intake.correcting import correct_order
from verification.intake.disputing import dispute_order
from verification.intake.fields import Setting
from verification.intake.loading import order_of
from verification.intake.problems import OrderRefused
from verification.intake.shape import OrderIn
from verification.intake.shipping import CourierReport, report_shipment
from verification.intake.withdrawing import withdraw_order
from verification.refusals import Refusal
from verification.telling.listing import diary_entries
from verification.telling.planned import plan_resource
from verification.telling.resource import order_resources
from web.call import Answer, Call
from web.problems import Problem, invalid
from web.routes import route
from web.shapes import DiaryOut, OrderOut, PlanOut, ShipmentIn, WordsIn

Sent = TypeVar("Sent", bound=BaseModel)


@route("GET", "/orders/<order_id>", gives={200: OrderOut}, problems=["not_found"])
def show_order(call: Call, session: Session, order_id: str) -> Answer:
    """One order."""
    return Answer.of(_resource(call, session, _order(call, session, order_id)))


@route(
    "PATCH",
    "/orders/<order_id>",
    takes=OrderIn,
    patches=True,
    gives={200: OrderOut},
    problems=["not_found", "order_shipped", "order_details_erased", "invalid"],
)
def patch_order(call: Call, session: Session, order_id: str) -> Answer:
    """Correct an order by a JSON merge patch. While undecided it is screened and planned anew."""
    order = _order(call, session, order_id)
    patch = _object(call)
    if patch.get("store", _store(session, order).name) != _store(session, order).name:
        raise invalid(intake.Problem("/store", "immutable", "The store of an order stays as it is."))
    try:
        correct_order(session, order, patch, now=call.now, keys=call.keys)
    except OrderRefused as refused:
        raise invalid(*refused.problems) from None
    except Refusal as refusal:
        raise Problem(refusal.code) from None
    return Answer.of(_resource(call, session, order))


@route("GET", "/orders/<order_id>/diary", gives={200: DiaryOut}, problems=["not_found"])
def show_diary(call: Call, session: Session, order_id: str) -> Answer:
    """An order's story: everything that happened to it and why."""
    order = _order(call, session, order_id)
    return Answer.of({"entries": diary_entries(session, order.id, call.language)})


@route("GET", "/orders/<order_id>/plan", gives={200: PlanOut}, problems=["not_found"])
def show_plan(call: Call, session: Session, order_id: str) -> Answer:
    """What is planned for an order, when, and why."""
    return Answer.of(plan_resource(session, _order(call, session, order_id), call.language))


@route(
    "POST",
    "/orders/<order_id>/withdraw",
    takes=WordsIn,
    gives={200: OrderOut},
    problems=["not_found", "order_shipped", "invalid"],
)
def withdraw(call: Call, session: Session, order_id: str) -> Answer:
    """The order will not be shipped: leave its buyer in peace. Again is the same as once."""
    return _act(
        call,
        session,
        order_id,
        lambda order: withdraw_order(session, order, _sent(call, WordsIn).reason, now=call.now),
    )


@route(
    "POST",
    "/orders/<order_id>/dispute",
    takes=WordsIn,
    gives={200: OrderOut},
    problems=["not_found", "order_not_decided", "invalid"],
)
def dispute(call: Call, session: Session, order_id: str) -> Answer:
    """Have an agent review the decision with its proof."""
    return _act(
        call,
        session,
        order_id,
        lambda order: dispute_order(session, order, _sent(call, WordsIn).reason, now=call.now),
    )


@route(
    "POST",
    "/orders/<order_id>/shipment",
    takes=ShipmentIn,
    gives={200: OrderOut},
    problems=["not_found", "invalid"],
)
def ship(call: Call, session: Session, order_id: str) -> Answer:
    """Pass on what the courier reported. The same report again is the same as once."""

    def act(order: Order) -> bool:
        sent = _sent(call, ShipmentIn, zone=_store(session, order).time_zone)
        report = CourierReport(sent.status, sent.at, sent.reason, sent.carrier, sent.tracking)
        return report_shipment(session, order, report, now=call.now)

    return _act(call, session, order_id, act)


def _act(call: Call, session: Session, order_id: str, act: Callable[[Order], bool | None]) -> Answer:
    order = _order(call, session, order_id)
    try:
        changed = act(order)
    except Refusal as refusal:
        raise Problem(refusal.code) from None
    return Answer.of(_resource(call, session, order), replayed=changed is False)


def _order(call: Call, session: Session, order_id: str) -> Order:
    try:
        return order_of(session, call.caller.seller_id, order_id)
    except Refusal as refusal:
        raise Problem(refusal.code) from None


def _store(session: Session, order: Order) -> Store:
    return session.get_one(Store, order.store_id)


def _resource(call: Call, session: Session, order: Order) -> Mapping[str, Any]:
    return resource(session, order.id, call.language)


def resource(session: Session, order_id: UUID, language: str) -> Mapping[str, Any]:
    """The order as the contract shows it, with everything that this transaction did to it."""
    session.flush()
    [order] = order_resources(session, [order_id], language)
    return order


def _object(call: Call) -> Mapping[str, Any]:
    value = call.json()
    if not isinstance(value, dict):
        raise invalid(intake.problem("", "object_expected"))
    return value


def _sent(call: Call, shape: type[Sent], *, zone: str = "UTC") -> Sent:
    """The body in that shape; nothing sent is an empty object."""
    try:
        return shape.model_validate(
            _object(call) if call.body.strip() else {}, context=Setting(ZoneInfo(zone), None)
        )
    except ValidationError as errors:
        raise invalid(*intake.problems_of(errors)) from None
