"""Finding the person behind a phone."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.buyers import ContactPoint
from models.countries import SERVED
from models.phones import read_phones
from models.secrecy import Keyring


class NobodyKnown(Exception):
    """No buyer with this phone is known; the text does not repeat it."""

    def __init__(self) -> None:
        super().__init__("nobody_known")


@dataclass(frozen=True)
class Person:
    """A buyer, every contact point that is the buyer's, and the phones (E.164) as far as they are known."""

    buyer_id: UUID
    point_ids: tuple[UUID, ...]
    phones: tuple[str, ...]


def numbers_meant(typed: str, country: str | None = None) -> frozenset[str]:
    """The E.164 numbers that a phone as typed can mean: in one country, else in any that is served."""
    countries = [country] if country else list(SERVED)
    return frozenset(number.e164 for each in countries for number in read_phones(typed, country=each).numbers)


def known_numbers(session: Session, numbers: Iterable[str], keys: Keyring) -> list[str]:
    """Those of the numbers that are somebody's here, known or erased."""
    by_hash = {keys.phone_hash(number): number for number in numbers}
    found = session.scalars(select(ContactPoint.phone_hash).where(ContactPoint.phone_hash.in_(list(by_hash))))
    return sorted(by_hash[phone_hash] for phone_hash in found)


def find_person(session: Session, phone: str, keys: Keyring) -> Person:
    """The person whom a phone (E.164) belongs to; raises `NobodyKnown`.

    Found by the keyed hash, so that a phone erased before still leads to what is left.
    """
    buyer_id = session.scalar(
        select(ContactPoint.buyer_id).where(ContactPoint.phone_hash == keys.phone_hash(phone))
    )
    if buyer_id is None:
        raise NobodyKnown
    points = session.execute(
        select(ContactPoint.id, ContactPoint.phone)
        .where(ContactPoint.buyer_id == buyer_id)
        .order_by(ContactPoint.created_at, ContactPoint.id)
    ).all()
    phones = dict.fromkeys([phone, *(known for _, known in points if known)])
    return Person(buyer_id, tuple(point_id for point_id, _ in points), tuple(phones))
