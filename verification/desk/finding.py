"""Finding an order by what a caller can say of it: a phone or an order number."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import Text, any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from models.buyers import Buyer, ContactPoint
from models.countries import SERVED
from models.folding import fold_digits
from models.orders import Order, OrderContactPoint, OrderDetails
from models.phones import mask
from models.sellers import Store
from models.vocabulary import OrderState
from verification.desk.shown import FoundOrder
from verification.privacy.people import numbers_meant
from verification.telling.state import order_state

MOST_FOUND = 20

_LONGEST = 100
_FEWEST_DIGITS = 7
_MOST_LEFT_OUT = 3
_LONGEST_NATIONAL = 10
_PUNCTUATION = " \t()[]._-/"


def find_orders(session: Session, text: str, *, limit: int = MOST_FOUND) -> tuple[FoundOrder, ...]:
    """The orders that the text may mean, newest first, `limit` at most.

    A phone as people write it, of any served country and in any digits, or its last seven digits or more; or
    an order's number or external id, with or without "#", in either case. Nothing of people who were erased.
    """
    wanted = fold_digits(text.replace("\0", "")).strip()[:_LONGEST]
    if not wanted:
        return ()
    phones = _phones_meant(wanted)
    point_ids = _points(session, phones) if phones else ()
    ids = {*_with_phones(session, point_ids, limit), *_called(session, wanted, limit)}
    return _found(session, ids, point_ids, limit) if ids else ()


def _phones_meant(text: str) -> frozenset[str]:
    """Every E.164 number that the text can be, or be the end of."""
    digits = "".join(letter for letter in text if letter not in _PUNCTUATION).lstrip("+")
    if not digits.isdecimal() or len(digits) < _FEWEST_DIGITS:
        return frozenset()
    # A zero in front is dialled within the country, or it is one of the last digits.
    endings = {digits, digits.lstrip("0")}
    return frozenset({*numbers_meant(text), *(each for ending in endings for each in _ending_in(ending))})


def _ending_in(digits: str) -> Iterator[str]:
    """The numbers of the served countries that end so. Written out, because no index reads phones backwards;
    at most three digits of a national number are missing, so they are a few thousand."""
    most = min(_MOST_LEFT_OUT, _LONGEST_NATIONAL - len(digits))
    if len(digits) < _FEWEST_DIGITS or most < 0:
        return
    for country in SERVED.values():
        for beginning in ("", *map(str, range(1, 10**most))):
            yield f"+{country.calling_code}{beginning}{digits}"


def _points(session: Session, phones: Collection[str]) -> tuple[UUID, ...]:
    some = literal(list(phones), ARRAY(Text))
    return tuple(session.scalars(select(ContactPoint.id).where(ContactPoint.phone == any_(some))))


def _with_phones(session: Session, point_ids: Collection[UUID], limit: int) -> Collection[UUID]:
    if not point_ids:
        return ()
    return session.scalars(
        select(Order.id)
        .join(OrderContactPoint, OrderContactPoint.order_id == Order.id)
        .where(OrderContactPoint.contact_point_id.in_(point_ids))
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(limit)
    ).all()


def _called(session: Session, text: str, limit: int) -> Collection[UUID]:
    """The orders of this number or external id, at any store."""
    bare = text.lstrip("#").strip()
    return session.scalars(
        select(Order.id)
        .where(or_(Order.is_named(bare), Order.is_named(f"#{bare}")))
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(limit)
    ).all()


def _found(
    session: Session, ids: Collection[UUID], point_ids: Collection[UUID], limit: int
) -> tuple[FoundOrder, ...]:
    # The number that was asked for, where the order has it, else the first that is tried.
    phone = (
        select(ContactPoint.phone)
        .join(OrderContactPoint, OrderContactPoint.contact_point_id == ContactPoint.id)
        .where(OrderContactPoint.order_id == Order.id, ContactPoint.phone.is_not(None))
        .order_by(ContactPoint.id.in_(point_ids).desc(), OrderContactPoint.position)
        .limit(1)
        .correlate(Order)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Order, Store.display_name, OrderDetails.buyer_name, OrderDetails.city, phone, order_state())
        .join(Store, Store.id == Order.store_id)
        .join(Buyer, Buyer.id == Order.buyer_id)
        .outerjoin(OrderDetails, OrderDetails.order_id == Order.id)
        .where(Order.id.in_(ids), Buyer.erased_at.is_(None))
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(limit)
    )
    return tuple(
        FoundOrder(
            order_id=order.id,
            number=order.number or order.external_id,
            store_name=store_name,
            placed_at=order.placed_at,
            buyer_name=buyer_name,
            phone_masked=mask(number) if number else None,
            state=OrderState(state),
            city=city,
        )
        for order, store_name, buyer_name, city, number, state in rows
    )
