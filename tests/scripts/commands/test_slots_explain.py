"""Why an order is contacted as it is, from a terminal."""

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine

from models.orders import Order
from models.vocabulary import Arm, Via
from tests.building import a_store, an_order, set_policy
from tests.conftest import Work
from tests.orders import E164
from tests.scripts.commands.conftest import Run
from verification.decision.ruling import confirmed
from verification.decision.taking import decide


@pytest.fixture
def real_now() -> datetime:
    """The command asks the real clock."""
    return datetime.now().astimezone()


@pytest.fixture
def order(engine: Engine, real_now: datetime) -> UUID:
    chosen = {"chooser": "learned", "control_percent": 0, "random_per_thousand": 0}
    set_policy(engine, real_now, chosen, country="SA")
    return an_order(
        engine, a_store(engine, real_now), real_now, external_id="s-1", placed_at=real_now.isoformat()
    )


def test_it_tells_the_plan_the_chances_the_schedule_and_the_prices(run: Run, order: UUID) -> None:
    said = run("slots", "explain", str(order))
    assert said.code == 0
    for part in (
        "chosen by: what is usual, as nothing has been learned yet",
        "known of the buyer: 0 contacts, 1 order, 0 other signs of life",
        "the best plan by what was learned",
        "the fixed schedule would make",
        "prices in USD: a decision 2.00",
    ):
        assert part in said.out


def test_as_json_it_is_one_object(run: Run, order: UUID) -> None:
    told = run("slots", "explain", "#1047", "--json").json
    assert told["order"] == str(order)
    assert (told["arm"], told["decided"], told["buyer"]["contacts"]) == ("learned", False, 0)
    assert all(0 < each["chance"] < 1 for each in told["chances"])
    first = told["learned"]["ladder"][0]
    assert first["reason"]["code"]
    assert told["schedule"][0]["channel"] == "whatsapp"
    assert told["prices"]["most"]["whatsapp"] == 2


def test_nothing_of_who_the_buyer_is_is_shown(run: Run, order: UUID) -> None:
    for arguments in ([], ["--json"]):
        out = run("slots", "explain", "1047", *arguments).out
        for personal in (E164, E164[-7:], "نوره", "العتيبي", "النرجس", "خلاط"):
            assert personal not in out


def test_a_number_of_several_orders_is_to_be_an_id(
    run: Run, engine: Engine, order: UUID, now: datetime
) -> None:
    other = an_order(engine, a_store(engine, now), now)
    refused = run("slots", "explain", "1047")
    assert refused.code == 1
    assert "several orders have this number" in refused.err
    assert str(order) in refused.err
    assert str(other) in refused.err
    assert run("slots", "explain", "s-1").code == 0


@pytest.mark.parametrize("name", ["nope", "#", "", "dc69cba8-8f33-46e1-88a3-f941d5613e59", "x" * 500])
def test_what_no_order_has_is_a_sentence(run: Run, database_url: str, name: str) -> None:
    refused = run("slots", "explain", name)
    assert refused.code == 1
    assert "no order has this id, number or external id" in refused.err


def test_of_a_decided_order_it_tells_what_the_plan_was(
    run: Run, work: Work, order: UUID, real_now: datetime
) -> None:
    with work() as session:
        stored = session.get_one(Order, order)
        ruling = confirmed(Via.whatsapp, soft=False)
        decide(session, stored, ruling, now=real_now, actor="buyer", proof={"message_id": "1"})
    said = run("slots", "explain", str(order))
    assert said.code == 0
    assert "decided, so nothing more is planned" in said.out
    assert "its last plan" in said.out
    assert run("slots", "explain", str(order), "--json").json["decided"] is True


def test_one_that_joined_a_learned_case_is_told_to_be_chosen_as_that_is(
    run: Run, work: Work, order: UUID
) -> None:
    with work() as session:
        session.get_one(Order, order).arm = Arm.control
    said = run("slots", "explain", str(order)).out
    assert (
        "chosen by: what is usual, as nothing has been learned yet, with an older order of its buyer" in said
    )
    assert "by itself it is of the arm control" in said


def test_of_one_decided_during_a_stop_that_is_told_as_past(
    run: Run, work: Work, order: UUID, real_now: datetime
) -> None:
    with work() as session:
        stored = session.get_one(Order, order)
        stored.plan = {**(stored.plan or {}), "stopped": True, "chooser": "fixed", "model": None}
        ruling = confirmed(Via.whatsapp, soft=False)
        decide(session, stored, ruling, now=real_now, actor="buyer", proof={"message_id": "1"})
    assert "fixed, as choosing was stopped for everybody" in run("slots", "explain", str(order)).out


def test_one_without_a_number_is_told_so_beside_its_agent_call(
    run: Run, engine: Engine, order: UUID, real_now: datetime
) -> None:
    buyer = {"name": "هند", "phone": "12"}
    store = a_store(engine, real_now)
    lost = an_order(engine, store, real_now, placed_at=real_now.isoformat(), buyer=buyer)
    said = run("slots", "explain", str(lost)).out
    assert "no number by which the buyer can be reached" in said
    assert "no contact is possible" not in said
    assert "agent_call" in said


def test_one_that_came_too_late_is_told_so(run: Run, engine: Engine, work: Work, order: UUID) -> None:
    with work() as session:
        stored = session.get_one(Order, order)
        stored.decide_by = stored.created_at
    said = run("slots", "explain", str(order))
    assert said.code == 0
    assert "no contact is possible before the deadline" in said.out
