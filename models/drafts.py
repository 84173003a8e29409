"""An order as a seller sent it, checked but not yet stored."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256
from json import dumps


@dataclass(frozen=True)
class DraftAddress:
    """Where the parcel goes; every line as typed, `country` an ISO 3166-1 alpha-2 code."""

    country: str
    region: str | None = None
    city: str | None = None
    district: str | None = None
    street: str | None = None
    building: str | None = None
    short_address: str | None = None
    postal_code: str | None = None
    landmark: str | None = None

    def lines(self) -> tuple[str, ...]:
        """Every line that was filled in, without the country."""
        return tuple(value for name, value in asdict(self).items() if name != "country" and value)


ADDRESS_LINES = tuple(line.name for line in fields(DraftAddress) if line.name != "country")
"""The lines of an address, from the widest to the closest; stored orders have the same."""


@dataclass(frozen=True)
class DraftItem:
    """One line of an order; the price in minor units of the order's currency."""

    title: str
    quantity: int
    unit_price_minor: int
    sku: str | None = None
    variant: str | None = None
    image_url: str | None = None
    product_url: str | None = None


@dataclass(frozen=True)
class DraftBuyer:
    """Who ordered, as typed; phones are read later, against the shipping country."""

    phone: str
    name: str | None = None
    alternate_phone: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class OrderDraft:
    """The whole order; `placed_at` and `ship_by` aware UTC, `total_minor` in minor units of `currency`."""

    external_id: str
    placed_at: datetime
    currency: str
    total_minor: int
    payment_method: str
    buyer: DraftBuyer
    address: DraftAddress
    items: tuple[DraftItem, ...]
    number: str | None = None
    ship_by: datetime | None = None
    note: str | None = None

    def fingerprint(self) -> str:
        """A digest that is equal exactly when two drafts say the same."""
        return sha256(dumps(asdict(self), sort_keys=True, default=str).encode()).hexdigest()
