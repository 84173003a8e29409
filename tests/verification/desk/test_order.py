from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, select

from models.diary import DiaryEntry
from models.orders import Order
from models.unit_of_work import unit_of_work
from models.vocabulary import (
    Channel,
    DecisionReason,
    Disposition,
    OrderState,
    Outcome,
    Role,
    ShipmentStatus,
    Verdict,
    Via,
)
from tests.building import E164, OTHER, OTHER_E164, an_order, attempts_of, hear, reply, set_policy
from tests.orders import KEYS
from tests.verification.desk.staff import called, ended, somebody, statements
from tests.verification.outcome.asked import ask
from verification.accounts.sessions import SignedIn
from verification.decision.ruling import Standing
from verification.desk.order import reveal, show_order
from verification.desk.shown_order import OrderPage
from verification.intake.disputing import dispute_order
from verification.intake.shipping import CourierReport, report_shipment
from verification.outcome.disposing import Disposed
from verification.privacy.erasing import erase_buyer
from verification.wording import render

MASKED, OTHER_MASKED = "+966 •• ••• ••67", "+966 •• ••• ••43"


def opened(engine: Engine, order_id: UUID, now: datetime) -> OrderPage:
    with unit_of_work(engine) as session:
        shown = show_order(session, order_id, now=now)
    assert shown is not None
    return shown


def test_a_new_order_shows_what_it_is_and_what_comes_next(engine: Engine, store: UUID, now: datetime) -> None:
    order = an_order(engine, store, now, note="بعد المغرب", buyer={"alternate_phone": OTHER})
    page = opened(engine, order, now)
    assert (page.number, page.external_id[:2], page.country, page.zone) == (
        "#1047",
        "n-",
        "SA",
        "Asia/Riyadh",
    )
    assert (page.state, page.standing, page.decisions) == (OrderState.queued, Standing.open, ())
    assert (page.buyer.name, page.buyer.orders_known, page.note) == ("نوره العتيبي", 1, "بعد المغرب")
    assert page.address is not None
    assert page.address["city"] == "الرياض"
    assert [(phone.masked, phone.refused) for phone in page.phones] == [
        (MASKED, False),
        (OTHER_MASKED, False),
    ]
    assert page.next_contact is not None
    assert (page.next_contact.channel, page.next_contact.held_by) == (Channel.agent_call, None)
    assert (page.contacts, page.thread, page.promises, page.shipments) == ((), (), (), ())
    assert [line.reason.code for line in page.diary] == ["order_received", "contact_planned"]
    assert E164 not in repr(page)


