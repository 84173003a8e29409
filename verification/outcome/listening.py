"""What a buyer said: a button, a key or words, read and applied to every order that was asked about."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from channels.protocol import PAGE, ContactEvent
from models.attempts import Attempt
from models.base import new_id
from models.buyers import BuyerSign
from models.messages import Message
from models.orders import Order
from models.vocabulary import AttemptState, Channel, EventType, Intent, Outcome, SignOfLife, Via
from verification.decision.ruling import Heard, Move
from verification.outcome.addressing import correct_address
from verification.outcome.hearing import Hearing, apply
from verification.outcome.saying import write_message
from verification.pages.pins import with_pin, without_pin
from verification.planning.scheduling import plan_case
from verification.reachability import note_reached, opt_out
from verification.replies.reading import Reading, read_reply
from verification.steps.covering import orders_of
from verification.steps.transitions import advance, conclude
from verification.telling.events import tell

_BUTTONS = {
    "confirm": Intent.confirm,
    "cancel": Intent.cancel,
    "later": Intent.later,
    "change": Intent.change,
    "address": Intent.change,
    "question": Intent.question,
    "agent": Intent.agent,
    "stop": Intent.stop,
    "wrong_number": Intent.wrong_number,
}
_DIGITS_HOLD = timedelta(hours=24)


def read(event: ContactEvent, asked_at: datetime) -> Reading:
    """What the buyer meant: a known button beats words; digits count for a day after they were offered."""
    if event.button is not None:
        return Reading(_BUTTONS.get(event.button, Intent.unclear), reason=event.reason)
    return read_reply(event.text or "", digits_offered=event.at - asked_at < _DIGITS_HOLD)


def listen(
    session: Session,
    event: ContactEvent,
    attempt: Attempt,
    *,
    now: datetime,
    said: Message | None = None,
    pin: str | None = None,
) -> None:
    """Record what was said, apply it to each order the contact was about, and plan what remains open.

    With `said` it is recorded already: that message's channel and intent count, and are the proof. `pin` is a
    place on the map, which goes to the address of each order.
    """
    orders = orders_of(session, attempt.step_id)
    reading = read(event, attempt.started_at)
    if said is None:
        said = _message(event, attempt, reading)
        write_message(session, said, event.text, orders[0].country)
    elif said.intent is not reading.intent:
        reading = Reading(said.intent or Intent.unclear, said.soft)
    said.attempt_id, said.store_id = said.attempt_id or attempt.id, said.store_id or attempt.store_id
    channel = said.channel
    _note_contact(session, event, attempt, channel, reading, now)
    hearing = Hearing(
        heard=_heard(reading),
        via=Via(channel.value),
        actor="buyer",
        proof=_proof(event, attempt, said),
        reason=reading.reason,
        call_back_at=event.call_back_at,
        # The page shows an order as it stands when it is answered; a message shows what it was when sent.
        asked_at=event.at if event.source == PAGE else attempt.started_at,
    )
    for order in orders:
        # An order that was corrected to somebody else's phone is no longer this buyer's to decide.
        is_theirs = order.buyer_id == attempt.buyer_id
        if is_theirs and (event.order_ids is None or order.id in event.order_ids):
            order.last_outcome = attempt.outcome
            _hear(session, order, hearing, _with_pin(event, order, pin), attempt, now)
    session.flush()
    plan_case(session, attempt.buyer_id, attempt.store_id, now=now)


def _message(event: ContactEvent, attempt: Attempt, reading: Reading) -> Message:
    by_page = event.source == PAGE or attempt.channel is Channel.sms
    return Message(
        id=new_id(),
        buyer_id=attempt.buyer_id,
        store_id=attempt.store_id,
        contact_point_id=attempt.contact_point_id,
        attempt_id=attempt.id,
        direction="in",
        channel=Channel.page if by_page else attempt.channel,
        button=event.button,
        intent=reading.intent,
        soft=reading.soft,
        said_at=event.at,
    )


def _with_pin(event: ContactEvent, order: Order, pin: str | None) -> ContactEvent:
    if pin is None or order.details is None:
        return event
    landmark, _ = without_pin(order.details.landmark)
    return replace(event, address={"landmark": with_pin(landmark, pin)})


def _hear(
    session: Session, order: Order, hearing: Hearing, event: ContactEvent, attempt: Attempt, now: datetime
) -> None:
    if event.address is None:
        apply(session, order, hearing, attempt, now=now)
        return
    lines = correct_address(session, order, event.address, now=now)
    following = Move.keep
    if hearing.heard is not Heard.change:
        changes = {"address": list(lines)} if lines else None
        following = apply(session, order, replace(hearing, changes=changes), attempt, now=now)
    if lines and following not in (Move.confirm, Move.reject):
        tell(session, order, EventType.order_changed, now=now)


def _note_contact(
    session: Session,
    event: ContactEvent,
    attempt: Attempt,
    channel: Channel,
    reading: Reading,
    now: datetime,
) -> None:
    at = event.at
    outcome = {Intent.stop: Outcome.opted_out, Intent.wrong_number: Outcome.wrong_number}.get(
        reading.intent, Outcome.replied
    )
    advance(attempt, AttemptState.closed, at)
    conclude(attempt, outcome, at)
    if outcome is Outcome.replied and channel in (attempt.channel, Channel.page):
        note_reached(session, attempt, now)
    elif outcome is Outcome.opted_out:
        opt_out(session, attempt, now, over=_asked_over(event, attempt, channel))
    if channel is Channel.page:
        session.add(BuyerSign(buyer_id=attempt.buyer_id, kind=SignOfLife.page_used, seen_at=at))


def _asked_over(event: ContactEvent, attempt: Attempt, channel: Channel) -> Channel:
    """Where the wish for silence was spoken; a page that no message of ours led to is the attempt's own."""
    return attempt.channel if channel is Channel.page and event.source != PAGE else channel


def _heard(reading: Reading) -> Heard:
    if reading.intent is Intent.confirm and reading.soft:
        return Heard.soft_confirm
    return Heard(reading.intent.value)


def _proof(event: ContactEvent, attempt: Attempt, message: Message) -> dict[str, str]:
    proof = {"kind": _kind(event, attempt), "message_id": str(message.id), "attempt_id": str(attempt.id)}
    if event.button is not None:
        proof["button"] = event.button
    return {**proof, "at": event.at.isoformat()}


def _kind(event: ContactEvent, attempt: Attempt) -> str:
    if event.button is None:
        return "words"
    if event.source == PAGE:
        return "page"
    return "key" if attempt.channel.is_call else "button"
