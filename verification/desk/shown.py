"""What the desk shows of cases and of an agent's day, as values.

Instants are aware UTC, money is minor units of the order's currency. Phones are masked unless a field says
E.164. `by` is the name of the member of staff, None for a machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.reasons import Reason
from models.vocabulary import (
    Channel,
    Choice,
    DecisionReason,
    Intent,
    OrderState,
    Outcome,
    Tier,
    Verdict,
    Via,
)
from verification.decision.ruling import Standing
from verification.desk.call_stage import ShownCall, ShownLeg


@dataclass(frozen=True)
class ShownBuyer:
    """Who is called; `name` is None when none was given or kept, `orders_known` counts all their orders."""

    name: str | None
    language: str | None
    tier: Tier
    tier_reasons: tuple[Reason, ...]
    orders_known: int


@dataclass(frozen=True)
class CaseItem:
    """One line of an order."""

    position: int
    title: str
    variant: str | None
    quantity: int
    unit_price_minor: int
    image_url: str | None
    product_url: str | None


@dataclass(frozen=True)
class Question:
    """What to ask the buyer about a flag: `text` in `language`, which is the buyer's."""

    flag: Reason
    text: str
    language: str


@dataclass(frozen=True)
class Decided:
    """An order's current decision; `proof` is the kind of what the buyer did (call, button, words, page)."""

    verdict: Verdict
    reason: DecisionReason
    via: Via
    at: datetime
    proof: str | None


@dataclass(frozen=True)
class SellerWords:
    """What a seller wrote with what they asked for; `kind` is "dispute" or "withdraw"."""

    at: datetime
    kind: str
    text: str


@dataclass(frozen=True)
class CaseOrder:
    """One order of the case. `address` holds the lines that are filled in, None when they are no longer kept;
    `missing` are the codes of what a courier still needs. `decision` is set when the case is a review, and
    `disputed` when the seller contests it, in `seller_words` as far as any were given and are kept."""

    id: UUID
    number: str
    placed_at: datetime
    currency: str
    total_minor: int
    items: tuple[CaseItem, ...]
    note: str | None
    address: Mapping[str, str] | None
    missing: tuple[str, ...]
    questions: tuple[Question, ...]
    decide_by: datetime
    standing: Standing
    decision: Decided | None
    disputed: bool
    seller_words: tuple[SellerWords, ...]
    last_outcome: Outcome | None


@dataclass(frozen=True)
class PastContact:
    """A contact that was made; no outcome yet means that its answer may still come. A call that a provider
    made tells the phones that rang. How it was chosen, and with which chance, is told where it is known."""

    at: datetime
    channel: Channel
    outcome: Outcome | None
    by: str | None
    mine: bool
    legs: tuple[ShownLeg, ...] = ()
    chosen: Choice | None = None
    chance: float | None = None


@dataclass(frozen=True)
class Said:
    """One thing said in the buyer's thread; `text` is None when nothing was written or it is no longer kept.

    `direction` is "in" or "out"; what went out has the `outcome` that its contact had.
    """

    at: datetime
    direction: str
    channel: Channel
    text: str | None
    intent: Intent | None
    button: str | None
    soft: bool
    by: str | None
    outcome: Outcome | None


@dataclass(frozen=True)
class BestToday:
    """The chance that a call is answered in each hour of the buyer's clock today, and the hours of it in
    which any may be made; `contacts` is how many it rests on."""

    chances: tuple[float, ...]
    open_hours: frozenset[int]
    hour: int
    contacts: int

    @property
    def best(self) -> int | None:
        """The hour from now on in which a call is answered best; None when none is left today."""
        left = (hour for hour in sorted(self.open_hours) if hour >= self.hour)
        return max(left, key=lambda hour: self.chances[hour], default=None)


@dataclass(frozen=True)
class ShownCase:
    """A claimed agent call.

    `why` says why it came up, `promised_at` when the call was promised for, `gives_back_at` when a case that
    is only looked at leaves the desk. `phone` is E.164, and only there once the holder has begun the call
    from an own phone; with `click_to_call` a provider connects the two, and `call` tells how far it has come.
    `permitted_now` says whether hours, caps and the buyer's wishes allow the call at this moment; `slots` are
    times that may be promised, in the buyer's `zone`. `chance` is that of a decision by this call as it was
    planned, `today` when this buyer answers calls today.
    """

    step_id: UUID
    token: int
    holder_name: str
    is_mine: bool
    claimed_at: datetime
    lease_until: datetime
    gives_back_at: datetime | None
    why: Reason
    priority: int
    promised_at: datetime | None
    deadline: datetime
    called_at: datetime | None
    attempt_id: UUID | None
    phone: str | None
    phone_masked: str | None
    other_phones: int
    country: str
    zone: str
    store_name: str
    seller_name: str
    permitted_now: bool
    buyer: ShownBuyer
    orders: tuple[CaseOrder, ...]
    contacts: tuple[PastContact, ...]
    thread: tuple[Said, ...]
    slots: tuple[datetime, ...]
    click_to_call: bool = False
    call: ShownCall | None = None
    chance: float | None = None
    chosen: Choice | None = None
    today: BestToday | None = None


@dataclass(frozen=True)
class DueCall:
    """A promised call; `mine` when this agent promised it, `step_id` while a call about it is planned."""

    order_id: UUID
    step_id: UUID | None
    number: str
    buyer_name: str | None
    at: datetime
    mine: bool
    is_due: bool


@dataclass(frozen=True)
class HeldCase:
    """A case in this agent's hands that was called and has no outcome; the number is its oldest order's."""

    step_id: UUID
    number: str
    buyer_name: str | None
    called_at: datetime


@dataclass(frozen=True)
class Rail:
    """What waits for this agent; `waiting` counts no further than MOST_COUNTED."""

    promises: tuple[DueCall, ...]
    needs_outcome: tuple[HeldCase, ...]
    waiting: int


@dataclass(frozen=True)
class Today:
    """An agent's own numbers: orders called about, those whose buyer was reached, confirmed; promises."""

    attempted: int
    reached: int
    confirmed: int
    promises_kept: int
    promises_broken: int


@dataclass(frozen=True)
class FoundOrder:
    """An order that a search found."""

    order_id: UUID
    number: str
    store_name: str
    placed_at: datetime
    buyer_name: str | None
    phone_masked: str | None
    state: OrderState
    city: str | None