def test_the_story_of_an_order_names_who_did_what(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    order = an_order(engine, store, now)
    at = now + timedelta(minutes=3)
    held = called(engine, agent, at)
    assert opened(engine, order, at).next_contact.held_by == "Sara"  # type: ignore[union-attr]
    ended(engine, held, at, [order], Disposed(Disposition.reject, DecisionReason.price))
    page = opened(engine, order, at)
    [decision] = page.decisions
    assert (decision.verdict, decision.reason, decision.via, decision.at) == (
        Verdict.rejected,
        DecisionReason.price,
        Via.agent_call,
        at,
    )
    assert (decision.actor, decision.by, decision.is_current) == ("agent", "Sara", True)
    assert decision.proof is not None
    assert decision.proof["kind"] == "call"
    assert (page.state, page.next_contact) == (OrderState.rejected, None)
    assert [(each.by, each.outcome) for each in page.contacts] == [("Sara", Outcome.answered)]
    told = [(line.actor, line.by, line.reason.code) for line in page.diary]
    assert ("system", None, "contact_planned") in told
    assert ("agent", "Sara", "decided_rejected") in told
    for language in ("en", "ar"):
        assert all(render(line.reason, language) != line.reason.code for line in page.diary)


def test_a_yes_in_the_buyers_own_words_is_shown_with_them(engine: Engine, store: UUID, now: datetime) -> None:
    set_policy(engine, now, {"ladder": [{"channel": "whatsapp", "after_minutes": 0}]}, store_id=store)
    order = an_order(engine, store, now)
    ask(engine, now)
    hear(engine, reply(attempts_of(engine, order)[0], now, text="ايه أكد الطلب"), now)
    page = opened(engine, order, now)
    [decision] = page.decisions
    assert (decision.verdict, decision.words, decision.actor, decision.by) == (
        Verdict.confirmed,
        "ايه أكد الطلب",
        "buyer",
        None,
    )
    assert [each.text for each in page.thread] == [None, "ايه أكد الطلب"]


def test_a_disputed_decision_is_shown_with_the_sellers_words(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    order = an_order(engine, store, now)
    ended(
        engine, called(engine, agent, now), now, [order], Disposed(Disposition.reject, DecisionReason.price)
    )
    at = now + timedelta(hours=2)
    with unit_of_work(engine) as session:
        dispute_order(session, session.get_one(Order, order), "he says that he wants it", now=at)
    page = opened(engine, order, at)
    assert (page.disputed, page.standing) == (True, Standing.rejected)
    assert [(each.kind, each.text, each.at) for each in page.seller_words] == [
        ("dispute", "he says that he wants it", at)
    ]


def test_promised_calls_and_the_couriers_reports_are_on_the_page(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    order = an_order(engine, store, now)
    at = now + timedelta(hours=3)
    ended(engine, called(engine, agent, now), now, [order], Disposed(Disposition.call_back, call_back_at=at))
    [promise] = opened(engine, order, now).promises
    assert (promise.at, promise.made_at, promise.by, promise.via, promise.result) == (
        at,
        now,
        "Sara",
        Via.agent_call,
        None,
    )
    with unit_of_work(engine) as session:
        report = CourierReport("shipped", at=now, carrier="SMSA")
        report_shipment(session, session.get_one(Order, order), report, now=now)
    page = opened(engine, order, now)
    assert [(each.status, each.carrier) for each in page.shipments] == [(ShipmentStatus.shipped, "SMSA")]
    assert page.standing is Standing.shipped


def test_revealing_the_numbers_leaves_the_name_of_who_looked(
    engine: Engine, store: UUID, now: datetime
) -> None:
    order = an_order(engine, store, now, buyer={"alternate_phone": OTHER})
    boss = somebody(engine, now, "Huda", Role.supervisor)
    with unit_of_work(engine) as session:
        assert reveal(session, boss, order, now=now) == (E164, OTHER_E164)
    line = opened(engine, order, now).diary[-1]
    assert (line.at, line.kind, line.by, line.reason.code) == (now, "contact", "Huda", "number_revealed")
    assert E164 not in repr(line)


def test_nothing_is_left_of_an_erased_buyer_but_the_story(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    order = an_order(engine, store, now)
    with unit_of_work(engine) as session:
        erase_buyer(session, E164, KEYS, now)
        lines = len(session.scalars(select(DiaryEntry.id).where(DiaryEntry.order_id == order)).all())
    with unit_of_work(engine) as session:
        assert reveal(session, agent, order, now=now) == ()
    page = opened(engine, order, now)
    assert (page.buyer.name, page.address, page.note, page.phones) == (None, None, None, ())
    assert page.state is OrderState.unreachable
    assert len(page.diary) == lines


def test_an_order_that_does_not_exist_has_no_page(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    with unit_of_work(engine) as session:
        assert show_order(session, store, now=now) is None
        assert reveal(session, agent, store, now=now) == ()


def test_looking_asks_little_and_changes_nothing(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    order = an_order(engine, store, now)
    ended(engine, called(engine, agent, now), now, [order], Disposed(Disposition.confirm))
    with statements(engine) as asked:
        opened(engine, order, now)
    assert len(asked) < 24
    assert all(each.lstrip().startswith("SELECT") for each in asked)
