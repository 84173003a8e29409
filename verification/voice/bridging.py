"""An agent's call through the provider: the agent's phone rings first, then the buyer is connected."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.protocol import From, LegReport
from models.attempts import Attempt
from models.calls import CallLeg
from models.sellers import Store
from models.senders import Sender
from models.steps import Step
from models.users import User
from models.vocabulary import Channel, StepState
from verification.contact.describing import contact_of
from verification.outcome.legs import write_leg
from verification.policy.stored import policy_for
from verification.voice.languages import clips_of, has_voice, spoken_form
from verification.voice.script import is_read_out


@dataclass(frozen=True)
class Bridge:
    """What connects an agent with a buyer.

    `is_open` ends with the case: when the agent no longer holds it, has recorded what came of it, or the
    hours are over. `phone` is the buyer's (E.164), `sender` ours, shown to both. The buyer may be asked to
    allow a recording where `may_record`, in `language`, with the recordings `clips`; the agent hears
    `agent_language`.
    """

    reference: str
    store_name: str
    phone: str = field(repr=False)
    sender: From | None
    ring_seconds: int
    most_seconds: int
    is_open: bool
    may_record: bool
    language: str
    clips: Mapping[str, UUID]
    agent_language: str


def bridge_of(session: Session, reference: str, *, now: datetime) -> Bridge | None:
    """The agent's call of that reference; None when there is none."""
    attempt = _attempt(session, reference)
    if attempt is None:
        return None
    step, store = session.get_one(Step, attempt.step_id), session.get_one(Store, attempt.store_id)
    contact, policy = contact_of(session, attempt), policy_for(session, store, step.country)
    sender = contact.sender
    if sender is not None and attempt.sender_id is not None:
        sender = replace(sender, trunk=session.get_one(Sender, attempt.sender_id).trunk)
    language = spoken_form(contact.language)
    is_held = step.state is StepState.claimed and step.lease_holder == attempt.holder
    return Bridge(
        reference=attempt.reference,
        store_name=contact.store_name,
        phone=contact.phone,
        sender=sender,
        ring_seconds=contact.ring_seconds,
        most_seconds=policy.outcome_wait_minutes * 60,
        is_open=is_held and attempt.outcome is None and now < contact.valid_until,
        may_record=contact.may_record and has_voice(session, store.seller_id, language),
        language=language,
        clips=clips_of(session, store.seller_id, language),
        agent_language=_agents_language(session, attempt.holder),
    )


def note_buyer_leg(
    session: Session, reference: str, report: LegReport, *, consented: bool = False
) -> CallLeg | None:
    """Write down what is told of the buyer's phone, and that the buyer allowed a recording; None without
    such a call."""
    attempt = _attempt(session, reference)
    if attempt is None:
        return None
    leg = write_leg(session, report, attempt)
    if consented and leg.consented_at is None:
        leg.consented_at = report.at
        session.flush()
    return leg


def note_recording(session: Session, provider: str, provider_id: str, recording_id: str) -> bool:
    """Write down the recording of a phone whose owner allowed it; False for any other."""
    leg = session.scalars(
        select(CallLeg)
        .where(
            CallLeg.provider == provider,
            CallLeg.provider_id == provider_id,
            CallLeg.consented_at.is_not(None),
        )
        .with_for_update()
    ).one_or_none()
    if leg is None:
        return False
    leg.recording_id = recording_id
    session.flush()
    return True


def _attempt(session: Session, reference: str) -> Attempt | None:
    return session.scalars(
        select(Attempt).where(
            Attempt.reference == reference.replace("\0", ""), Attempt.channel == Channel.agent_call
        )
    ).one_or_none()


def _agents_language(session: Session, holder: str) -> str:
    kind, _, named = holder.partition(":")
    user = session.get(User, UUID(named)) if kind == "agent" else None
    return user.language if user and is_read_out(user.language) else "en"
