import json
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.buyers import Buyer
from models.orders import Order
from models.sellers import Store
from models.steps import Step
from models.users import User
from models.vocabulary import Role, StepState, Tier
from scripts.demo import DEMO_POLICY, load
from settings import Settings
from tests.conftest import Work
from verification.policy.stored import policy_for
from verification.status import status

SECRET = "the secret key of the tests, long enough"


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(data=tmp_path, database_url=database_url, secret_key=SECRET, webhook_allow_private=True)


def test_the_demo_fills_an_empty_installation(
    settings: Settings, database_url: str, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.demo._ORDERS", 100)
    began = time.time()
    loaded = load(settings, database_url, "http://127.0.0.1:9")

    assert {role["role"] for role in loaded["users"]} == {role.value for role in Role}
    assert len(loaded["sellers"]) > 1
    assert all(each["api_key"].startswith("tk_") for each in loaded["sellers"])
    json.dumps(loaded)
    with work() as session:
        counted = status(session)
        assert counted["stranded"] == 0
        assert counted["orders"]["queued"] > 60
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
