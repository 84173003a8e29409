from models.vocabulary import DecisionReason, DeliveryState, Verdict, Via
from tests import stored
from verification.decision.ruling import Ruling
from verification.decision.taking import decide
from verification.status import status


def test_an_empty_house(session):
    assert status(session) == {
        "orders": {},
        "steps": {},
        "decisions": {"by_verdict": {}, "by_via": {}},
        "outbox": {},
        "stranded": 0,
    }


def test_orders_decisions_and_events_are_counted(session, now):
    store = stored.a_store(session, now)
    decided, _ = (stored.an_order(session, now, store, stored.a_buyer(session, now)) for _ in range(2))
    for reason in (DecisionReason.price, DecisionReason.changed_mind):
        ruling = Ruling(Verdict.rejected, reason, Via.agent_call)
        decide(session, decided, ruling, now=now, actor="system")
    told = status(session)
    assert told["orders"] == {"queued": 1, "rejected": 1}
    # Only the current decision of an order counts, and an order nobody planned is stranded.
    assert told["decisions"] == {"by_verdict": {"rejected": 1}, "by_via": {"agent_call": 1}}
    assert told["outbox"] == {DeliveryState.disabled.value: 2}
    assert told["stranded"] == 1
