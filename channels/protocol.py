"""What every channel does, whichever provider is behind it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from models.vocabulary import AttemptState, CallParty, Channel, DecisionReason, LegState, Outcome

PAGE = "page"
"""The source of what comes in over the buyer's own page, whichever message led there."""

TRIAL = "try-"
"""How the reference of a test contact begins, which is about no order: what comes back from it is no news."""


def is_trial(reference: str | None) -> bool:
    """Whether a reference is that of a test contact."""
    return reference is not None and reference.startswith(TRIAL)


@dataclass(frozen=True)
class ContactOrder:
    """What the buyer is asked about: shown in the message or read out."""

    order_id: UUID
    number: str
    total: str
    currency: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class From:
    """Who we are in one contact: our address at the provider, and the BYOC trunk that a call leaves by."""

    address: str
    trunk: str | None = None


@dataclass(frozen=True)
class Button:
    """A reply that a message offers: what comes back when it is tapped, and what is written on it."""

    id: str
    title: str


@dataclass(frozen=True)
class Wording:
    """What a message says. `text` is the whole of it in the buyer's language.

    With `content_id` it goes out as the provider's approved template, filled with `variables`; without, as
    free text, which WhatsApp takes only for a day after the buyer wrote. `template_id` is ours.
    """

    text: str = field(repr=False)
    buttons: tuple[Button, ...] = ()
    content_id: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    template_id: UUID | None = None


@dataclass(frozen=True)
class Contact:
    """One contact to make. `reference` is ours, unique, and known before anything is sent.

    `attempt_number` counts the contacts about these orders on this channel, from 1: a reminder reads
    otherwise than a first message. `phone` is E.164; `zone` an IANA name; `at` and `valid_until` aware UTC: a
    provider that queues must not deliver later than `valid_until`. `link` is the address of the buyer's page,
    for a message to carry; whoever holds it can answer, so it belongs in no log. `sender` and `wording` are
    there for providers that need them. An agent's call rings `agent_phone` (E.164) first and then connects
    the buyer, who is asked for consent to a recording where `may_record`.
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
    sender: From | None = None
    wording: Wording | None = None
    agent_phone: str | None = field(default=None, repr=False)
    may_record: bool = False
    ring_seconds: int = 25


@dataclass(frozen=True)
class Sent:
    """The provider's word that it took the contact; `cost` in US dollars, as far as known yet."""

    provider_id: str
    state: AttemptState = AttemptState.sent
    cost: Decimal = Decimal(0)
    sender: str | None = None
    cost_is_final: bool = True


class Meaning(StrEnum):
    """What a provider's refusal means for what happens next."""

    no_such_channel = "no_such_channel"
    """The phone has not got the channel: it is left out for this phone."""
    no_such_number = "no_such_number"
    """There is no such phone: no machine tries it again, and an agent finds the right one."""
    opted_out = "opted_out"
    """The owner asked for silence on the channel."""
    switched_off = "switched_off"
    """The handset is off or out of reach: once more later, then the next channel."""
    undeliverable = "undeliverable"
    """It did not arrive, and nobody says why: the next channel."""
    retry_later = "retry_later"
    """Not taken, for now: the same contact again later, which uses nothing up."""
    slow_down = "slow_down"
    """Too much from this sender: it rests, and the contact is made again later."""
    provider_down = "provider_down"
    """The provider itself does not work: everything waits for it."""
    window_closed = "window_closed"
    """Free text outside the day after the buyer wrote: at once again as a template.

    Said of a template it means nothing that we know: the operator is told, and the next channel tried.
    """
    filtered = "filtered"
    """A carrier took it for spam: the operator is told, and the next channel tried."""
    sender_refused = "sender_refused"
    """This sender may not reach there: the operator is told, and another sender tried."""
    no_road = "no_road"
    """No sender, template or voice of ours fits: the operator is told, and the next channel tried."""
    our_fault = "our_fault"
    """Our settings or contents are wrong: the operator is told, and the next channel tried."""

    @property
    def was_made(self) -> bool:
        """Whether the contact counts as made, so that what it uses up is used up."""
        return self not in _NOT_MADE


_NOT_MADE = frozenset(
    {
        Meaning.retry_later,
        Meaning.slow_down,
        Meaning.provider_down,
        Meaning.window_closed,
        Meaning.sender_refused,
    }
)


class Refused(Exception):
    """The provider said no, for certain; `code` is its own, `meaning` ours, `after` when to come again.

    Codes that no table has are not `is_known`; `alarm` is what the operator has to mend, where the code says
    that more closely than its meaning.
    """

    def __init__(
        self,
        code: str,
        meaning: Meaning,
        after: timedelta | None = None,
        *,
        is_known: bool = True,
        alarm: str | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.meaning = meaning
        self.after = after
        self.is_known = is_known
        self.alarm = alarm


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

    @property
    def needs_sender(self) -> bool:
        """Whether contacts must name their sender and wording; the sandbox's need neither."""
        ...

    def send(self, contact: Contact) -> Sent:
        """Make the contact, once for each reference; raises `Refused` or `Uncertain`."""
        ...

    def find(self, contact: Contact, *, known: Collection[str]) -> Sent | None:
        """What became of a send whose answer was lost; None when the provider never took it.

        `known` are the provider's ids of contacts that are not the one looked for. Raises `Uncertain` when
        the provider cannot say.
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
    later, agent); `code` is the provider's own, `meaning` what a failure means for what happens next, `alarm`
    what the operator has to mend, as in `Refused`.

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
    alarm: str | None = None
    order_ids: frozenset[UUID] | None = None
    reason: DecisionReason | None = None
    call_back_at: datetime | None = None
    address: Mapping[str, str | None] | None = None


@dataclass(frozen=True)
class Arrival:
    """Something that a buyer began, or said without our knowing to what: a message or a call to us.

    (`source`, `external_id`) is unique for ever. `phone` is theirs (E.164), `sender` our address that it came
    to, `provider_id` its own id. `reference` is that of the contact it answers, or `answers` the provider's
    id of what it answers, where it says so. `media` are the kinds of files sent (never their addresses),
    `location` latitude and longitude; `wish` is `stop` or `start` where the provider understood that.
    """

    source: str
    external_id: str
    channel: Channel
    at: datetime
    raw: str = field(repr=False)
    phone: str = field(repr=False)
    sender: str
    provider_id: str
    reference: str | None = None
    answers: str | None = None
    text: str | None = field(default=None, repr=False)
    button: str | None = None
    media: tuple[str, ...] = ()
    location: tuple[float, float] | None = field(default=None, repr=False)
    wish: str | None = None


@dataclass(frozen=True)
class LegReport:
    """News of one phone that rings for a contact; `cost` in US dollars, `talk_seconds` at its end."""

    provider: str
    provider_id: str
    party: CallParty
    state: LegState
    at: datetime
    reference: str | None = None
    answered_by: str | None = None
    code: str | None = None
    talk_seconds: int | None = None
    cost: Decimal | None = None
