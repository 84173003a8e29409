import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from channels.registry import WORLD_SEED
from channels.sandbox.talking import Talk, talk
from channels.sandbox.world import load_world
from models.attempts import Attempt
from models.buyers import Buyer
from models.orders import Item, Order
from models.sellers import Store
from models.steps import Step
from models.users import User
from models.vocabulary import Disposition, Flag, Role, StepState, Tier
from scripts.demo import DEMO_POLICY, WORLD, load
from settings import ROOT, Settings
from tests.conftest import Work
from verification.accounts.sessions import SignedIn
from verification.contact.beginning import contact_of
from verification.contact.promoting import promote
from verification.desk.calling import call
from verification.desk.case import show_case
from verification.desk.holding import next_case
from verification.desk.outcomes import record
from verification.desk.shown import ShownCase
from verification.outcome.disposing import Disposed
from verification.policy.stored import policy_for
from verification.status import status

SECRET = "the secret key of the tests, long enough"


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(data=tmp_path, database_url=database_url, secret_key=SECRET, webhook_allow_private=True)


def test_the_demo_fills_an_empty_installation(
    settings: Settings, database_url: str, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.demo._ORDERS", 50)
    began = time.time()
    loaded = load(settings, database_url, "http://127.0.0.1:9")

    assert {role["role"] for role in loaded["users"]} == {role.value for role in Role}
    assert len(loaded["sellers"]) > 1
    assert all(each["api_key"].startswith("tk_") for each in loaded["sellers"])
    json.dumps(loaded)
    with work() as session:
        counted = status(session)
        assert counted["stranded"] == 0
        assert counted["orders"]["queued"] > 30
        assert session.scalar(select(func.count()).select_from(User)) == len(loaded["users"])
        tiers = set(session.scalars(select(Buyer.tier)))
        assert tiers > {Tier.new}
        # Whatever the hour is, everybody can be asked at once.
        due = session.scalar(
            select(func.count())
            .select_from(Step)
            .where(Step.state == StepState.scheduled, func.extract("epoch", Step.not_before) < began + 120)
        )
        assert due == counted["steps"]["scheduled"]
        store = session.scalars(select(Store)).first()
        assert store is not None
        policy = policy_for(session, store, store.country)
        assert policy.call_hours == {"daily": ("00:00-24:00",)}
        assert len(policy.ladder) == len(DEMO_POLICY["ladder"])
        assert session.scalar(select(func.count(Order.decision_id))) > 0


def test_a_demo_that_was_cut_off_can_be_loaded_again(
    settings: Settings, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.demo._ORDERS", 3)
    monkeypatch.setattr("scripts.demo._PAST", 1)
    first = load(settings, database_url, "http://127.0.0.1:9")
    again = load(settings, database_url, "http://127.0.0.1:9")

    assert not {each["slug"] for each in first["sellers"]} & {each["slug"] for each in again["sellers"]}
    assert not {each["email"] for each in first["users"]} & {each["email"] for each in again["users"]}


def test_the_first_dozen_cases_at_the_desk_are_what_a_shift_is_made_of(
    settings: Settings, database_url: str, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.demo._ORDERS", 20)
    loaded = load(settings, database_url, "http://127.0.0.1:9")
    now = datetime.now(UTC)
    with work() as session:
        promote(session, now=now)
        user = session.scalars(select(User).where(User.role == Role.agent)).first()
        assert user is not None
        agent = SignedIn(user.id, user.email, user.name, Role.agent, None, "ar", {})
    seen = [work_off_the_next_case(work, agent, now) for _ in range(12)]

    cases = [case for case, _ in seen]
    orders = [order for case in cases for order in case.orders]
    assert {len(case.orders) for case in cases} == {1, 2}
    assert {case.buyer.tier for case in cases} >= {Tier.new, Tier.good, Tier.poor}
    assert {case.buyer.language for case in cases} >= {"ar", "en", "ckb"}
    assert len({case.country for case in cases}) > 4
    assert {question.flag.code for order in orders for question in order.questions} >= {
        Flag.address_incomplete,
        Flag.duplicate,
        Flag.suspicious_quantity,
    }
    assert 2 <= sum(bool(order.missing) for order in orders) < 6
    assert any(order.note for order in orders)
    assert {hint.disposition for _, told in seen if told for hint in told.hints} >= {
        Disposition.confirm,
        Disposition.reject,
        Disposition.call_back,
        Disposition.no_answer,
    }
    assert len(loaded["users"]) > 4


def work_off_the_next_case(work: Work, agent: SignedIn, now: datetime) -> tuple[ShownCase, Talk | None]:
    """As an attentive agent would: hear the buyer, record what was said."""
    with work() as session:
        step_id = next_case(session, agent, now=now)
        assert step_id is not None
        case = show_case(session, step_id, agent, now=now)
        assert case is not None
        if case.phone_masked is None:
            unreachable = Disposed(Disposition.unreachable)
            choices = {order.id: unreachable for order in case.orders}
            record(session, agent, step_id, case.token, choices, now=now)
            return case, None
        call(session, agent, step_id, case.token, now=now)
        attempt = session.scalars(select(Attempt).where(Attempt.step_id == step_id)).one()
        missing = {order.id: order.missing for order in case.orders}
        told = talk(load_world(WORLD), WORLD_SEED, contact_of(session, attempt), missing)
        choices = {
            hint.order_id: Disposed(
                hint.disposition, hint.reason, soft=hint.soft, call_back_at=told.callback_at
            )
            for hint in told.hints
        }
        record(session, agent, step_id, case.token, choices, now=now)
        return case, told


def test_everything_sold_in_the_demo_has_a_picture_of_ours(
    settings: Settings, database_url: str, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.demo._ORDERS", 30)
    monkeypatch.setattr("scripts.demo._PAST", 0)
    load(settings, database_url, "http://127.0.0.1:9")
    with work() as session:
        shown = set(session.scalars(select(Item.image_url)))
    for address in shown:
        assert address is not None
        assert (ROOT / "web" / address.removeprefix(f"{settings.public_url}/")).is_file()
