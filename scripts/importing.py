"""Taking a file of orders in, one order a transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select

from models.orders import Order
from models.secrecy import Keyring
from models.sellers import Store
from models.unit_of_work import unit_of_work
from storefronts.sheets.sheet import Sheet, SheetOrder
from verification.intake.cod import is_cod
from verification.intake.problems import OrderRefused
from verification.intake.reading import read_order
from verification.intake.receiving import receive_order

_CONFLICT = {
    "pointer": "/external_id",
    "code": "order_conflict",
    "detail": "Another order of this number is known with other content.",
}


@dataclass(frozen=True)
class Taken:
    """What became of one order of a file: created, repeated or refused; flag codes, or errors."""

    status: str
    order_id: UUID | None = None
    flags: tuple[str, ...] = ()
    errors: tuple[Mapping[str, Any], ...] = ()


def import_sheet(
    engine: Engine,
    sheet: Sheet,
    store: Store,
    *,
    keys: Keyring,
    now: datetime,
    progress: Callable[[int], None],
) -> dict[str, Any]:
    """Take every order of a sheet into a store; one that is refused leaves the others as they are.

    Counts are of orders, `results` of file rows in their order: an order of three rows has three entries.
    Where orders come from several worksheets, an entry names its own. `progress` is told how many are done.
    """
    taken = []
    for done, order in enumerate(sheet.orders, start=1):
        taken.append((order, _take(engine, order, store, keys, now)))
        progress(done)
    several = len({order.worksheet for order in sheet.orders}) > 1
    results = [
        {
            "row": row,
            **({"worksheet": order.worksheet} if several else {}),
            "status": one.status,
            "order_id": str(one.order_id) if one.order_id else None,
            "flags": list(one.flags),
            "errors": list(one.errors),
        }
        for order, one in taken
        for row in order.rows
    ]
    statuses = [one.status for _, one in taken]
    return {
        "rows": len(results),
        "created": statuses.count("created"),
        "repeated": statuses.count("repeated"),
        "flagged": sum(bool(one.flags) for _, one in taken),
        "refused": statuses.count("refused"),
        "results": sorted(results, key=lambda result: (result.get("worksheet", ""), result["row"])),
    }


def _take(engine: Engine, order: SheetOrder, store: Store, keys: Keyring, now: datetime) -> Taken:
    if order.problems:
        return Taken(
            "refused",
            errors=tuple(
                {"row": one.row, "column": one.column, "code": one.code, "detail": one.detail}
                for one in order.problems
            ),
        )
    with unit_of_work(engine) as session:
        known = session.scalars(
            select(Order).where(
                Order.store_id == store.id, Order.is_called(str(order.payload["external_id"]))
            )
        ).one_or_none()
        # A file without dates means "now" the first time, and the same again when it is imported again.
        dated = {"placed_at": (known.placed_at if known else now).isoformat(), **order.payload}
        try:
            draft = read_order(dated, zone=store.time_zone)
        except OrderRefused as refusal:
            return Taken(
                "refused",
                errors=tuple(
                    {"pointer": one.pointer, "code": one.code, "detail": one.detail}
                    for one in refusal.problems
                ),
            )
        received = receive_order(session, store, draft, now=now, keys=keys, cod=is_cod(draft.payment_method))
        if received.status == "conflict":
            return Taken("refused", received.order_id, errors=(_CONFLICT,))
        flags = session.get_one(Order, received.order_id).flags
        return Taken(received.status, received.order_id, tuple(flag["code"] for flag in flags))
