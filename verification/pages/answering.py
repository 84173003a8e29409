"""What the buyer chooses on the page, brought to the one entrance for answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from channels.protocol import PAGE, ContactEvent, EventKind
from models.attempts import Attempt
from models.pages import PageLink
from models.vocabulary import DecisionReason
from verification.decision.ruling import Standing
from verification.outcome.taking_in import take_in
from verification.pages.showing import Shown, ShownOrder, show
from verification.planning.scheduling import lock_buyer
from verification.refusals import NotFound


class Button(StrEnum):
    """What may be pressed; the first three are about one order, the others about the whole contact."""

    confirm = "confirm"
    cancel = "cancel"
    address = "address"
    later = "later"
    stop = "stop"
    wrong_number = "wrong_number"

    @property
    def is_about_order(self) -> bool:
        """Whether it needs to be said which order is meant."""
        return self in (Button.confirm, Button.cancel, Button.address)

    @property
    def is_about_delivery(self) -> bool:
        """Whether it comes too late once the parcel has left; silence may be asked for at any time."""
        return self.is_about_order or self is Button.later


@dataclass(frozen=True)
class Choice:
    """One submitted form; `form` is equal for the same form submitted again, `raw` what was sent.

    `seen` names the content that the page showed: a yes is to that and to nothing newer.
    """

    button: Button
    form: str
    raw: str
    order_id: UUID | None = None
    seen: str | None = None
    reason: DecisionReason | None = None
    call_back_at: datetime | None = None
    address: Mapping[str, str | None] | None = None


class Answered(StrEnum):
    """What became of a choice; only a taken one has changed anything."""

    taken = "taken"
    too_late = "too_late"
    slot_gone = "slot_gone"
    order_changed = "order_changed"


def answer(session: Session, link: PageLink, choice: Choice, *, now: datetime) -> Answered:
    """Take the choice in, once. Raises `NotFound` when the link or the order named is not the buyer's."""
    attempt = session.get_one(Attempt, link.attempt_id)
    lock_buyer(session, attempt.buyer_id)
    # What was read before the lock was ours may be otherwise by now.
    session.expire_all()
    shown = show(session, link, now)
    if shown is None:
        raise NotFound
    orders = _meant(shown, choice)
    if choice.button.is_about_delivery and all(order.is_final for order in orders):
        return Answered.too_late
    if choice.button is Button.confirm and any(order.content != choice.seen for order in orders):
        return Answered.order_changed
    if choice.button is Button.later and choice.call_back_at not in shown.slots:
        return Answered.slot_gone
    take_in(
        session,
        ContactEvent(
            source=PAGE,
            external_id=f"{attempt.reference}:{choice.form}",
            kind=EventKind.reply,
            at=now,
            raw=choice.raw,
            reference=attempt.reference,
            button=choice.button.value,
            order_ids=frozenset(order.id for order in orders),
            reason=choice.reason,
            call_back_at=choice.call_back_at,
            address=choice.address,
        ),
        now=now,
    )
    link.used_at = link.used_at or now
    return Answered.taken


def _meant(shown: Shown, choice: Choice) -> list[ShownOrder]:
    """The orders that the choice is about: a call is only asked for where nothing is decided yet."""
    if choice.button.is_about_order:
        meant = [order for order in shown.orders if order.id == choice.order_id]
    elif choice.button is Button.later:
        meant = [order for order in shown.orders if order.standing is Standing.open]
    else:
        meant = list(shown.orders)
    if not meant and choice.button is not Button.later:
        raise NotFound
    return meant
