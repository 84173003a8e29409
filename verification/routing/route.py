"""Choosing the sender of one contact, and saying why it is that one."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from models.vocabulary import SenderKind
from verification.routing.buckets import free_at

_HASHES = 2**64


@dataclass(frozen=True)
class RoutedSender:
    """The sender that a contact was given: its address at the provider, and the trunk a call leaves by."""

    id: UUID
    address: str
    trunk: str | None = None


@dataclass(frozen=True)
class Candidate:
    """A sender as routing sees it; `standing` is what it has come back to by now."""

    id: UUID
    kind: SenderKind
    address: str
    seller_id: UUID | None = None
    country: str | None = None
    trunk: str | None = None
    weight: int = 100
    standing: int = 100
    per_second: Decimal = Decimal(1)
    next_slot_at: datetime | None = None
    resting_until: datetime | None = None

    @property
    def share(self) -> int:
        """How much it weighs among its like; 0 never gets a contact."""
        return self.weight * self.standing

    @property
    def routed(self) -> RoutedSender:
        """What a contact has to know of it."""
        return RoutedSender(self.id, self.address, self.trunk)

    def serves(self, seller_id: UUID | None, country: str) -> bool:
        """Whether it is there for this seller's buyers in that country."""
        return self.seller_id in (None, seller_id) and self.country in (None, country)

    def usable_at(self, now: datetime) -> datetime:
        """When it may be used next: `now` or later."""
        return max(free_at(self.next_slot_at, self.per_second, now), self.resting_until or now)

    @property
    def _breadth(self) -> tuple[bool, bool]:
        return (self.seller_id is None, self.country is None)


@dataclass(frozen=True)
class Routed:
    """The sender, or until when there is none; neither when no sender is there for such contacts at all.

    `considered` says of every sender what became of it: `chosen`, `preferred`, `outweighed` by its like,
    `wider` than the one taken, `refused_here`, `no_slot`, `resting`, `switched_off`, `other_country`,
    `other_seller`, `other_kind`.
    """

    sender: Candidate | None
    until: datetime | None
    considered: tuple[tuple[UUID, str], ...]


def route(
    candidates: Sequence[Candidate],
    *,
    kind: SenderKind,
    seller_id: UUID | None,
    country: str,
    key: str,
    now: datetime,
    prefer: UUID | None = None,
    avoid: frozenset[UUID] = frozenset(),
) -> Routed:
    """The sender of a contact: of those that may be used now the narrowest, and of its like one by weight.

    The same `key` (whom the contact is for) gets the same sender as long as it may be used: weighted
    rendezvous hashing moves only the buyers of a sender that falls away. `prefer` is the sender that the
    buyer wrote to, and comes first; those to `avoid` come last, because they were refused there.
    """
    codes = {each.id: _bar(each, kind, seller_id, country, now) for each in candidates}
    among = {each.id: each for each in candidates}
    usable = [among[one] for one, code in codes.items() if code is None]
    if fresh := [each for each in usable if each.id not in avoid]:
        codes |= dict.fromkeys((each.id for each in usable if each.id in avoid), "refused_here")
        usable = fresh
    if not usable:
        waiting = [among[one].usable_at(now) for one, code in codes.items() if code in ("no_slot", "resting")]
        return Routed(None, min(waiting, default=None), _told(codes))
    narrowest = min(each._breadth for each in usable)
    like = [each for each in usable if each._breadth == narrowest]
    codes |= {each.id: "outweighed" if each in like else "wider" for each in usable}
    if preferred := next((each for each in usable if each.id == prefer), None):
        chosen, codes[preferred.id] = preferred, "preferred"
    else:
        chosen = max(like, key=lambda each: (_score(each, key), each.id))
        codes[chosen.id] = "chosen"
    return Routed(chosen, None, _told(codes))


def _bar(
    each: Candidate, kind: SenderKind, seller_id: UUID | None, country: str, now: datetime
) -> str | None:
    """Why a sender cannot take the contact now."""
    if each.kind is not kind:
        return "other_kind"
    if each.seller_id not in (None, seller_id):
        return "other_seller"
    if each.country not in (None, country):
        return "other_country"
    if not each.share:
        return "switched_off"
    if each.resting_until is not None and now < each.resting_until:
        return "resting"
    return "no_slot" if each.usable_at(now) > now else None


def _score(each: Candidate, key: str) -> float:
    digest = hashlib.blake2b(each.id.bytes + key.encode(), digest_size=8).digest()
    drawn = (int.from_bytes(digest) + 0.5) / _HASHES
    return -each.share / math.log(drawn)


def _told(codes: dict[UUID, str | None]) -> tuple[tuple[UUID, str], ...]:
    return tuple((one, code or "") for one, code in codes.items())
