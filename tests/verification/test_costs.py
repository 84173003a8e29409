"""What contacts cost, by channel, seller and decision."""

from datetime import timedelta
from decimal import Decimal

import pytest

from models.steps import StepOrder
from models.vocabulary import AttemptState, Channel, DecisionReason, Purpose, StepState, Verdict, Via
from tests import stored
from tests.verification.board.standing import a_step, an_attempt, an_order
from verification.costs import read_costs
from verification.decision.ruling import Ruling, confirmed
from verification.decision.taking import decide

DAY = timedelta(days=1)


def contacted(session, at, store, cost, *, channel=Channel.whatsapp, final=True, beside=()):
    """An order about which one contact was made, with other orders `beside` it."""
    order = an_order(session, at, store)
    step = a_step(session, at, order, state=StepState.done, channel=channel)
    for other in beside:
        covered = {"step_id": step.id, "order_id": other.id, "purpose": Purpose.verify, "live": False}
        session.add(StepOrder(**covered))
    attempt = an_attempt(session, at, step)
    attempt.cost, attempt.provider_id = Decimal(cost), attempt.reference
    attempt.cost_final_at = at if final else None
    session.flush()
    return order


def read(session, now, **of):
    return read_costs(session, since=now - DAY, until=now + DAY, **of)


def test_where_nothing_was_contacted_nothing_is_spent(session, now):
    costs = read(session, now)
    assert (costs.all.cost, costs.all.contacts, costs.all.per_confirmed) == (0, 0, None)
    assert (costs.channels, costs.sellers, costs.verdicts) == ((), (), ())


def test_costs_are_told_by_channel_seller_and_decision_and_each_adds_up(session, now):
    one, other = (stored.a_store(session, now) for _ in range(2))
    yes = contacted(session, now, one, "0.03")
    contacted(session, now, one, "0.0145", channel=Channel.sms, final=False)
    no = contacted(session, now, other, "0.20", channel=Channel.ivr)
    decide(
        session,
        yes,
        confirmed(Via.whatsapp, soft=False),
        now=now,
        actor="system",
        proof={"button": "confirm"},
    )
    ruling = Ruling(Verdict.rejected, DecisionReason.price, Via.ivr)
    decide(session, no, ruling, now=now, actor="system")
    costs = read(session, now)
    assert [(each.name, each.cost) for each in costs.channels] == [
        ("ivr", Decimal("0.2")),
        ("whatsapp", Decimal("0.03")),
        ("sms", Decimal("0.0145")),
    ]
    assert {each.verdict: each.cost for each in costs.verdicts} == {
        Verdict.rejected: Decimal("0.2"),
        Verdict.confirmed: Decimal("0.03"),
        None: Decimal("0.0145"),
    }
    for lines in (costs.channels, costs.sellers, costs.verdicts):
        assert sum(each.cost for each in lines) == costs.all.cost == Decimal("0.2445")
    assert (costs.all.contacts, costs.all.unknown, costs.all.confirmed) == (3, 1, 1)
    assert costs.all.per_confirmed == Decimal("0.2445")
    assert {each.name: each.confirmed for each in costs.channels} == {"ivr": 0, "whatsapp": 1, "sms": 0}
    assert sum(each.unknown for each in costs.sellers) == 1


def test_a_contact_about_several_orders_is_shared_by_them(session, now):
    store = stored.a_store(session, now)
    beside = [an_order(session, now, store) for _ in range(2)]
    yes = contacted(session, now, store, "0.03", beside=beside)
    decide(
        session,
        yes,
        confirmed(Via.whatsapp, soft=False),
        now=now,
        actor="system",
        proof={"button": "confirm"},
    )
    by_verdict = {each.verdict: (each.orders, each.cost) for each in read(session, now).verdicts}
    assert by_verdict == {Verdict.confirmed: (1, Decimal("0.01")), None: (2, Decimal("0.02"))}


def test_only_the_days_and_the_seller_asked_for_count(session, now):
    mine, theirs = stored.a_store(session, now), stored.a_store(session, now)
    contacted(session, now, mine, "1")
    contacted(session, now, theirs, "2")
    contacted(session, now - 3 * DAY, mine, "4")
    contacted(session, now + DAY, mine, "8")
    assert read(session, now).all.cost == 3
    costs = read(session, now, seller_id=mine.seller_id)
    assert [each.cost for each in costs.sellers] == [1]


@pytest.mark.parametrize(
    ("state", "provider_id", "unknown"),
    [
        (AttemptState.sent, "SM1", 1),
        (AttemptState.uncertain, None, 1),
        (AttemptState.closed, None, 0),  # an agent's own phone has no price
    ],
)
def test_a_price_that_is_still_to_come_is_told(session, now, state, provider_id, unknown):
    store = stored.a_store(session, now)
    step = a_step(session, now, an_order(session, now, store), state=StepState.done)
    attempt = an_attempt(session, now, step)
    attempt.state, attempt.provider_id = state, provider_id
    session.flush()
    assert read(session, now).all.unknown == unknown


def test_what_the_provider_never_took_is_no_contact(session, now):
    store = stored.a_store(session, now)
    step = a_step(session, now, an_order(session, now, store), state=StepState.done)
    an_attempt(session, now, step).state = AttemptState.failed
    session.flush()
    assert (read(session, now).all.contacts, read(session, now).verdicts) == (0, ())
