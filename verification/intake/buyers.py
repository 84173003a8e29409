"""Finding the buyer behind an order's phones, or making one; safe between processes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.base import new_id
from models.buyers import Buyer, BuyerSign, ContactPoint, SellerBuyer
from models.phones import PhoneNumber
from models.secrecy import Keyring
from models.vocabulary import SignOfLife
from verification.diary import write
from verification.planning.scheduling import lock_buyer


@dataclass(frozen=True)
class FoundBuyer:
    """The buyer of an order and the contact points its phones lead to, in the order of trying."""

    buyer: Buyer
    points: tuple[ContactPoint, ...]


def find_buyer(
    session: Session,
    numbers: Sequence[PhoneNumber],
    *,
    language: str | None,
    keys: Keyring,
    expires_at: datetime,
    now: datetime,
) -> FoundBuyer:
    """The buyer whom the first number belongs to; without any number a buyer who cannot be contacted.

    Two orders that bring the same new phone at once get one buyer, and the second waits here until the first
    is stored or given up, so that it also sees that order. A further number that is another buyer's stays
    theirs and is used for this order all the same. A phone whose buyer was erased comes back on its old row,
    where caps and opt-outs hold, but to a new buyer: erased history is not found again by ordering.
    """
    if not numbers:
        return FoundBuyer(_new_buyer(session, language, now), ())
    by_hash = {keys.phone_hash(number.e164): number for number in numbers}
    candidate, points = _claim_points(session, by_hash, language, expires_at, now)
    owners = _unerased(session, {point.buyer_id for point in points.values()})
    buyer = owners.get(candidate) or _new_buyer(session, language, now)
    for phone_hash, point in points.items():
        if point.buyer_id not in owners:
            point.buyer_id = buyer.id
        point.phone = by_hash[phone_hash].e164
        point.erased_at = None
        point.expires_at = max(point.expires_at, expires_at)
    if language:
        buyer.language = language
    session.flush()
    found = FoundBuyer(buyer, tuple(points[phone_hash] for phone_hash in by_hash))
    _note_shared(session, found, now)
    return found


def owner_of(session: Session, numbers: Sequence[PhoneNumber], keys: Keyring) -> UUID | None:
    """Whose buyer's lock `find_buyer` would take for these numbers; None for one it would make."""
    if not numbers:
        return None
    return _owner(session, keys.phone_hash(numbers[0].e164))


def link_to_seller(session: Session, buyer_id: UUID, seller_id: UUID) -> None:
    """See to it that the seller has an id of its own for the buyer."""
    session.execute(
        insert(SellerBuyer)
        .values(id=new_id(), seller_id=seller_id, buyer_id=buyer_id)
        .on_conflict_do_nothing(index_elements=["seller_id", "buyer_id"])
    )


def note_sign(session: Session, buyer_id: UUID, placed_at: datetime, now: datetime) -> None:
    """Keep when the buyer ordered; a shop's clock that runs ahead does not make it the future."""
    session.add(BuyerSign(buyer_id=buyer_id, kind=SignOfLife.order_placed, seen_at=min(placed_at, now)))


def _claim_points(
    session: Session,
    by_hash: Mapping[bytes, PhoneNumber],
    language: str | None,
    expires_at: datetime,
    now: datetime,
) -> tuple[UUID, dict[bytes, ContactPoint]]:
    """The first phone's buyer and all the contact points, each locked: the buyer first, as everywhere."""
    first = next(iter(by_hash))
    while True:
        savepoint = session.begin_nested()
        candidate = _owner(session, first)
        if candidate is None:
            candidate = _new_buyer(session, language, now).id
        else:
            lock_buyer(session, candidate)
        _insert_missing(session, by_hash, candidate, expires_at, now)
        points = _lock(session, by_hash)
        if points[first].buyer_id == candidate:
            savepoint.commit()
            return candidate, points
        # Another order brought this phone a moment earlier: let go of everything, begin with its buyer.
        savepoint.rollback()


def _owner(session: Session, phone_hash: bytes) -> UUID | None:
    return session.scalar(select(ContactPoint.buyer_id).where(ContactPoint.phone_hash == phone_hash))


def _new_buyer(session: Session, language: str | None, now: datetime) -> Buyer:
    buyer = Buyer(id=new_id(), language=language, created_at=now)
    session.add(buyer)
    session.flush()
    return buyer


def _insert_missing(
    session: Session,
    by_hash: Mapping[bytes, PhoneNumber],
    buyer_id: UUID,
    expires_at: datetime,
    now: datetime,
) -> None:
    # In one sequence everywhere, so that two orders with the same phones wait for each other only one way.
    rows = [
        {
            "id": new_id(),
            "buyer_id": buyer_id,
            "phone": by_hash[phone_hash].e164,
            "phone_hash": phone_hash,
            "country": by_hash[phone_hash].country,
            "line_type": by_hash[phone_hash].kind.value,
            "expires_at": expires_at,
            "created_at": now,
        }
        for phone_hash in sorted(by_hash)
    ]
    session.execute(insert(ContactPoint).values(rows).on_conflict_do_nothing())


def _lock(session: Session, hashes: Collection[bytes]) -> dict[bytes, ContactPoint]:
    points = session.scalars(
        select(ContactPoint)
        .where(ContactPoint.phone_hash.in_(hashes))
        .order_by(ContactPoint.phone_hash)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {point.phone_hash: point for point in points}


def _unerased(session: Session, buyer_ids: Collection[UUID]) -> dict[UUID, Buyer]:
    buyers = session.scalars(
        select(Buyer)
        .where(Buyer.id.in_(buyer_ids), Buyer.erased_at.is_(None))
        .execution_options(populate_existing=True)
    )
    return {buyer.id: buyer for buyer in buyers}


def _note_shared(session: Session, found: FoundBuyer, now: datetime) -> None:
    """The seller does not see this line: it is the buyer's, not the order's."""
    for point in found.points:
        if point.buyer_id != found.buyer.id:
            write(
                session,
                at=now,
                kind="buyer",
                actor="system",
                code="phone_shared",
                params={"contact_point_id": str(point.id), "other_buyer_id": str(point.buyer_id)},
                buyer_id=found.buyer.id,
            )
