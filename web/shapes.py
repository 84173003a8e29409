"""What the API takes besides orders, and what it gives: the published contract is generated from these."""

from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from models.vocabulary import (
    Channel,
    Chooser,
    DecisionReason,
    EventType,
    OrderState,
    ShipmentStatus,
    Tier,
    Verdict,
    Via,
)
from verification.intake.fields import OptionalText, OptionalTime, Text
from verification.intake.shape import OrderIn

MOST_ORDERS = 500


class _Sent(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)


class WordsIn(_Sent):
    """Why, in the seller's own words; they are kept like every message and expire like one."""

    reason: OptionalText = Field(None, examples=["The buyer called us."])


class ShipmentIn(_Sent):
    """What the courier reported."""

    status: Text = Field(
        description="One of our words for it; any other is kept as `unknown`, with the word itself.",
        examples=[each.value for each in ShipmentStatus],
    )
    at: OptionalTime = Field(
        None, description="When; without offset it is the store's local time, left out it is now."
    )
    reason: OptionalText = None
    carrier: OptionalText = Field(None, examples=["SMSA"])
    tracking: OptionalText = None


class BatchIn(_Sent):
    """Up to 500 orders; each stands or falls by itself."""

    orders: list[OrderIn] = Field(max_length=MOST_ORDERS)


def _open_ended(schema: dict[str, Any]) -> None:
    # Whoever reads our answers is to expect new fields; we ourselves give exactly these.
    schema.pop("additionalProperties", None)


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra=_open_ended)


class ReasonOut(_Given):
    """A reason as data, with its words in the language of `Accept-Language`."""

    code: str
    params: dict[str, Any]
    text: str


class BuyerShort(_Given):
    """The buyer as this seller may see them."""

    id: str = Field(description="The buyer's id for this seller alone.")
    tier: Tier
    tier_reasons: list[ReasonOut]


class Rung(_Given):
    """A contact that is planned."""

    channel: Channel
    not_before: AwareDatetime = Field(
        description="The earliest time; while it is to come, rounded up to a full quarter of an hour."
    )
    reason: ReasonOut


class NextContact(Rung):
    """What happens next, and when at the earliest."""

    why_not_now: ReasonOut | None = Field(
        description="Why it is not made at once; null when nothing is waited for."
    )


class PlanOut(_Given):
    """The contacts planned for an order, each made only if all before it bring no decision."""

    chooser: Chooser | None = Field(description="What chose them: what was learned, or the fixed schedule.")
    stop: str | None = Field(
        description="Why nothing follows the last: `deadline`, `caps_spent`, `not_worth` or `no_time`."
    )
    planned_at: AwareDatetime | None
    next_contact: NextContact | None
    ladder: list[Rung] = Field(description="What is expected after the next contact; planned anew each time.")


class DecisionOut(_Given):
    """The current decision; a later one may take its place."""

    verdict: Verdict
    reason: DecisionReason
    via: Via
    soft: bool = Field(description='The buyer said "inshallah" or "after payday" rather than yes.')
    decided_at: AwareDatetime
    tier: Tier = Field(description="The buyer's tier with which it was taken.")
    changes: dict[str, Any] = Field(description="What the buyer and the call centre agreed to change.")
    ground: ReasonOut | None = Field(
        description="Why, with its numbers, an order was released as not worth a contact (`low_risk`)."
    )


class ShipmentOut(_Given):
    """The courier's latest report."""

    status: ShipmentStatus
    status_raw: str
    at: AwareDatetime
    reason: str | None
    carrier: str | None
    tracking: str | None


class ItemOut(_Given):
    """One line of the order."""

    sku: str | None
    title: str
    variant: str | None
    quantity: int
    unit_price: str
    image_url: str | None
    product_url: str | None


class AddressOut(_Given):
    """Where the parcel goes."""

    country: str
    region: str | None
    city: str | None
    district: str | None
    street: str | None
    building: str | None
    short_address: str | None
    postal_code: str | None
    landmark: str | None


class OrderOut(_Given):
    """An order, over the API and in events."""

    id: str = Field(json_schema_extra={"format": "uuid"})
    store: str
    external_id: str
    number: str | None
    version: int = Field(description="One more with each event.")
    state: OrderState
    flags: list[ReasonOut]
    phone: str | None = Field(description="The first number that can be dialled, in E.164.")
    alternate_phones: list[str]
    buyer: BuyerShort
    next_contact: NextContact | None
    decision: DecisionOut | None
    shipment: ShipmentOut | None
    placed_at: AwareDatetime
    created_at: AwareDatetime
    ship_by: AwareDatetime | None
    currency: str
    total: str
    items: list[ItemOut]
    address: AddressOut


class PageOut(_Given):
    """Some orders, oldest update first; `next_cursor` asks for the page after it."""

    orders: list[OrderOut]
    next_cursor: str | None


class DiaryLine(_Given):
    """One line of an order's story."""

    at: AwareDatetime
    kind: str
    actor: str
    code: str
    params: dict[str, Any]
    text: str


class DiaryOut(_Given):
    """An order's story, oldest line first."""

    entries: list[DiaryLine]


class BuyerOut(BuyerShort):
    """A buyer with the latest of the seller's own orders."""

    orders: list[OrderOut]


class BrokenRule(_Given):
    """One broken rule: where (a JSON pointer; for the query the parameter), a stable code, the rule."""

    pointer: str
    code: str
    detail: str


class ProblemOut(_Given):
    """A problem (RFC 9457). `code` is stable; what was sent is never repeated."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    errors: list[BrokenRule] = []


class BatchResult(_Given):
    """What became of one order of a batch: the order, or the problem with it."""

    status: int
    order: OrderOut | None = None
    problem: ProblemOut | None = None


class BatchOut(_Given):
    """The results, in the order in which the orders were sent."""

    results: list[BatchResult]


class EventOut(_Given):
    """What a store is told; `data` is the order as it was when that happened, its words in English."""

    type: EventType
    timestamp: AwareDatetime
    data: OrderOut
