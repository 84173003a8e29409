"""What every channel does, whichever provider is behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from models.vocabulary import AttemptState, Channel, DecisionReason, Outcome

PAGE = "page"
"""The source of what comes in over the buyer's own page, whichever message led there."""


@dataclass(frozen=True)
class ContactOrder:
    """What the buyer is asked about: shown in the message or read out."""

    order_id: UUID
    number: str
    total: str
    currency: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Contact:
    """One contact to make. `reference` is ours, unique, and known before anything is sent.

    `attempt_number` counts the contacts about these orders on this channel, from 1: a reminder reads
    otherwise than a first message. `phone` is E.164; `zone` an IANA name; `at` and `valid_until` aware UTC: a
    provider that queues must not deliver later than `valid_until`. `link` is the address of the buyer's page,
    for a message to carry; whoever holds it can answer, so it belongs in no log.
    """

    reference: str
    channel: Channel
    phone: str
    language: str
    country: str
    zone: str
    store_name: str
    orders: tuple[ContactOrder, ...]
    attempt_number: int
    at: datetime
    valid_until: datetime
    link: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Sent:
    """The provider's word that it took the contact; `cost` in US dollars, as far as known yet."""

    provider_id: str
    state: AttemptState = AttemptState.sent
    cost: Decimal = Decimal(0)
    sender: str | None = None


class Meaning(StrEnum):
    """What a provider's refusal means for what happens next."""

    no_such_channel = "no_such_channel"
    opted_out = "opted_out"
    retry_later = "retry_later"
    our_fault = "our_fault"


class Refused(Exception):
    """The provider said no, for certain; `code` is its own, `meaning` ours."""

    def __init__(self, code: str, meaning: Meaning) -> None:
        super().__init__(code)
        self.code = code
        self.meaning = meaning


class Uncertain(Exception):
    """No answer came: the contact may or may not have been made. Look it up, never blindly repeat."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ContactChannel(Protocol):
    """A way to reach buyers through one provider."""

    @property
    def provider(self) -> str:
        """The provider's name, stored with each attempt and in the source of each event."""
        ...

    def send(self, contact: Contact) -> Sent:
        """Make the contact; raises `Refused` or `Uncertain`."""
        ...

    def find(self, reference: str, *, at: datetime) -> Sent | None:
        """What became of a send whose answer was lost; None when the provider never took it.

        Raises `Uncertain` when the provider cannot say.
        """
        ...


Channels = Mapping[Channel, ContactChannel]


class EventKind(StrEnum):
    """Whether an event tells how a contact travelled, or what the buyer said."""

    transport = "transport"
    reply = "reply"


@dataclass(frozen=True)
class ContactEvent:
    """Something that came back, in our words. (`source`, `external_id`) is unique for ever.

    Found by `reference` or `provider_id`; `button` is the id of what was tapped or pressed (confirm, cancel,
    later, agent); `code` is the provider's own, `meaning` what a failure means for what happens next.

    A form of the buyer's page says more: which of the orders it is about (`order_ids`, None: all that were
    asked about), why one is cancelled, when to call back (aware UTC), and the address as it should read, line
    by line (a line left out stays).
    """

    source: str
    external_id: str
    kind: EventKind
    at: datetime
    raw: str
    reference: str | None = None
    provider_id: str | None = None
    state: AttemptState | None = None
    outcome: Outcome | None = None
    text: str | None = None
    button: str | None = None
    code: str | None = None
    meaning: Meaning | None = None
    order_ids: frozenset[UUID] | None = None
    reason: DecisionReason | None = None
    call_back_at: datetime | None = None
    address: Mapping[str, str | None] | None = None
