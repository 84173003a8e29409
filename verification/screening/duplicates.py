"""Which earlier orders a new one seems to repeat."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from models.drafts import DraftItem
from models.vocabulary import Verdict
from verification.screening.folding import fold_text

_STILL_SHIPS = frozenset({None, Verdict.confirmed, Verdict.waived})


@dataclass(frozen=True, slots=True)
class ItemKey:
    """What makes two order lines the same product: the seller's own number, else the folded title."""

    sku: str | None
    title: str

    @classmethod
    def of(cls, item: DraftItem) -> "ItemKey":
        """The key of an order line as typed."""
        return cls.read(item.sku, item.title)

    @classmethod
    def read(cls, sku: str | None, title: str) -> "ItemKey":
        """The key of a product by its number and title as typed."""
        return cls(fold_text(sku or "") or None, fold_text(title))

    def same_product(self, other: "ItemKey") -> bool:
        """By number when both have one; a line without a number is known by its title."""
        if self.sku and other.sku:
            return self.sku == other.sku
        return bool(self.title) and self.title == other.title


@dataclass(frozen=True, slots=True)
class EarlierOrder:
    """Another order of the same buyer at the same seller; `verdict` is None while it is undecided."""

    id: UUID
    placed_at: datetime
    items: tuple[ItemKey, ...]
    verdict: Verdict | None = None


def repeated(
    items: Iterable[DraftItem], placed_at: datetime, earlier: Iterable[EarlierOrder], window: timedelta
) -> tuple[UUID, ...]:
    """The ids of the orders placed within `window` of this one that hold one of its products, oldest first.

    Only orders that may still ship count: after a rejection or a withdrawal the buyer is free to order anew.
    Files bring orders in any sequence, so the window reaches to both sides.
    """
    keys = [ItemKey.of(item) for item in items]
    found = [
        order
        for order in earlier
        if order.verdict in _STILL_SHIPS
        and abs(order.placed_at - placed_at) <= window
        and any(key.same_product(other) for key in keys for other in order.items)
    ]
    return tuple(order.id for order in sorted(found, key=lambda order: (order.placed_at, order.id)))
