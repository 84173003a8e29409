"""The orders of a case as the desk shows them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.buyers import Buyer
from models.countries import served
from models.decisions import Decision
from models.diary import DiaryEntry
from models.drafts import ADDRESS_LINES
from models.orders import Order, OrderDetails
from models.reasons import Reason
from models.steps import StepOrder
from models.vocabulary import Flag
from verification.decision.ruling import Standing
from verification.desk.seller_words import seller_words
from verification.desk.shown import CaseItem, CaseOrder, Decided, Question, SellerWords
from verification.screening.questions import question, spoken

# Built once, because every look at a case asks them.
_ORDERS = (
    select(Order, Decision)
    .outerjoin(Decision, Decision.id == Order.decision_id)
    .options(joinedload(Order.details), selectinload(Order.items))
    .order_by(Order.created_at, Order.id)
    .execution_options(populate_existing=True)
)
_ASKED: BindParameter[UUID] = bindparam("asked")
_ONE = _ORDERS.where(Order.id == _ASKED)
_OF_STEP = _ORDERS.where(Order.id.in_(select(StepOrder.order_id).where(StepOrder.step_id == _ASKED)))


@dataclass(frozen=True)
class Known:
    """A stored order with its current decision, and whether and in what words the seller contests that."""

    order: Order
    decision: Decision | None
    disputed: bool
    seller_words: tuple[SellerWords, ...]

    @property
    def standing(self) -> Standing:
        """Where the order stands now."""
        if self.order.shipped_at is not None:
            return Standing.shipped
        return Standing(self.decision.verdict.value) if self.decision else Standing.open


def orders_of_step(session: Session, step_id: UUID) -> list[Known]:
    """The orders that a step covers, oldest first, in one question a table however many they are."""
    return _known(session, _OF_STEP, step_id)


def known_order(session: Session, order_id: UUID) -> Known | None:
    """One order; None for an unknown id."""
    return next(iter(_known(session, _ONE, order_id)), None)


def _known(session: Session, wanted: Select[Order, Decision], asked: UUID) -> list[Known]:
    rows = session.execute(wanted, {"asked": asked}).all()
    disputed = _disputed(session, [decision for _, decision in rows if decision])
    words = seller_words(session, disputed)
    return [Known(order, decision, order.id in disputed, words.get(order.id, ())) for order, decision in rows]


def _disputed(session: Session, decisions: Collection[Decision]) -> set[UUID]:
    """The orders whose current decision the seller asked to have looked at again."""
    if not decisions:
        return set()
    disputes = session.scalars(
        select(DiaryEntry.order_id).where(
            DiaryEntry.order_id.in_([decision.order_id for decision in decisions]),
            DiaryEntry.code == "decision_disputed",
            DiaryEntry.params["decision_id"].astext.in_([str(decision.id) for decision in decisions]),
        )
    )
    return {order_id for order_id in disputes if order_id is not None}


def language_of(order: Order, buyer: Buyer) -> str | None:
    """What the buyer speaks: as the order says, as known of the buyer, else as people do in the country."""
    country = served(order.country)
    return order.language or buyer.language or (country.language if country else None)


def shown(known: Known, buyer: Buyer) -> CaseOrder:
    """The order in the terms of the page."""
    order, decision = known.order, known.decision
    return CaseOrder(
        id=order.id,
        number=number_of(order),
        placed_at=order.placed_at,
        currency=order.currency,
        total_minor=order.total_minor,
        items=items_of(order),
        note=order.details.note if order.details else None,
        address=address_of(order.details),
        missing=missing_of(order),
        questions=_questions(order, language_of(order, buyer)),
        decide_by=order.decide_by,
        standing=known.standing,
        decision=_decided(decision) if decision else None,
        disputed=known.disputed,
        seller_words=known.seller_words,
        last_outcome=order.last_outcome,
    )


def number_of(order: Order) -> str:
    """What its store calls the order."""
    return order.number or order.external_id


def items_of(order: Order) -> tuple[CaseItem, ...]:
    """The lines of an order."""
    return tuple(
        CaseItem(
            item.position,
            item.title,
            item.variant,
            item.quantity,
            item.unit_price_minor,
            item.image_url,
            item.product_url,
        )
        for item in order.items
    )


def address_of(details: OrderDetails | None) -> Mapping[str, str] | None:
    """The lines that are filled in, from the widest to the closest; None when they are no longer kept."""
    if details is None:
        return None
    return {name: line for name in ADDRESS_LINES if (line := getattr(details, name))}


def missing_of(order: Order) -> tuple[str, ...]:
    """The codes of what the address lacks; nothing of an address that is no longer kept."""
    if order.details is None:
        return ()
    return next(
        (
            tuple(flag.get("params", {}).get("missing", ()))
            for flag in order.flags
            if flag["code"] == Flag.address_incomplete.value
        ),
        (),
    )


def _questions(order: Order, language: str | None) -> tuple[Question, ...]:
    flags: Sequence[Reason] = [Reason.from_json(flag) for flag in order.flags]
    return tuple(Question(flag, question(flag, language), spoken(language)) for flag in flags)


def _decided(decision: Decision) -> Decided:
    return Decided(
        decision.verdict,
        decision.reason,
        decision.via,
        decision.decided_at,
        (decision.proof or {}).get("kind"),
    )
