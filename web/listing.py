"""Lists of orders over the API, page by page."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import request
from pydantic import TypeAdapter, ValidationError

from models.unit_of_work import Session
from models.vocabulary import OrderState
from verification.intake.fields import Setting, Time
from verification.intake.problems import Problem as BrokenRule
from verification.intake.problems import problems_of
from verification.telling.listing import (
    DEFAULT_LIMIT,
    MOST_ON_A_PAGE,
    CursorRefused,
    OrderFilter,
    list_orders,
)
from web.call import Answer, Call
from web.problems import invalid
from web.routes import route
from web.shapes import PageOut

_INSTANT: TypeAdapter[datetime] = TypeAdapter(Time)
_RULES = {
    "unknown_state": "This is not the state of an order.",
    "limit_out_of_range": f"The limit is a whole number from 1 to {MOST_ON_A_PAGE}.",
    "cursor_invalid": "This is not the `next_cursor` of a page.",
}


@route(
    "GET",
    "/orders",
    gives={200: PageOut},
    problems=["invalid"],
    queries={
        "store": {"type": "string"},
        "state": {"type": "string", "enum": [state.value for state in OrderState]},
        "external_id": {"type": "string"},
        "updated_since": {"type": "string", "format": "date-time"},
        "limit": {
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_ON_A_PAGE,
            "default": DEFAULT_LIMIT,
        },
        "cursor": {"type": "string"},
    },
)
def list_page(call: Call, session: Session) -> Answer:
    """The seller's orders, oldest update first; an order that changes meanwhile comes again at the end."""
    wanted, limit = _read()
    try:
        page = list_orders(
            session,
            call.caller.seller_id,
            wanted,
            language=call.language,
            limit=limit,
            cursor=request.args.get("cursor") or None,
        )
    except CursorRefused:
        raise invalid(_broken("cursor", "cursor_invalid")) from None
    return Answer.of({"orders": page.orders, "next_cursor": page.next_cursor})


def _read() -> tuple[OrderFilter, int]:
    """The filter and the limit that the address asks for; raises `invalid` with all that is wrong."""
    asked, broken = request.args, []
    state, limit, since = asked.get("state"), asked.get("limit"), None
    if state and state not in list(OrderState):
        broken.append(_broken("state", "unknown_state"))
    if limit and not (re.fullmatch("[0-9]{1,3}", limit) and 1 <= int(limit) <= MOST_ON_A_PAGE):
        broken.append(_broken("limit", "limit_out_of_range"))
    if text := asked.get("updated_since"):
        try:
            # An unescaped "+" of the offset arrives as a blank.
            text = re.sub(r" (?=\d\d:?\d\d$)", "+", text) if "T" in text else text
            since = _INSTANT.validate_python(text, context=Setting(ZoneInfo("UTC"), None))
        except ValidationError as errors:
            broken += [BrokenRule("/updated_since", each.code, each.detail) for each in problems_of(errors)]
    if broken:
        raise invalid(*broken)
    wanted = OrderFilter(
        store=asked.get("store") or None,
        state=OrderState(state) if state else None,
        external_id=asked.get("external_id") or None,
        updated_since=since,
    )
    return wanted, int(limit or DEFAULT_LIMIT)


def _broken(parameter: str, code: str) -> BrokenRule:
    return BrokenRule(f"/{parameter}", code, _RULES[code])
