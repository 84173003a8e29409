"""Calls that come in: matched to open orders, answered, and an agent for whoever hangs up."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.attempts import Attempt
from models.base import new_id
from models.buyers import BuyerSign, Reachability
from models.inbound import InboundEvent
from models.sellers import Store
from models.senders import Sender
from models.vocabulary import (
    AttemptState,
    Channel,
    InboundState,
    Outcome,
    Role,
    SenderKind,
    SignOfLife,
    StepState,
    Verdict,
)
from tests import building
from tests.web.staff import Browser, make_user
from tests.web.twilio.markup import following, hangs_up, words
from verification.contact.contacting import contact
from verification.outcome.taking_in import take_in
from verification.planning.scheduling import plan_case
from verification.privacy.erasing import erase_buyer

CALL, LATER_CALL = "CA" + "3" * 32, "CA" + "4" * 32
OURS, BUYER = "+966112345678", building.E164


@pytest.fixture
def store(engine, now):
    return building.a_store(engine, now)


@pytest.fixture
def order(engine, store, now):
    def make(store_id=store, **patch):
        return building.an_order(engine, store_id, now, **{"buyer": {"language": "en"}, **patch})

    return make


@pytest.fixture
def rings(twilio):
    """The buyer calls us."""

    def call(sid=CALL, phone=BUYER, to=OURS, **form):
        return twilio.post("/voice/inbound", {"CallSid": sid, "From": phone, "To": to, **form})

    return call


@pytest.fixture
def press(twilio):
    def post(answer, digits, sid=CALL):
        path, query = following(answer)
        return twilio.post(path, {"CallSid": sid, "From": BUYER, "To": OURS, "Digits": digits}, query=query)

    return post


def test_a_missed_call_rung_back_is_asked_about_the_open_order(engine, session, order, rings):
    asked = order(number="#1047")
    said = words(rings())
    assert "thank you for calling" in said
    assert "one, zero, four, seven" in said
    assert "press 1" in said
    [attempt] = building.attempts_of(engine, asked)
    assert attempt.called_in
    assert (attempt.channel, attempt.outcome, attempt.state) == (
        Channel.ivr,
        Outcome.answered,
        AttemptState.reached,
    )
    assert (attempt.provider, attempt.provider_id, attempt.sender) == ("twilio", CALL, OURS)
    assert session.scalars(select(BuyerSign.kind)).all().count(SignOfLife.called_in) == 1
    assert session.scalar(select(Reachability.reachable).where(Reachability.channel == Channel.ivr)) is True


def test_whoever_hangs_up_is_called_by_an_agent_soon_and_the_ladder_stops(engine, now, order, rings):
    asked = order()
    before = building.live_step(engine, asked)
    rings()
    after = building.live_step(engine, asked)
    assert (before.channel, after.channel) == (Channel.whatsapp, Channel.agent_call)
    assert after.reason["code"] == "called_us"
    assert timedelta(minutes=1) <= after.not_before - now <= timedelta(minutes=10)
    old = next(each for each in building.steps_of(engine, asked) if each.id == before.id)
    assert old.state is StepState.cancelled


@pytest.mark.parametrize(("key", "verdict"), [("1", Verdict.confirmed), ("2", Verdict.rejected)])
def test_their_key_decides(engine, order, rings, press, key, verdict):
    asked = [order(), order()]
    answer = rings()
    assert "several orders" in words(answer)
    assert hangs_up(press(answer, key))
    for each in asked:
        assert building.verdict_of(engine, each) is verdict
        assert building.steps_of(engine, each, live=True) == []
    [decision] = building.decisions_of(engine, asked[0])
    assert decision.via == "ivr"


@pytest.mark.parametrize(("key", "reason"), [("3", "asked_to_call_later"), ("0", "buyer_agent")])
def test_their_key_asks_for_a_call(engine, order, rings, press, key, reason):
    asked = order()
    press(rings(), key)
    step = building.live_step(engine, asked)
    assert (step.channel, step.reason["code"]) == (Channel.agent_call, reason)


def test_the_same_call_twice_is_one_call(engine, session, order, rings, press):
    asked = order()
    answers = [rings(), rings()]
    assert answers[0].data == answers[1].data
    assert len(building.attempts_of(engine, asked)) == 1
    press(answers[0], "1")
    # Also when the repeat comes after the decision.
    assert rings().data == answers[0].data
    assert press(answers[1], "1").data == press(answers[0], "1").data
    assert len(building.decisions_of(engine, asked)) == 1


def test_an_unknown_caller_hears_who_we_are_in_both_languages(session, rings):
    for _ in range(2):
        answer = rings(phone="+966509999999")
        assert hangs_up(answer)
        said = words(answer)
        assert "This line confirms orders" in said
        assert "هذا الخط لتأكيد طلبات" in said
    [event] = session.scalars(select(InboundEvent)).all()
    assert (event.state, event.problem) == (InboundState.quarantined, "unknown_caller")
    assert session.scalar(select(func.count()).select_from(Attempt)) == 0


@pytest.mark.parametrize("phone", ["", "anonymous", "+", "sip:x@y", "+266696687", "a\0b", "+" + "9" * 400])
def test_a_caller_without_a_number_is_unknown(rings, phone):
    assert hangs_up(rings(phone=phone))


@pytest.mark.parametrize("sid", ["", "x", "CA\0", "CA" + "g" * 32])
def test_a_call_without_an_id_of_a_call_is_unknown(session, order, rings, sid):
    order()
    assert hangs_up(rings(sid=sid, to="a\0b"))
    assert session.scalar(select(func.count()).select_from(InboundEvent)) == 0


def test_after_the_decision_only_a_person_is_offered(engine, order, rings, press):
    asked = order()
    press(rings(), "1")
    answer = rings(sid=LATER_CALL)
    assert "No order of yours is waiting" in words(answer)
    refused = press(answer, "2", sid=LATER_CALL)
    assert not hangs_up(refused)
    assert building.verdict_of(engine, asked) is Verdict.confirmed
    assert "One of us will call you" in words(press(refused, "0", sid=LATER_CALL))
    assert building.verdict_of(engine, asked) is Verdict.confirmed
    step = building.live_step(engine, asked)
    assert (step.channel, step.reason["code"]) == (Channel.agent_call, "buyer_agent")


def test_buyers_whose_language_nobody_speaks_hear_arabic(order, rings):
    order(buyer={"language": "ckb"})
    assert "شكراً لاتصالك" in words(rings())


def test_of_two_shops_the_one_that_called_last_is_asked_about(engine, now, clock, store, order, rings, press):
    other = building.a_store(engine, now)
    mine, theirs = order(), order(other)
    with building.unit_of_work(engine) as session:
        name = session.get_one(Store, other).display_name
    building.set_policy(engine, now, {"ladder": [{"channel": "ivr", "after_minutes": 0}]}, store_id=other)
    with building.unit_of_work(engine) as session:
        plan_case(session, building.order_row(engine, theirs).buyer_id, other, now=now)
    [claim] = building.ready_claims(engine, now, Channel.ivr)
    contact(engine, claim, building.Provider(provider="twilio"), clock)
    answer = rings()
    assert name in words(answer)
    press(answer, "1")
    assert (building.verdict_of(engine, mine), building.verdict_of(engine, theirs)) == (
        None,
        Verdict.confirmed,
    )


def test_a_shops_own_number_is_about_its_orders(engine, work, now, order, rings, press):
    other = building.a_store(engine, now)
    mine, theirs = order(), order(other)
    with work() as session:
        seller_id = session.get_one(Store, other).seller_id
        sender = {"created_by": "operator", "created_at": now, "seller_id": seller_id}
        session.add(Sender(id=new_id(), kind=SenderKind.voice, address=OURS, **sender))
    press(rings(), "1")
    assert (building.verdict_of(engine, mine), building.verdict_of(engine, theirs)) == (
        None,
        Verdict.confirmed,
    )


def test_a_contact_that_is_being_made_goes_on_beside_it(engine, now, order, rings, press):
    asked = order()
    [held] = building.ready_claims(engine, now)
    answer = rings()
    assert building.live_step(engine, asked).id == held.step_id
    press(answer, "1")
    assert building.verdict_of(engine, asked) is Verdict.confirmed
    assert building.steps_of(engine, asked, live=True) == []


def test_a_late_report_changes_nothing(engine, now, order, rings):
    asked = order()
    rings()
    [attempt] = building.attempts_of(engine, asked)
    ended = building.report(attempt, now, AttemptState.closed, outcome=Outcome.answered, source="twilio")
    with building.unit_of_work(engine) as session:
        take_in(session, ended, now=now)
    assert building.live_step(engine, asked).reason["code"] == "called_us"


def test_a_call_in_uses_up_no_contact(engine, now, order, rings):
    building.set_policy(engine, now, {"max_attempts_per_order": 1}, country="SA")
    asked = order()
    rings()
    rings(sid=LATER_CALL)
    assert building.live_step(engine, asked).channel is Channel.agent_call
    assert building.verdict_of(engine, asked) is None


def test_the_order_tells_an_agent_that_the_buyer_called(app, work, now, order, rings):
    asked = order()
    rings()
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.supervisor).email)
    page = browser.get(f"/desk/orders/{asked}").text
    assert "Called us" in page
    assert "The buyer called us" in page


def test_whoever_was_erased_is_unknown(engine, work, now, order, rings):
    order()
    with work() as session:
        erase_buyer(session, BUYER, building.KEYS, now)
    answer = rings()
    assert hangs_up(answer)
    assert "This line confirms orders" in words(answer)
