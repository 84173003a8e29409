from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete

from models.messages import MessageBody
from models.orders import Order, OrderDetails
from models.sellers import Store
from models.unit_of_work import unit_of_work
from models.vocabulary import (
    Channel,
    DecisionReason,
    Disposition,
    Intent,
    Outcome,
    Role,
    Verdict,
    Via,
)
from tests.building import E164, OTHER, a_store, an_order, attempts_of, hear, reply, set_policy
from tests.orders import KEYS, draft, received
from tests.verification.desk.staff import AGENTS, called, ended, somebody, statements, took
from tests.verification.outcome.asked import ask
from verification.accounts.sessions import SignedIn
from verification.decision.ruling import Standing
from verification.desk.case import show_case
from verification.desk.shown import ShownCase
from verification.intake.disputing import dispute_order
from verification.outcome.disposing import Disposed
from verification.privacy.erasing import erase_buyer
from verification.screening.questions import PARTS

MASKED = "+966 •• ••• ••67"


def seen(engine: Engine, step_id: UUID, agent: SignedIn, now: datetime) -> ShownCase:
    with unit_of_work(engine) as session:
        shown = show_case(session, step_id, agent, now=now)
    assert shown is not None
    return shown


def test_a_case_shows_who_is_called_about_what_and_why(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    order = an_order(engine, store, now, note="بعد المغرب", buyer={"alternate_phone": OTHER})
    held = took(engine, agent, now)
    shown = seen(engine, held.step_id, agent, now + timedelta(minutes=1))
    assert (shown.token, shown.holder_name, shown.is_mine) == (held.token, "Sara", True)
    assert (shown.country, shown.zone) == ("SA", "Asia/Riyadh")
    assert shown.why.code == "first_contact"
    assert (shown.claimed_at, shown.gives_back_at) == (now, now + timedelta(minutes=10))
    assert (shown.called_at, shown.attempt_id, shown.contacts, shown.thread) == (None, None, (), ())
    assert shown.permitted_now
    assert shown.other_phones == 1
    assert (shown.buyer.name, shown.buyer.language, shown.buyer.orders_known) == ("نوره العتيبي", "ar", 1)
    [one] = shown.orders
    assert (one.id, one.number, one.currency, one.total_minor) == (order, "#1047", "SAR", 19900)
    assert (one.note, one.standing, one.decision, one.disputed) == ("بعد المغرب", Standing.open, None, False)
    assert [(item.title, item.variant, item.quantity) for item in one.items] == [("خلاط محمول", "أسود", 1)]
    assert one.address is not None
    assert list(one.address) == ["city", "district", "street", "building", "short_address"]
    assert shown.deadline == one.decide_by


def test_a_case_that_is_only_looked_at_keeps_the_number_back(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    an_order(engine, store, now)
    step_id = took(engine, agent, now).step_id
    looked_at = seen(engine, step_id, agent, now)
    assert (looked_at.phone, looked_at.phone_masked) == (None, MASKED)
    assert E164 not in repr(looked_at)


def test_a_called_case_shows_the_number_to_its_caller_alone(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    an_order(engine, store, now)
    step_id = called(engine, agent, now).step_id
    mine = seen(engine, step_id, agent, now)
    assert (mine.phone, mine.phone_masked, mine.called_at, mine.gives_back_at) == (E164, MASKED, now, None)
    for other in (somebody(engine, now, "Omar"), somebody(engine, now, "Huda", Role.supervisor)):
        shown = seen(engine, step_id, other, now)
        assert (shown.is_mine, shown.holder_name, shown.phone, shown.phone_masked) == (
            False,
            "Sara",
            None,
            MASKED,
        )
        assert E164 not in repr(shown)


def test_a_call_that_is_under_way_is_no_reason_against_itself(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    an_order(engine, store, now)
    step_id = called(engine, agent, now).step_id
    shown = seen(engine, step_id, agent, now + timedelta(minutes=2))
    assert shown.permitted_now
    assert shown.contacts == ()


def test_a_case_that_may_not_be_called_any_more_says_so(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    an_order(engine, store, now)
    step_id = took(engine, agent, now).step_id
    night = now.replace(hour=20)
    assert not seen(engine, step_id, agent, night).permitted_now


def test_times_to_promise_are_in_the_hours_and_leave_room_for_this_call(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    set_policy(engine, now, {"max_calls_per_day": 1}, store_id=store)
    an_order(engine, store, now)
    shown = seen(engine, took(engine, agent, now).step_id, agent, now)
    assert shown.slots
    assert all(now + timedelta(hours=12) < at < shown.deadline for at in shown.slots)


def test_an_ended_case_is_nobodys_case(engine: Engine, store: UUID, agent: SignedIn, now: datetime) -> None:
    order = an_order(engine, store, now)
    held = called(engine, agent, now)
    ended(engine, held, now, [order], Disposed(Disposition.confirm))
    with unit_of_work(engine) as session:
        assert show_case(session, held.step_id, agent, now=now) is None
        assert show_case(session, order, agent, now=now) is None


def test_orders_of_one_case_stand_side_by_side_and_cost_no_more_questions(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    an_order(engine, store, now)
    step_id = called(engine, agent, now).step_id
    with statements(engine) as few:
        seen(engine, step_id, agent, now)
    orders = [
        an_order(engine, store, now, phone=OTHER, number=f"#{n}", buyer={"name": f"n{n}"}) for n in range(4)
    ]
    other = somebody(engine, now, "Omar")
    step_id = called(engine, other, now).step_id
    with statements(engine) as many:
        shown = seen(engine, step_id, other, now)
    assert [order.id for order in shown.orders] == orders
    assert [order.number for order in shown.orders] == ["#0", "#1", "#2", "#3"]
    assert (shown.buyer.name, shown.buyer.orders_known) == ("n3", 4)
    assert len(many) == len(few) < 15


@pytest.mark.parametrize(
    ("spoken", "asked_in"), [(None, "ar"), ("ar-SA", "ar"), ("ckb", "ckb"), ("ku-IQ", "ckb"), ("ur", "en")]
)
def test_flags_are_questions_in_the_buyers_language(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime, spoken: str | None, asked_in: str
) -> None:
    lacking = {"country": "SA", "district": None, "street": None, "building": None, "short_address": None}
    wanted = draft("flagged", buyer={"language": spoken}, address=lacking)
    with unit_of_work(engine) as session:
        received(session, session.get_one(Store, store), wanted, now)
    [order] = seen(engine, took(engine, agent, now).step_id, agent, now).orders
    [asked] = order.questions
    assert (asked.flag.code, asked.language) == ("address_incomplete", asked_in)
    assert PARTS[asked_in]["district"] in asked.text
    assert order.missing == ("district", "street")


def test_what_was_tried_and_said_before_stands_in_the_thread(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    rungs = [{"channel": "whatsapp", "after_minutes": 0}, *AGENTS["ladder"]]
    set_policy(engine, now, {"ladder": rungs, "vary_call_hours": False}, store_id=store)
    order = an_order(engine, store, now)
    ask(engine, now)
    [asked] = attempts_of(engine, order)
    at = now + timedelta(minutes=5)
    hear(engine, reply(asked, at, text="كم السعر؟"), at)
    other = somebody(engine, now, "Omar")
    first = called(engine, other, at + timedelta(hours=1))
    ended(engine, first, first.expires_at, [order], Disposed(Disposition.no_answer))
    later = at + timedelta(hours=3)
    shown = seen(engine, called(engine, agent, later).step_id, agent, later)
    assert [(each.direction, each.channel, each.text, each.intent) for each in shown.thread] == [
        ("out", Channel.whatsapp, None, None),
        ("in", Channel.whatsapp, "كم السعر؟", Intent.question),
        ("out", Channel.agent_call, None, None),
        ("out", Channel.agent_call, None, None),
    ]
    assert [(each.by, each.outcome) for each in shown.thread] == [
        (None, Outcome.replied),
        (None, None),
        ("Omar", Outcome.no_answer),
        ("Sara", None),
    ]
    assert [(each.channel, each.outcome, each.by, each.mine) for each in shown.contacts] == [
        (Channel.whatsapp, Outcome.replied, None, False),
        (Channel.agent_call, Outcome.no_answer, "Omar", False),
    ]
    assert shown.orders[0].last_outcome is Outcome.no_answer


def test_what_another_seller_was_told_is_not_in_the_thread(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    elsewhere = an_order(engine, store, now)
    ended(engine, called(engine, agent, now), now, [elsewhere], Disposed(Disposition.confirm))
    later = now + timedelta(hours=3)
    an_order(engine, a_store(engine, later), later)
    shown = seen(engine, took(engine, agent, later).step_id, agent, later)
    assert (shown.thread, shown.contacts, shown.buyer.orders_known) == ((), (), 2)


def test_words_that_are_no_longer_kept_leave_their_place_in_the_thread(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    step_id, order = _questioned(engine, store, agent, now)
    with unit_of_work(engine) as session:
        session.execute(delete(MessageBody))
        session.execute(delete(OrderDetails))
    shown = seen(engine, step_id, agent, now + timedelta(hours=1))
    assert [(each.direction, each.text) for each in shown.thread] == [("out", None), ("in", None)]
    [one] = shown.orders
    assert (one.id, one.address, one.note, one.missing, shown.buyer.name) == (order, None, None, (), None)


def _questioned(engine: Engine, store: UUID, agent: SignedIn, now: datetime) -> tuple[UUID, UUID]:
    set_policy(engine, now, {"ladder": [{"channel": "whatsapp", "after_minutes": 0}]}, store_id=store)
    order = an_order(engine, store, now)
    ask(engine, now)
    hear(engine, reply(attempts_of(engine, order)[0], now, text="كم السعر؟"), now)
    return took(engine, agent, now + timedelta(hours=1)).step_id, order


def test_a_review_shows_the_decision_and_its_proof(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    order = an_order(engine, store, now)
    ended(
        engine, called(engine, agent, now), now, [order], Disposed(Disposition.reject, DecisionReason.price)
    )
    later = now + timedelta(hours=3)
    with unit_of_work(engine) as session:
        dispute_order(session, session.get_one(Order, order), "he wants it", now=later)
    shown = seen(engine, took(engine, agent, later).step_id, agent, later)
    assert shown.why.code == "decision_disputed"
    [one] = shown.orders
    assert (one.standing, one.disputed) == (Standing.rejected, True)
    assert [each.text for each in one.seller_words] == ["he wants it"]
    assert one.decision is not None
    assert (
        one.decision.verdict,
        one.decision.reason,
        one.decision.via,
        one.decision.at,
        one.decision.proof,
    ) == (
        Verdict.rejected,
        DecisionReason.price,
        Via.agent_call,
        now,
        "call",
    )
    assert [(each.by, each.mine) for each in shown.contacts] == [("Sara", True)]


def test_a_promised_call_says_when(engine: Engine, store: UUID, agent: SignedIn, now: datetime) -> None:
    order = an_order(engine, store, now)
    at = now + timedelta(hours=3)
    ended(engine, called(engine, agent, now), now, [order], Disposed(Disposition.call_back, call_back_at=at))
    shown = seen(engine, took(engine, agent, at).step_id, agent, at)
    assert (shown.promised_at, shown.why.code) == (at, "asked_to_call_later")


def test_nothing_is_left_to_show_of_an_erased_buyer(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    an_order(engine, store, now)
    step_id = called(engine, agent, now).step_id
    with unit_of_work(engine) as session:
        erase_buyer(session, E164, KEYS, now)
    with unit_of_work(engine) as session:
        assert show_case(session, step_id, agent, now=now) is None


def test_looking_changes_nothing(engine: Engine, store: UUID, agent: SignedIn, now: datetime) -> None:
    an_order(engine, store, now)
    step_id = called(engine, agent, now).step_id
    with statements(engine) as asked:
        seen(engine, step_id, agent, now)
    assert all(each.lstrip().startswith("SELECT") and "FOR UPDATE" not in each for each in asked)
