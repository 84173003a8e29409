"""An address that the buyer corrected, written to the order."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.drafts import ADDRESS_LINES, DraftAddress
from models.folding import without_directions
from models.orders import Order
from models.reasons import Reason
from models.sellers import Store
from models.vocabulary import DataClass, Flag
from verification import diary
from verification.decision.ruling import Standing
from verification.decision.taking import standing_of
from verification.hours.locating import place_in
from verification.policy.stored import policy_for
from verification.screening.address import missing_parts

_TOO_LATE = (Standing.shipped, Standing.withdrawn)


def correct_address(
    session: Session,
    order: Order,
    address: Mapping[str, str | None],
    *,
    now: datetime,
    actor: str = "buyer",
    code: str = "address_corrected",
) -> tuple[str, ...]:
    """Store the lines that differ and judge anew what the address lacks; the names of those lines.

    Nothing is changed on an order that has shipped, is withdrawn, or whose details are no longer kept. The
    diary names the lines, never what they say.
    """
    address = {name: without_directions(line or "").strip() or None for name, line in address.items()}
    details = order.details
    if details is None or standing_of(session, order) in _TOO_LATE:
        return ()
    changed = tuple(
        name for name in ADDRESS_LINES if name in address and getattr(details, name) != address[name]
    )
    if not changed:
        return ()
    for name in changed:
        setattr(details, name, address[name])
    policy = policy_for(session, session.get_one(Store, order.store_id), order.country)
    details.expires_at = now + timedelta(days=policy.retention_days[DataClass.address])
    corrected = DraftAddress(order.country, **{name: getattr(details, name) for name in ADDRESS_LINES})
    order.place = place_in(corrected)
    order.flags = _flags(order, corrected, details.note)
    diary.write(
        session,
        at=now,
        kind="order",
        actor=actor,
        code=code,
        params={"lines": list(changed)},
        order_id=order.id,
    )
    session.flush()
    return changed


def _flags(order: Order, address: DraftAddress, note: str | None) -> list[dict[str, Any]]:
    missing = missing_parts(address, note)
    others = [flag for flag in order.flags if flag["code"] != Flag.address_incomplete.value]
    if not missing:
        return others
    return [*others, Reason(Flag.address_incomplete.value, {"missing": list(missing)}).as_json()]
