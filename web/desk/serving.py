"""The desk's addresses. GET shows what stands; every POST works as a plain form too and leads back to it."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, make_response, request
from flask.typing import ResponseReturnValue

from models.unit_of_work import Session
from verification.desk.case import show_case
from verification.desk.fixing import fix_address, fix_phone
from verification.desk.holding import end_break, give_back, next_case, take_break
from verification.desk.outcomes import record
from verification.desk.refusals import DeskRefusal, PromiseRefused, Why
from verification.desk.shown import ShownCase
from verification.desk.times import read_time
from verification.desk.undoing import undo
from web.access import Capability, Visit, page
from web.context import context
from web.desk import drawing, keys_form, order_page, phone_form, pulse, ringing
from web.desk.acting import CASE, act, done, form_token, refuse
from web.desk.choosing import Misread, read_choices
from web.desk.drawing import answer, draw, render
from web.desk.fixing_form import read_lines
from web.desk.promise_preview import Preview, check, preview
from web.desk.screen import gather, in_hand
from web.desk.telling import misread, promise_refused

_WORK = Capability.work_cases


def desk() -> Blueprint:
    """The desk's addresses."""
    blueprint = Blueprint("desk", __name__)
    drawing.register(blueprint)
    page(blueprint, "GET", "/desk", needs=_WORK)(show_desk)
    page(blueprint, "POST", "/desk/next", needs=_WORK)(take_next)
    page(blueprint, "POST", "/desk/break", needs=_WORK)(change_break)
    for path, view in (
        ("outcome", take_outcome),
        ("undo", take_undo),
        ("give-back", take_give_back),
        ("address", take_address),
        ("phone", take_phone),
        ("preview", show_preview),
    ):
        page(blueprint, "POST", f"{CASE}/{path}", needs=_WORK)(view)
    pulse.register(blueprint)
    ringing.register(blueprint)
    order_page.register(blueprint)
    keys_form.register(blueprint)
    phone_form.register(blueprint)
    return blueprint


def show_desk(visit: Visit, session: Session) -> ResponseReturnValue:
    """The screen exactly as it stands."""
    return draw(visit, session)


def take_next(visit: Visit, session: Session) -> ResponseReturnValue:
    """The case in hand, else the best that waits."""
    found = next_case(session, visit.user, now=visit.now)
    return done(visit, session, None if found else "nothing_due")


def change_break(visit: Visit, session: Session) -> ResponseReturnValue:
    """Stop for a while, or come back; a case that was called needs its outcome first."""
    if request.form.get("to") == "work":
        end_break(session, visit.user, now=visit.now)
        return done(visit, session)
    step_id = in_hand(session, visit)
    case = show_case(session, step_id, visit.user, now=visit.now) if step_id else None
    if case is not None and case.called_at is not None:
        return done(visit, session, "break_waits")
    take_break(session, visit.user, now=visit.now)
    return done(visit, session)


def take_outcome(visit: Visit, session: Session, step_id: UUID) -> ResponseReturnValue:
    """Record what came of the call, and bring the next case or the break that was asked for."""
    form, case = request.form, show_case(session, step_id, visit.user, now=visit.now)
    try:
        at = _typed_time(case, visit.now)
        orders = {order.id: [item.position for item in order.items] for order in case.orders} if case else {}
        today = visit.now.astimezone(ZoneInfo(case.zone)).date() if case else visit.now.date()
        choices = read_choices(form, orders, today=today, call_back_at=at)
    except Misread as wrong:
        return refuse(visit, session, misread(wrong.code), panel=_panel(), preview=_unread(wrong.code))

    def work() -> None:
        record(session, visit.user, step_id, form_token(), choices, now=visit.now)
        if form.get("then") == "break":
            take_break(session, visit.user, now=visit.now)
        else:
            next_case(session, visit.user, now=visit.now)

    try:
        return act(visit, session, step_id, work)
    except PromiseRefused as refused:
        chosen = next((each.call_back_at for each in choices.values() if each.call_back_at), None)
        shown = check(session, step_id, chosen, visit.now) if chosen else None
        return refuse(visit, session, promise_refused(refused), panel="call_back", preview=shown)


def take_undo(visit: Visit, session: Session, step_id: UUID) -> ResponseReturnValue:
    """Take the last outcome back."""
    return act(visit, session, step_id, lambda: undo(session, visit.user, step_id, now=visit.now), "undone")


def take_give_back(visit: Visit, session: Session, step_id: UUID) -> ResponseReturnValue:
    """Put a case that was only looked at back into the queue, and begin the break that was asked for."""

    def work() -> str:
        give_back(session, visit.user, step_id, form_token(), now=visit.now)
        if request.form.get("then") == "break":
            take_break(session, visit.user, now=visit.now)
        return "given_back"

    return act(visit, session, step_id, work)


def take_address(visit: Visit, session: Session, step_id: UUID) -> ResponseReturnValue:
    """Store the lines of an address that were put right."""
    case = show_case(session, step_id, visit.user, now=visit.now)
    try:
        lines = read_lines(request.form, case.buyer.language if case else None)
    except Misread as wrong:
        return refuse(visit, session, misread(wrong.code), panel="fix")

    def work() -> str:
        token, order_id = form_token(), _order()
        changed = fix_address(session, visit.user, step_id, token, order_id, lines, now=visit.now)
        return "address" if changed else "address_same"

    return act(visit, session, step_id, work, panel="fix")


def take_phone(visit: Visit, session: Session, step_id: UUID) -> ResponseReturnValue:
    """Give an order the number that the buyer can be called on."""

    def work() -> str:
        typed, token, order_id = request.form.get("phone", ""), form_token(), _order()
        fix_phone(session, visit.user, step_id, token, order_id, typed, now=visit.now, keys=context().keys)
        return "phone"

    return act(visit, session, step_id, work, panel="fix")


def show_preview(visit: Visit, session: Session, step_id: UUID) -> ResponseReturnValue:
    """What a typed time is read as; nothing is promised yet."""
    case = show_case(session, step_id, visit.user, now=visit.now)
    if case is None or not case.is_mine:
        return make_response("", 204)
    shown = preview(session, step_id, request.form.get("when", ""), case.zone, visit.now)
    screen = gather(session, visit)
    return answer(render("desk/_preview.html", visit, screen, preview=shown))


def _typed_time(case: ShownCase | None, now: datetime) -> datetime | None:
    """The time in the field, when that is what was chosen; raises `Misread`."""
    if request.form.get("outcome") != "call_back" or case is None:
        return None
    at = read_time(request.form.get("when", ""), now=now, zone=case.zone)
    if at is None:
        raise Misread("time_unclear")
    return at


def _unread(code: str) -> Preview | None:
    return Preview(None) if code == "time_unclear" else None


def _panel() -> str | None:
    """The panel in which the outcome was chosen."""
    button = request.form.get("outcome", "").partition(":")[0]
    return {"reject": "reject", "call_back": "call_back", "deliver": "delivery_day", "quantities": "fix"}.get(
        button
    )


def _order() -> UUID:
    try:
        return UUID(request.form.get("order", ""))
    except ValueError:
        raise DeskRefusal(Why.stale) from None
