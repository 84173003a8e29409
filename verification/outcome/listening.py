"""What a buyer said: a button, a key or words, read and applied to every order that was asked about."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from channels.protocol import ContactEvent
from models.attempts import Attempt
from models.base import new_id
from models.buyers import BuyerSign
from models.messages import Message, MessageBody
from models.sellers import Store
from models.vocabulary import AttemptState, Channel, DataClass, Intent, Outcome, SignOfLife, Via
from verification.decision.ruling import Heard
from verification.outcome.hearing import Hearing, apply
from verification.planning.scheduling import plan_case
from verification.policy.stored import policy_for
from verification.reachability import note_reached, opt_out
from verification.replies.reading import Reading, read_reply
from verification.steps.covering import orders_of
from verification.steps.transitions import advance, conclude

_BUTTONS = {
    "confirm": Intent.confirm,
    "cancel": Intent.cancel,
    "later": Intent.later,
    "change": Intent.change,
    "question": Intent.question,
    "agent": Intent.agent,
    "stop": Intent.stop,
    "wrong_number": Intent.wrong_number,
}
_DIGITS_HOLD = timedelta(hours=24)


def read(event: ContactEvent, asked_at: datetime) -> Reading:
    """What the buyer meant: a known button beats words; digits count for a day after they were offered."""
    if event.button is not None:
        return Reading(_BUTTONS.get(event.button, Intent.unclear))
    return read_reply(event.text or "", digits_offered=event.at - asked_at < _DIGITS_HOLD)


def listen(session: Session, event: ContactEvent, attempt: Attempt, *, now: datetime) -> None:
    """Record what was said, apply it to each order the contact was about, and plan what remains open."""
    reading = read(event, attempt.started_at)
    channel = Channel.page if attempt.channel is Channel.sms else attempt.channel
    message = Message(
        id=new_id(),
        buyer_id=attempt.buyer_id,
        store_id=attempt.store_id,
        contact_point_id=attempt.contact_point_id,
        attempt_id=attempt.id,
        direction="in",
        channel=channel,
        button=event.button,
        intent=reading.intent,
        soft=reading.soft,
        said_at=event.at,
    )
    session.add(message)
    session.flush()
    orders = orders_of(session, attempt.step_id)
    if event.text:
        store = session.get_one(Store, attempt.store_id)
        days = policy_for(session, store, orders[0].country).retention_days[DataClass.message_body]
        session.add(
            MessageBody(
                message_id=message.id,
                body=event.text.replace("\0", ""),
                expires_at=now + timedelta(days=days),
            )
        )
    _note_contact(session, attempt, channel, reading, event.at, now)
    hearing = Hearing(
        heard=_heard(reading),
        via=Via(channel.value),
        actor="buyer",
        proof=_proof(event, attempt, message),
        reason=reading.reason,
    )
    for order in orders:
        order.last_outcome = attempt.outcome
        apply(session, order, hearing, attempt, now=now)
    session.flush()
    plan_case(session, attempt.buyer_id, attempt.store_id, now=now)


def _note_contact(
    session: Session, attempt: Attempt, channel: Channel, reading: Reading, at: datetime, now: datetime
) -> None:
    outcome = {Intent.stop: Outcome.opted_out, Intent.wrong_number: Outcome.wrong_number}.get(
        reading.intent, Outcome.replied
    )
    advance(attempt, AttemptState.closed, at)
    conclude(attempt, outcome, at)
    if outcome is Outcome.replied:
        note_reached(session, attempt, now)
    elif outcome is Outcome.opted_out:
        opt_out(session, attempt, now)
    if channel is Channel.page:
        session.add(BuyerSign(buyer_id=attempt.buyer_id, kind=SignOfLife.page_used, seen_at=at))


def _heard(reading: Reading) -> Heard:
    if reading.intent is Intent.confirm and reading.soft:
        return Heard.soft_confirm
    return Heard(reading.intent.value)


def _proof(event: ContactEvent, attempt: Attempt, message: Message) -> dict[str, str]:
    kind = "words" if event.button is None else "key" if attempt.channel.is_call else "button"
    proof = {"kind": kind, "message_id": str(message.id), "attempt_id": str(attempt.id)}
    if event.button is not None:
        proof["button"] = event.button
    return {**proof, "at": event.at.isoformat()}
