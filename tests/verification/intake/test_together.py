"""Orders, sellers and workers at the same few buyers at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import exists, select

from models.orders import Order
from models.sellers import Store
from models.steps import StepOrder
from models.vocabulary import Channel
from tests.conftest import Work
from tests.orders import KEYS, draft, make_seller, receive
from verification.contact.beginning import begin
from verification.contact.claiming import claim
from verification.contact.promoting import promote
from verification.intake.correcting import correct_order
from verification.intake.shipping import CourierReport, report_shipment
from verification.intake.withdrawing import withdraw_order
from verification.refusals import Refusal
from verification.steps.transitions import Stale

PHONES = ("0551234567", "0509876543", "0561112223")
ROUNDS = 12
NAMES = 20


def _order(work: Work, store: Store, chance: Random, now: datetime) -> None:
    phone, other = chance.sample(PHONES, 2)
    with work() as session:
        buyer = {"phone": phone, "alternate_phone": chance.choice([other, None])}
        receive(session, store, draft(str(chance.randrange(NAMES)), buyer=buyer), now)


def _change(work: Work, store: Store, chance: Random, now: datetime) -> None:
    with suppress(Refusal), work() as session:
        order = session.scalars(
            select(Order).where(Order.external_id == str(chance.randrange(NAMES)))
        ).one_or_none()
        if order is None:
            return
        kind = chance.randrange(4)
        if kind == 0:
            withdraw_order(session, order, None, now=now)
        elif kind == 1:
            report_shipment(session, order, CourierReport(chance.choice(["shipped", "?"])), now=now)
        else:
            patch = {"buyer": {"phone": chance.choice(PHONES)}, "total": f"{chance.randrange(100, 300)}.00"}
            correct_order(session, order, patch, now=now, keys=KEYS)


def _contact(work: Work, store: Store, chance: Random, now: datetime) -> None:
    at = now + timedelta(minutes=chance.randrange(60))
    with work() as session:
        promote(session, now=at)
    with work() as session:
        claims = claim(session, Channel.whatsapp, f"worker {chance.random()}", now=at, limit=2)
    for each in claims:
        with suppress(Stale), work() as session:
            begin(session, each, provider="sandbox", now=at)


def test_nobody_waits_in_a_circle_and_nothing_is_stranded(work: Work, now: datetime) -> None:
    with work() as session:
        store = make_seller(session, now).store

    def live(part: tuple[int, Callable[[Work, Store, Random, datetime], None]]) -> None:
        seed, act = part
        chance = Random(seed)
        for _ in range(ROUNDS):
            act(work, store, chance, now)

    parts = [_order] * 3 + [_change] * 3 + [_contact] * 2
    with ThreadPoolExecutor(len(parts)) as threads:
        # A deadlock would end one of them with an error.
        list(threads.map(live, enumerate(parts)))
    with work() as session:
        live_step = exists().where(StepOrder.order_id == Order.id, StepOrder.live)
        assert session.scalars(select(Order).where(Order.decision_id.is_(None), ~live_step)).all() == []
        assert session.scalars(select(Order.id)).all()
