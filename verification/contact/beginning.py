"""Writing down that contacts are about to be made, before they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from channels.protocol import Contact, From, Meaning, Refused
from models.attempts import Attempt
from models.base import new_id
from models.messages import Message
from models.pages import PageLink
from models.steps import Step
from models.vocabulary import AttemptState, Channel
from verification import diary
from verification.contact.claiming import Claim
from verification.contact.describing import Ground, contact_of, ground_of
from verification.contact.windows import open_windows
from verification.hours.regime import local_hour_of_week, regime_at
from verification.pages.linking import make_link
from verification.planning.facts import Known, known_of
from verification.planning.permission import Touch, counted, permit
from verification.planning.plan import ASKED
from verification.planning.scheduling import lock_buyers
from verification.policy.values import Policy
from verification.promises import keep
from verification.steps.transitions import Stale, hold_many
from verification.templates.composing import NoTemplate, compose
from verification.voice.languages import has_voice

__all__ = ["Begun", "Road", "begin", "begin_all", "contact_of"]

PageAt = Callable[[str], str]
_UNKNOWN = Known()


@dataclass(frozen=True)
class Road:
    """How a channel's contacts go out: the provider's name, and whether it needs a sender and wording."""

    provider: str
    needs_sender: bool = False


@dataclass(frozen=True)
class Begun:
    """A contact written down as `sending`. One with a `refusal` is not made: no road of ours leads there."""

    attempt_id: UUID
    contact: Contact
    refusal: Refused | None = None


def begin(
    session: Session, claim: Claim, *, provider: str, now: datetime, page_at: PageAt | None = None
) -> tuple[UUID, Contact]:
    """Record one attempt, by somebody who needs no sender; its id and the contact to make.

    Commit before the contact is made. Raises `Stale` when `begin_all` would leave it out.
    """
    begun = begin_all(session, [claim], {claim.channel: Road(provider)}, now=now, page_at=page_at)
    if claim.step_id not in begun:
        raise Stale
    return begun[claim.step_id].attempt_id, begun[claim.step_id].contact


def begin_all(
    session: Session,
    claims: Sequence[Claim],
    roads: Mapping[Channel, Road],
    *,
    now: datetime,
    page_at: PageAt | None = None,
) -> dict[UUID, Begun]:
    """Record the attempts as `sending`, each under our own reference; the contacts to make, by step.

    `page_at` gives the address of the buyer's page for a token; with it, a message gets a link of its own.

    Commit before the provider is called. Left out are steps that are no longer held, and those for which
    since the claim the lease ran out, the hours ended, a cap filled up or the buyer asked for silence: they
    come back with their lease and are judged anew.
    """
    lock_buyers(session, {claim.buyer_id for claim in claims})
    steps = hold_many(session, {claim.step_id: claim.token for claim in claims if now < claim.expires_at})
    ground = ground_of(session, list(steps.values()), locking_phones=True)
    allowed = _allowed(session, claims, steps, ground, now)
    windows = open_windows(session, [claim for claim, _ in allowed if roads[claim.channel].needs_sender], now)
    begun: dict[UUID, Begun] = {}
    attempts: list[Attempt] = []
    following: list[Message | PageLink] = []
    for claim, step in allowed:
        road, link = roads[claim.channel], None
        attempt = _attempt(step, ground, claim, road.provider, now)
        if page_at is not None and step.channel.is_message:
            token, row = make_link(attempt, ground.orders[step.id], step.purpose, ground.policy(step), now)
            link = page_at(token)
            following.append(row)
        sender = From(claim.sender.address, claim.sender.trunk) if claim.sender else None
        contact = ground.describe(step, attempt, at=now, link=link, sender=sender)
        refusal = None
        if road.needs_sender:
            contact, refusal = _with_words(session, claim, contact, step, ground, step.id in windows)
        attempt.template_id = _template_of(contact)
        begun[step.id] = Begun(attempt.id, contact, refusal)
        attempts.append(attempt)
        following.append(_message(step, attempt, now))
    session.add_all(attempts)
    session.flush()
    session.add_all(following)
    _note(session, allowed, begun, ground, now)
    session.flush()
    return begun


def _allowed(
    session: Session, claims: Sequence[Claim], steps: Mapping[UUID, Step], ground: Ground, now: datetime
) -> list[tuple[Claim, Step]]:
    """The claims whose contacts may be made at this instant, with their steps."""
    known = dict(known_of(session, ground.points, now))
    allowed = []
    for claim in claims:
        step = steps.get(claim.step_id)
        phone = known.get(step.contact_point_id, _UNKNOWN) if step else _UNKNOWN
        if step is not None and _permitted(step, ground, phone, now):
            # Of two buyers who share a phone, the second finds it touched.
            rings = timedelta(minutes=_wait_minutes(step.channel, ground.policy(step)))
            open_until = now + rings if step.channel.is_call else None
            touches = (*phone.touches, Touch(step.channel, now, open_until))
            known[step.contact_point_id] = replace(phone, touches=touches)
            allowed.append((claim, step))
    return allowed


def _permitted(step: Step, ground: Ground, phone: Known, now: datetime) -> bool:
    """Whether the contact may be made at this instant."""
    if step.channel in phone.opted_out:
        return False
    touches = counted(phone.touches, owed=step.priority <= ASKED)
    where, policy = ground.where(step), ground.policy(step)
    until = min(order.decide_by for order in ground.orders[step.id])
    allowed = permit(step.channel, touches, policy, where, now, calendar=ground.calendar, until=until)
    return allowed.at == now


def _attempt(step: Step, ground: Ground, claim: Claim, provider: str, now: datetime) -> Attempt:
    zone = ground.where(step).zone
    return Attempt(
        id=new_id(),
        step_id=step.id,
        buyer_id=step.buyer_id,
        store_id=step.store_id,
        contact_point_id=step.contact_point_id,
        channel=step.channel,
        reference=f"tk-{step.id.hex}",
        holder=claim.holder,
        provider=provider,
        sender_id=claim.sender.id if claim.sender else None,
        sender=claim.sender.address if claim.sender else None,
        state=AttemptState.sending,
        attempt_number=step.attempt_number,
        order_age_seconds=max(0, int((now - ground.orders[step.id][0].created_at).total_seconds())),
        local_hour_of_week=local_hour_of_week(now, zone),
        regime=regime_at(now, zone, step.country, ground.calendar),
        chosen=step.chosen,
        propensity=step.propensity,
        chance=step.chance,
        model_version=step.model_version,
        started_at=now,
        answer_until=now + timedelta(minutes=_wait_minutes(step.channel, ground.policy(step))),
        state_at=now,
    )


def _template_of(contact: Contact) -> UUID | None:
    """The template that a message goes out as; free text is none, though it may have the words of one."""
    said = contact.wording
    is_free = contact.channel is Channel.whatsapp and said is not None and said.content_id is None
    return said.template_id if said is not None and not is_free else None


def _wait_minutes(channel: Channel, policy: Policy) -> int:
    if channel is Channel.agent_call:
        return policy.outcome_wait_minutes
    return policy.call_result_minutes if channel.is_call else policy.answer_wait_minutes


def _with_words(
    session: Session, claim: Claim, contact: Contact, step: Step, ground: Ground, window_open: bool
) -> tuple[Contact, Refused | None]:
    """The contact with what it says; or why no road of ours leads there."""
    seller_id = ground.stores[step.store_id].seller_id
    if claim.sender is None:
        return contact, Refused(claim.road or "no_sender", Meaning.no_road)
    if not claim.channel.is_message:
        spoken = claim.channel is not Channel.ivr or has_voice(session, seller_id, contact.language)
        return contact, None if spoken else Refused("no_voice", Meaning.no_road)
    said = compose(
        session,
        channel=claim.channel,
        seller_id=seller_id,
        store_name=contact.store_name,
        orders=contact.orders,
        language=contact.language,
        country=contact.country,
        attempt_number=contact.attempt_number,
        link=contact.link,
        reference=contact.reference,
        window_open=window_open,
        policy=ground.policy(step),
    )
    if isinstance(said, NoTemplate):
        return contact, Refused(said.code, Meaning.no_road)
    return replace(contact, wording=said), None


def _message(step: Step, attempt: Attempt, now: datetime) -> Message:
    """The contact in the buyer's thread."""
    return Message(
        buyer_id=step.buyer_id,
        store_id=step.store_id,
        contact_point_id=step.contact_point_id,
        attempt_id=attempt.id,
        direction="out",
        channel=step.channel,
        sender=attempt.sender,
        said_at=now,
    )


def _note(
    session: Session,
    allowed: Sequence[tuple[Claim, Step]],
    begun: Mapping[UUID, Begun],
    ground: Ground,
    now: datetime,
) -> None:
    """What has begun, in the diaries of the orders; a call that was promised is being made."""
    lines = []
    for claim, step in allowed:
        params = {"channel": step.channel.value, "attempt_id": str(begun[step.id].attempt_id)}
        lines += [(order.id, claim.actor, params) for order in ground.orders[step.id]]
    diary.write_many(session, lines, at=now, kind="contact", code="contact_begun")
    for claim, step in allowed:
        if step.channel is Channel.agent_call:
            order_ids = [order.id for order in ground.orders[step.id]]
            grace = ground.policy(step).promise_grace_minutes
            keep(session, order_ids, actor=claim.actor, grace_minutes=grace, now=now)
