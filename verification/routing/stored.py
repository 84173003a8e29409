"""Senders as they are kept: added, changed and removed by operators."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.countries import SERVED
from models.sellers import Seller
from models.senders import Sender
from models.vocabulary import Channel, SenderKind
from verification import audit
from verification.alarms import end_alarm
from verification.routing.health import Health, standing_at
from verification.routing.learning import note_result, note_results
from verification.routing.outages import provider_out

__all__ = [
    "KnownSender",
    "SenderRefused",
    "add_sender",
    "list_senders",
    "note_result",
    "note_results",
    "provider_out",
    "remove_sender",
    "set_sender",
]

SLOWEST, FASTEST = Decimal("0.001"), Decimal(1000)
"""The fewest and the most contacts a second that a sender may be set to."""

_SERVED_BY: Mapping[SenderKind, tuple[Channel, ...]] = {
    SenderKind.whatsapp: (Channel.whatsapp,),
    SenderKind.sms: (Channel.sms,),
    SenderKind.voice: (Channel.ivr, Channel.agent_call),
}
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SERVICE, _TRUNK = re.compile(r"MG[0-9a-f]{32}"), re.compile(r"BY[0-9a-f]{32}")
# Up to eleven letters, digits and a few signs, at least one letter among them; or a short code.
_SENDER_ID = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &+_-]{1,11}|[0-9]{3,8}")
_ADDRESSES: Mapping[SenderKind, tuple[re.Pattern[str], ...]] = {
    SenderKind.whatsapp: (_E164, _SERVICE),
    SenderKind.sms: (_E164, _SENDER_ID, _SERVICE),
    SenderKind.voice: (_E164,),
}


class SenderRefused(Exception):
    """Why a sender cannot be kept as asked. `code`: `address_malformed`, `trunk_malformed`,
    `trunk_not_for_kind`, `unknown_country`, `weight_out_of_range`, `rate_out_of_range`, `sender_taken`,
    `sender_missing`, `sender_ambiguous`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class KnownSender:
    """A sender as operators see it: `seller` is the slug, `standing` what it has come back to by now,
    `resting_until` None unless it rests."""

    id: UUID
    kind: SenderKind
    address: str
    seller_id: UUID | None
    seller: str | None
    country: str | None
    trunk: str | None
    weight: int
    standing: int
    per_second: Decimal
    failures: int
    resting_until: datetime | None
    created_by: str
    created_at: datetime


def list_senders(session: Session, now: datetime) -> list[KnownSender]:
    """All senders, by kind and address."""
    asked = (
        select(Sender, Seller.slug)
        .outerjoin(Seller, Seller.id == Sender.seller_id)
        .where(Sender.removed_at.is_(None))
        .order_by(Sender.kind, Sender.address, Sender.id)
    )
    return [_known(sender, slug, now) for sender, slug in session.execute(asked)]


def add_sender(
    session: Session,
    *,
    kind: SenderKind,
    address: str,
    seller_id: UUID | None = None,
    country: str | None = None,
    trunk: str | None = None,
    weight: int = 100,
    per_second: Decimal = Decimal(1),
    actor: str,
    now: datetime,
) -> Sender:
    """A new sender, for all sellers or one, for all countries or one; raises `SenderRefused`."""
    address = " ".join(address.split())
    if address.startswith("+"):
        address = re.sub(r"[ ().-]", "", address)
    if not any(rule.fullmatch(address) for rule in _ADDRESSES[kind]):
        raise SenderRefused("address_malformed")
    if country is not None and country not in SERVED:
        raise SenderRefused("unknown_country")
    sender = Sender(kind=kind, address=address, seller_id=seller_id, country=country)
    sender.created_by, sender.created_at = actor, now
    _apply(sender, weight, per_second, trunk)
    session.add(sender)
    try:
        session.flush()
    except IntegrityError:
        raise SenderRefused("sender_taken") from None
    for channel in _SERVED_BY[kind]:
        about = {"channel": channel.value} | ({"country": country} if country else {})
        end_alarm(session, "no_sender", about=about, now=now)
    _note(session, "sender_added", sender, actor, now, after=_settings(sender))
    return sender


