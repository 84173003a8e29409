"""What the page of one order shows, as values; in the terms of `verification.desk.shown`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.reasons import Reason
from models.vocabulary import (
    Channel,
    Choice,
    DecisionReason,
    OrderState,
    PromiseResult,
    ShipmentStatus,
    Verdict,
    Via,
)
from verification.decision.ruling import Standing
from verification.desk.shown import CaseItem, PastContact, Said, SellerWords, ShownBuyer
from verification.desk.shown_plan import ShownPlan


@dataclass(frozen=True)
class ShownPhone:
    """A number on an order; `refused` when it proved to be somebody else's."""

    masked: str
    refused: bool


@dataclass(frozen=True)
class NextContact:
    """The live step of an order; `held_by` names the member of staff who has it in hand."""

    step_id: UUID
    channel: Channel
    not_before: datetime
    reason: Reason
    held_by: str | None
    chosen: Choice | None = None
    chance: float | None = None


@dataclass(frozen=True)
class PastDecision:
    """A decision with its proof; `words` are the buyer's own where the proof is a message still kept."""

    verdict: Verdict
    reason: DecisionReason
    via: Via
    soft: bool
    at: datetime
    actor: str
    by: str | None
    proof: Mapping[str, Any] | None
    words: str | None
    changes: Mapping[str, Any]
    is_current: bool


@dataclass(frozen=True)
class ShownPromise:
    """A call that was promised; without a result it is still owed."""

    at: datetime
    made_at: datetime
    by: str | None
    via: Via
    result: PromiseResult | None


@dataclass(frozen=True)
class ShownShipment:
    """A courier's report."""

    at: datetime
    status: ShipmentStatus
    status_raw: str
    carrier: str | None
    tracking: str | None


@dataclass(frozen=True)
class DiaryLine:
    """One line of the diary; `actor` is the word before the colon ("system", "buyer", "seller", "agent")."""

    at: datetime
    kind: str
    actor: str
    by: str | None
    reason: Reason


@dataclass(frozen=True)
class OrderPage:
    """Everything about one order, for whoever looks it up; decisions, promises and shipments oldest first."""

    id: UUID
    number: str
    external_id: str
    seller_name: str
    store_name: str
    country: str
    zone: str
    placed_at: datetime
    created_at: datetime
    decide_by: datetime
    ship_by: datetime | None
    currency: str
    total_minor: int
    items: tuple[CaseItem, ...]
    note: str | None
    address: Mapping[str, str] | None
    missing: tuple[str, ...]
    flags: tuple[Reason, ...]
    state: OrderState
    standing: Standing
    disputed: bool
    buyer: ShownBuyer
    phones: tuple[ShownPhone, ...]
    next_contact: NextContact | None
    plan: ShownPlan
    decisions: tuple[PastDecision, ...]
    contacts: tuple[PastContact, ...]
    thread: tuple[Said, ...]
    seller_words: tuple[SellerWords, ...]
    promises: tuple[ShownPromise, ...]
    shipments: tuple[ShownShipment, ...]
    diary: tuple[DiaryLine, ...]
