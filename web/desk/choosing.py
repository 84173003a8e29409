"""From the outcome form to the agent's choice for every order of the case."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict

from models.vocabulary import DecisionReason, Disposition
from verification.outcome.disposing import Disposed

Form = MultiDict[str, str]

REASONS = (
    DecisionReason.changed_mind,
    DecisionReason.price,
    DecisionReason.found_cheaper,
    DecisionReason.did_not_order,
    DecisionReason.duplicate,
    DecisionReason.wants_other_item,
    DecisionReason.product_doubt,
    DecisionReason.delivery_too_slow,
    DecisionReason.fake_details,
    DecisionReason.out_of_area,
    DecisionReason.unspecified,
)
"""Why a buyer says no, the commonest first: the keys of the upper row from 1 to 9, then 0 and the minus."""

_SIMPLE = {
    "confirm": Disposition.confirm,
    "confirm_soft": Disposition.confirm,
    "no_answer": Disposition.no_answer,
    "busy": Disposition.busy,
    "voicemail": Disposition.voicemail,
    "unreachable": Disposition.unreachable,
    "wrong_number": Disposition.wrong_number,
    "stop": Disposition.stop,
    "supervisor": Disposition.escalated,
}
_SILENT = (Disposition.no_answer, Disposition.busy, Disposition.voicemail, Disposition.unreachable)
_LONGEST_WAIT = timedelta(days=30)
_MOST_PIECES = 10_000
_LONGEST_QUANTITY = 5


class Misread(Exception):
    """A form that says nothing we can do; `code` names the sentence to show, what was typed stays."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_choices(
    form: Form, orders: Mapping[UUID, Sequence[int]], *, today: date, call_back_at: datetime | None = None
) -> dict[UUID, Disposed]:
    """The choice for each order; `orders` are those of the case with the positions of their items.

    `today` is the buyer's, `call_back_at` what the typed time was read as. Raises `Misread`: `unclear`,
    `time_unclear`, `quantity_unclear`, `nothing_changed`, `apart_without_answer`.
    """
    button, _, value = form.get("outcome", "").partition(":")
    if button == "deliver" and not today <= _day(value) <= today + _LONGEST_WAIT:
        raise Misread("unclear")
    apart = {order_id: code for order_id in orders if (code := form.get(f"order-{order_id}"))}
    chosen = {
        order_id: _apart(apart[order_id])
        if order_id in apart
        else _choice(button, value, form, order_id, positions, call_back_at)
        for order_id, positions in orders.items()
    }
    general = _SIMPLE.get(button)
    if apart and general in (*_SILENT, Disposition.wrong_number):
        raise Misread("apart_without_answer")
    if orders and button == "quantities" and not any(each.changes for each in chosen.values()):
        raise Misread("nothing_changed")
    return chosen


def _choice(
    button: str,
    value: str,
    form: Form,
    order_id: UUID,
    positions: Sequence[int],
    call_back_at: datetime | None,
) -> Disposed:
    soft = button == "confirm_soft" or form.get("soft") == "1"
    match button:
        case "reject":
            return Disposed(Disposition.reject, reason=_reason(value))
        case "call_back":
            at = call_back_at or _instant(value)
            return Disposed(Disposition.call_back, call_back_at=at)
        case "deliver":
            return Disposed(Disposition.confirm, soft=soft, changes={"deliver_on": _day(value).isoformat()})
        case "quantities":
            return Disposed(
                Disposition.confirm, soft=soft, changes=_quantities(form, order_id, positions) or None
            )
        case _ if button in _SIMPLE:
            disposition = _SIMPLE[button]
            return Disposed(disposition, soft=soft and disposition is Disposition.confirm)
    raise Misread("unclear")


def _apart(code: str) -> Disposed:
    """What was chosen for one order against the others: a yes, or a no with its reason."""
    button, _, value = code.partition(":")
    if button == "confirm":
        return Disposed(Disposition.confirm)
    if button == "reject":
        return Disposed(Disposition.reject, reason=_reason(value))
    raise Misread("unclear")


def _reason(value: str) -> DecisionReason:
    found = next((reason for reason in REASONS if reason.value == value), None)
    if found is None:
        raise Misread("unclear")
    return found


def _instant(value: str) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise Misread("time_unclear") from None
    if at.tzinfo is None:
        raise Misread("time_unclear")
    return at


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Misread("unclear") from None


def _quantities(form: Form, order_id: UUID, positions: Sequence[int]) -> dict[str, Any]:
    """The lines whose quantity is another now; 0 takes a line off the order."""
    changed = []
    for position in positions:
        name = f"quantity-{order_id}-{position}"
        typed, before = form.get(name, "").strip(), form.get(f"{name}-was", "")
        if not typed or typed == before:
            continue
        if not typed.isdecimal() or len(typed) > _LONGEST_QUANTITY or int(typed) > _MOST_PIECES:
            raise Misread("quantity_unclear")
        changed.append({"position": position, "quantity": int(typed)})
    return {"items": changed} if changed else {}