def set_sender(
    session: Session,
    name: str,
    *,
    weight: int | None = None,
    per_second: Decimal | None = None,
    trunk: str | None = None,
    actor: str,
    now: datetime,
) -> Sender:
    """Change what is given of a sender (by id or address); an empty trunk is none. Raises `SenderRefused`."""
    # Alarms before senders, as those who settle contacts lock them.
    end_alarm(session, "no_sender", now=now)
    sender = _found(session, name)
    before = _settings(sender)
    _apply(sender, weight, per_second, trunk)
    if per_second is not None:
        # What was taken at the old rate is forgotten: a slot that lay far ahead would hold the new one up.
        sender.next_slot_at = None
    if _settings(sender) != before:
        _note(session, "sender_set", sender, actor, now, before=before, after=_settings(sender))
    session.flush()
    return sender


def remove_sender(session: Session, name: str, *, actor: str, now: datetime) -> Sender:
    """Have a sender (by id or address) make no more contacts; raises `SenderRefused`."""
    sender = _found(session, name)
    sender.removed_at = now
    _note(session, "sender_removed", sender, actor, now, before=_settings(sender))
    session.flush()
    return sender


def _apply(sender: Sender, weight: int | None, per_second: Decimal | None, trunk: str | None) -> None:
    if weight is not None:
        if not 0 <= weight <= 100:
            raise SenderRefused("weight_out_of_range")
        sender.weight = weight
    if per_second is not None:
        if not (per_second.is_finite() and SLOWEST <= per_second <= FASTEST):
            raise SenderRefused("rate_out_of_range")
        sender.per_second = per_second.quantize(SLOWEST)
    if trunk:
        if sender.kind is not SenderKind.voice:
            raise SenderRefused("trunk_not_for_kind")
        if not _TRUNK.fullmatch(trunk):
            raise SenderRefused("trunk_malformed")
    if trunk is not None:
        sender.trunk = trunk or None


def _found(session: Session, name: str) -> Sender:
    try:
        named = Sender.id == UUID(name)
    except ValueError:
        named = Sender.address == name.replace("\0", "")
    asked = select(Sender).where(named, Sender.removed_at.is_(None)).limit(2).with_for_update(key_share=True)
    found = session.scalars(asked.execution_options(populate_existing=True)).all()
    if len(found) != 1:
        raise SenderRefused("sender_ambiguous" if found else "sender_missing")
    return found[0]


def _settings(sender: Sender) -> dict[str, Any]:
    rate = f"{sender.per_second.normalize():f}"
    return {"weight": sender.weight, "per_second": rate, "trunk": sender.trunk}


def _note(session: Session, code: str, sender: Sender, actor: str, now: datetime, **more: Any) -> None:
    whose = {"scope": "seller", "id": str(sender.seller_id)} if sender.seller_id else {}
    where = {"country": sender.country} if sender.country else {}
    params = {"sender_id": str(sender.id), "kind": sender.kind.value, "address": sender.address}
    audit.note(session, at=now, actor=actor, code=code, params={**params, **whose, **where, **more})


def _known(sender: Sender, slug: str | None, now: datetime) -> KnownSender:
    rests = sender.resting_until is not None and sender.resting_until > now
    return KnownSender(
        id=sender.id,
        kind=sender.kind,
        address=sender.address,
        seller_id=sender.seller_id,
        seller=slug,
        country=sender.country,
        trunk=sender.trunk,
        weight=sender.weight,
        standing=standing_at(Health(sender.standing, sender.standing_at), now),
        per_second=sender.per_second,
        failures=sender.failures,
        resting_until=sender.resting_until if rests else None,
        created_by=sender.created_by,
        created_at=sender.created_at,
    )
