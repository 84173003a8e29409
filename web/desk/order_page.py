"""Finding orders, and the page of one: where it stands, why, and everything that happened."""

from uuid import UUID

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from models.unit_of_work import Session
from verification.desk import shifts
from verification.desk.finding import find_orders
from verification.desk.order import reveal, show_order
from verification.desk.refusals import DeskRefusal, Why
from verification.desk.taking import take_order
from web.access import Capability, Visit, page
from web.desk.drawing import answer
from web.desk.keys import keys_of
from web.desk.refusing import in_whose_hands
from web.desk.telling import refusal
from web.pages import render_page
from web.seen.showing import Seen

_MOST_FOUND = 20
_ORDER = "/desk/orders/<uuid:order_id>"


def register(blueprint: Blueprint) -> None:
    """The addresses of the search and of an order's page."""
    page(blueprint, "POST", "/desk/find", needs=Capability.find_orders)(find)
    page(blueprint, "GET", _ORDER, needs=Capability.find_orders)(look)
    page(blueprint, "POST", f"{_ORDER}/take", needs=Capability.work_cases)(take)
    page(blueprint, "POST", f"{_ORDER}/reveal", needs=Capability.reveal_phones)(show_phones)


def find(visit: Visit, session: Session) -> ResponseReturnValue:
    """The orders that a phone or an order number may mean; one alone is opened at once."""
    text = request.form.get("text", "").strip()
    found = find_orders(session, text, limit=_MOST_FOUND)
    if len(found) == 1:
        return redirect(url_for("desk.look", order_id=found[0].order_id), 303)
    return answer(
        render_page(
            "desk/found.html",
            text=text,
            found=found,
            most=_MOST_FOUND,
            keys=keys_of(visit.user.keys),
            is_at_work=_is_at_work(visit, session),
        )
    )


def look(visit: Visit, session: Session, order_id: UUID) -> ResponseReturnValue:
    """One order."""
    return _draw(visit, session, order_id)


def take(visit: Visit, session: Session, order_id: UUID) -> ResponseReturnValue:
    """Make the order this agent's case, ahead of its turn."""
    try:
        with session.begin_nested():
            take_order(session, visit.user, order_id, now=visit.now)
    except DeskRefusal as refused:
        trouble = in_whose_hands(session, order_id, visit) if refused.why is Why.held_by_other else None
        return _draw(visit, session, order_id, trouble=trouble or refusal(refused), status=409)
    return redirect(url_for("desk.show_desk"), 303)


def show_phones(visit: Visit, session: Session, order_id: UUID) -> ResponseReturnValue:
    """The numbers in full; the diary keeps who looked."""
    phones = reveal(session, visit.user, order_id, now=visit.now)
    return _draw(visit, session, order_id, phones=phones)


def _draw(
    visit: Visit,
    session: Session,
    order_id: UUID,
    *,
    trouble: str | None = None,
    phones: tuple[str, ...] = (),
    status: int = 200,
) -> ResponseReturnValue:
    shown = show_order(session, order_id, now=visit.now)
    if shown is None:
        abort(404)
    return answer(
        render_page(
            "desk/order.html",
            order=shown,
            seen=Seen(shown, visit.now),
            trouble=trouble,
            phones=phones,
            keys=keys_of(visit.user.keys),
            is_at_work=_is_at_work(visit, session),
        ),
        status,
    )


def _is_at_work(visit: Visit, session: Session) -> bool:
    """Whether the page should keep a shift and a case alive while it is looked at."""
    return shifts.current(session, visit.user.id, visit.now) is not None
