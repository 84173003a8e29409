"""Giving contacts their senders: what is usable now, and slots taken under lock, so that no rate breaks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from channels.protocol import Meaning
from models.attempts import Attempt
from models.countries import SERVED
from models.messages import Message
from models.senders import Sender
from models.vocabulary import Channel, SenderKind
from verification.routing.buckets import slots, take
from verification.routing.health import Health, standing_at
from verification.routing.route import Candidate, Routed, route

WINDOW = timedelta(hours=24)
"""How long after a buyer wrote WhatsApp takes free text, and only to the sender that they wrote to."""

_REFUSED_FOR = timedelta(days=1)
_senders = Sender.__table__.c
_COLUMNS = (
    _senders.id,
    _senders.kind,
    _senders.address,
    _senders.seller_id,
    _senders.country,
    _senders.trunk,
    _senders.weight,
    _senders.standing,
    _senders.standing_at,
    _senders.per_second,
    _senders.next_slot_at,
    _senders.resting_until,
)
_TAKE = update(Sender.metadata.tables["senders"]).where(_senders.id == bindparam("sender_id"))


@dataclass(frozen=True)
class Wanted:
    """A contact that wants a sender; `step_id` only tells the answers apart."""

    step_id: UUID
    buyer_id: UUID | None
    contact_point_id: UUID | None
    seller_id: UUID | None
    country: str


@dataclass(frozen=True)
class Outlook:
    """What the senders of a kind can do at an instant.

    Contacts of the sellers `own`, who have senders of their own, wait where seller and country together are
    among `shut_pairs`; those of all others where the country is among `shut_countries`. The rest can be
    claimed: `room` of them with a sender, and any number that no sender is there for.
    """

    own: tuple[UUID, ...]
    shut_pairs: tuple[str, ...]
    shut_countries: tuple[str, ...]
    room: int
    is_shut: bool
    """Whether nothing at all can be claimed: some sender serves everybody, and none may be used now."""

    @property
    def is_open(self) -> bool:
        """Whether everything can be claimed."""
        return not self.shut_pairs and not self.shut_countries

    @property
    def shut(self) -> dict[str, list[Any]]:
        """What cannot be claimed, as values of a statement."""
        return {
            "own": list(self.own),
            "shut_pairs": list(self.shut_pairs),
            "shut_countries": list(self.shut_countries),
        }


def outlook(session: Session, kind: SenderKind, now: datetime) -> Outlook:
    """What the senders of a kind could do at this instant; nothing is locked or taken."""
    there = [each for each in candidates(session, kind, now) if each.share]
    usable = [each for each in there if each.usable_at(now) == now]
    room = {each.address: slots(each.next_slot_at, each.per_second, now) for each in usable}
    scopes, free = ({(each.seller_id, each.country) for each in some} for some in (there, usable))

    def waits(seller_id: UUID | None, country: str) -> bool:
        fitting = {(one, where) for one in (seller_id, None) for where in (country, None)}
        return not scopes.isdisjoint(fitting) and free.isdisjoint(fitting)

    own = tuple({seller_id for seller_id, _ in scopes if seller_id is not None})
    return Outlook(
        own,
        tuple(
            f"{seller_id}{country}" for seller_id in own for country in SERVED if waits(seller_id, country)
        ),
        tuple(country for country in SERVED if waits(None, country)),
        sum(room.values()),
        is_shut=not usable and (None, None) in scopes,
    )


def candidates(session: Session, kind: SenderKind | None, now: datetime) -> list[Candidate]:
    """All senders of a kind, or of every kind, as routing sees them."""
    asked = select(*_COLUMNS).where(_senders.removed_at.is_(None)).order_by(_senders.id)
    if kind is not None:
        asked = asked.where(_senders.kind == kind)
    return [_candidate(row, now) for row in session.execute(asked)]


def take_senders(
    session: Session, channel: Channel, wanted: Sequence[Wanted], *, now: datetime
) -> Mapping[UUID, Routed]:
    """A sender for each contact with one slot of its rate taken, by step id.

    The senders stay locked until the transaction ends, in the order of their ids, so that workers who take
    at once wait for each other and never exceed a rate. Senders of one address share its slots.
    """
    if not wanted:
        return {}
    kind = SenderKind.of(channel)
    known = {each.id: each for each in _locked(session, kind, wanted, now)}
    preferred = _written_to(session, wanted, known.values(), now) if kind is SenderKind.whatsapp else {}
    refused = _refused(session, wanted, now)
    found: dict[UUID, Routed] = {}
    taken: set[str] = set()
    for each in wanted:
        routed = route(
            tuple(known.values()),
            kind=kind,
            seller_id=each.seller_id,
            country=each.country,
            key=str(each.contact_point_id or each.step_id),
            now=now,
            prefer=preferred.get(each.contact_point_id),
            avoid=refused.get(each.contact_point_id, frozenset()),
        )
        found[each.step_id] = routed
        if routed.sender is not None:
            slot, address = (
                take(routed.sender.next_slot_at, routed.sender.per_second, now),
                routed.sender.address,
            )
            taken.add(address)
            known |= {
                one.id: replace(one, next_slot_at=slot) for one in known.values() if one.address == address
            }
    used = [
        {"sender_id": one.id, "next_slot_at": one.next_slot_at}
        for one in known.values()
        if one.address in taken
    ]
    if used:
        session.execute(_TAKE.values(next_slot_at=bindparam("next_slot_at")), used)
    return found


def take_sender(
    session: Session,
    channel: Channel,
    *,
    seller_id: UUID | None,
    country: str,
    contact_point_id: UUID | None,
    step_id: UUID,
    now: datetime,
) -> Routed:
    """A sender for one contact with a slot taken, as `take_senders`."""
    one = Wanted(step_id, None, contact_point_id, seller_id, country)
    return take_senders(session, channel, [one], now=now)[step_id]


def _locked(
    session: Session, kind: SenderKind, wanted: Sequence[Wanted], now: datetime
) -> Iterable[Candidate]:
    sellers, countries = {each.seller_id for each in wanted}, {each.country for each in wanted}
    is_there: tuple[ColumnElement[bool], ...] = (_senders.kind == kind, _senders.removed_at.is_(None))
    serving = select(_senders.address).where(
        *is_there,
        or_(_senders.seller_id.is_(None), _senders.seller_id.in_(sellers - {None})),
        or_(_senders.country.is_(None), _senders.country.in_(countries)),
    )
    asked = (
        select(*_COLUMNS)
        .where(*is_there, _senders.address.in_(serving))
        .order_by(_senders.id)
        .with_for_update(key_share=True)
    )
    return [_candidate(row, now) for row in session.execute(asked)]


def _written_to(
    session: Session, wanted: Sequence[Wanted], known: Iterable[Candidate], now: datetime
) -> Mapping[UUID | None, UUID]:
    """By phone, the sender that its owner wrote to last, while the window is open."""
    # An answer came to whichever of our addresses asked.
    sender = func.coalesce(Message.sender, Attempt.sender)
    asked = (
        select(Message.contact_point_id, sender)
        .outerjoin(Attempt, Attempt.id == Message.attempt_id)
        .where(
            Message.buyer_id.in_({each.buyer_id for each in wanted} - {None}),
            Message.channel == Channel.whatsapp,
            Message.direction == "in",
            Message.said_at > now - WINDOW,
        )
        .order_by(Message.said_at)
    )
    by_address = {each.address: each.id for each in known}
    return {
        point_id: by_address[address] for point_id, address in session.execute(asked) if address in by_address
    }


def _refused(
    session: Session, wanted: Sequence[Wanted], now: datetime
) -> Mapping[UUID | None, frozenset[UUID]]:
    """By phone, the senders that may not reach it, as far as the last day told."""
    asked = select(Attempt.contact_point_id, Attempt.sender_id).where(
        Attempt.contact_point_id.in_({each.contact_point_id for each in wanted} - {None}),
        Attempt.started_at > now - _REFUSED_FOR,
        Attempt.meaning == Meaning.sender_refused,
    )
    found: dict[UUID | None, frozenset[UUID]] = {}
    for point_id, sender_id in session.execute(asked):
        if sender_id is not None:
            found[point_id] = found.get(point_id, frozenset()) | {sender_id}
    return found


def _candidate(row: Row[*tuple[Any, ...]], now: datetime) -> Candidate:
    health = Health(row.standing, row.standing_at)
    return Candidate(
        id=row.id,
        kind=row.kind,
        address=row.address,
        seller_id=row.seller_id,
        country=row.country,
        trunk=row.trunk,
        weight=row.weight,
        standing=standing_at(health, now),
        per_second=row.per_second,
        next_slot_at=row.next_slot_at,
        resting_until=row.resting_until,
    )
