from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError

from models.buyers import Buyer, TierChange
from models.decisions import Decision
from models.orders import Order
from models.unit_of_work import unit_of_work
from models.vocabulary import DecisionReason, Tier, Verdict, Via
from tests.building import a_store, an_order, decisions_of, events_of, live_step, order_row, steps_of
from verification.decision.ruling import Ruling, Standing, confirmed, given_up, rejected
from verification.decision.taking import NoProof, decide, standing_of

PROOF = {"kind": "button", "message_id": "1"}


def decided(engine: Engine, order: UUID, ruling: Ruling, now: datetime, **more: Any) -> Decision:
    with unit_of_work(engine) as session:
        return decide(session, session.get_one(Order, order), ruling, now=now, actor="buyer", **more)


@pytest.mark.parametrize("proof", [None, {}])
def test_there_is_no_yes_without_proof(engine: Engine, now: datetime, proof: dict[str, str] | None) -> None:
    order = an_order(engine, a_store(engine, now), now)
    with pytest.raises(NoProof):
        decided(engine, order, confirmed(Via.whatsapp, soft=False), now, proof=proof)
    assert decisions_of(engine, order) == []
    assert live_step(engine, order)


def test_the_database_itself_refuses_a_yes_without_proof(engine: Engine, now: datetime) -> None:
    order = an_order(engine, a_store(engine, now), now)
    with unit_of_work(engine) as session:
        session.add(
            Decision(
                order_id=order,
                verdict=Verdict.confirmed,
                reason=DecisionReason.buyer_confirmed,
                via=Via.sms,
                tier=Tier.new,
                actor="buyer",
                decided_at=now,
            )
        )
        with pytest.raises(IntegrityError, match="proof"):
            session.flush()
        session.rollback()


def test_a_decision_carries_the_tier_it_was_taken_with_and_moves_the_next(
    engine: Engine, now: datetime
) -> None:
    store = a_store(engine, now)
    orders = [an_order(engine, store, now) for _ in range(4)]
    tiers = [
        decided(engine, order, confirmed(Via.whatsapp, soft=False), now, proof=PROOF).tier for order in orders
    ]
    assert tiers == [Tier.new, Tier.new, Tier.new, Tier.fair]
    with unit_of_work(engine) as session:
        [change] = session.scalars(select(TierChange)).all()
        assert (change.new, change.cause) == (Tier.fair, "decision:confirmed")
        assert session.scalars(select(Buyer.tier)).one() is Tier.fair


@pytest.mark.parametrize(
    "ruling",
    [
        rejected(Via.whatsapp, None),
        given_up(DecisionReason.no_response),
        Ruling(Verdict.waived, DecisionReason.not_cod, Via.policy),
        Ruling(Verdict.withdrawn, DecisionReason.seller_request, Via.seller),
    ],
)
def test_every_decision_ends_the_contacts_and_tells_the_seller(
    engine: Engine, now: datetime, ruling: Ruling
) -> None:
    order = an_order(engine, a_store(engine, now), now)
    decision = decided(engine, order, ruling, now, not_before=now + timedelta(seconds=10))
    assert steps_of(engine, order, live=True) == []
    [event] = events_of(engine, order)
    assert (event.decision_id, event.event_type) == (decision.id, f"order.{ruling.verdict}")
    assert event.not_before == now + timedelta(seconds=10)
    row = order_row(engine, order)
    assert (row.decision_id, row.wish, row.ladder, row.version) == (decision.id, None, [], 2)


def test_decisions_are_a_chain_that_nobody_can_rewrite(engine: Engine, now: datetime) -> None:
    order = an_order(engine, a_store(engine, now), now)
    first = decided(engine, order, given_up(DecisionReason.no_response), now)
    second = decided(engine, order, rejected(Via.page, None), now + timedelta(hours=1))
    assert (first.supersedes_id, second.supersedes_id) == (None, first.id)
    for rewriting in ("UPDATE decisions SET soft = true", "DELETE FROM decisions"):
        with pytest.raises(Exception, match="append-only"), unit_of_work(engine) as session:
            session.execute(text(rewriting))


def test_deciding_one_order_of_a_case_leaves_the_other_its_contact(engine: Engine, now: datetime) -> None:
    store = a_store(engine, now)
    one, other = (an_order(engine, store, now) for _ in range(2))
    together = live_step(engine, one)
    assert live_step(engine, other).id == together.id
    decided(engine, one, rejected(Via.page, None), now)
    assert live_step(engine, other).id == together.id
    assert steps_of(engine, one, live=True) == []


def test_where_an_order_stands(engine: Engine, now: datetime) -> None:
    order = an_order(engine, a_store(engine, now), now)

    def standing() -> Standing:
        with unit_of_work(engine) as session:
            return standing_of(session, session.get_one(Order, order))

    assert standing() is Standing.open
    decided(engine, order, rejected(Via.page, None), now)
    assert standing() is Standing.rejected
    with unit_of_work(engine) as session:
        session.get_one(Order, order).shipped_at = now
    assert standing() is Standing.shipped
