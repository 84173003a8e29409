from datetime import datetime

from sqlalchemy.orm import Session

from models.policies import PolicyOverride
from tests.orders import make_seller
from verification.policy.stored import policy_for, unusable_overrides
from verification.policy.values import default_policy


def override(session: Session, now: datetime, value: int, **scope: object) -> None:
    session.add(PolicyOverride(name="deadline_hours", value=value, set_by="test", set_at=now, **scope))
    session.flush()


def test_without_overrides_the_country_decides(session: Session, now: datetime) -> None:
    store = make_seller(session, now).store
    assert policy_for(session, store, "AE") == default_policy("AE")


def test_the_narrowest_layer_wins(session: Session, now: datetime) -> None:
    store, neighbour = make_seller(session, now, "One").store, make_seller(session, now, "Two").store
    override(session, now, 40, country="SA")
    assert policy_for(session, store, "SA").deadline_hours == 40
    assert policy_for(session, store, "KW").deadline_hours == 48
    override(session, now, 30, seller_id=store.seller_id)
    assert policy_for(session, store, "SA").deadline_hours == 30
    override(session, now, 20, store_id=store.id)
    assert policy_for(session, store, "SA").deadline_hours == 20
    assert policy_for(session, neighbour, "SA").deadline_hours == 40


def test_layers_add_up_value_by_value(session: Session, now: datetime) -> None:
    store = make_seller(session, now).store
    override(session, now, 40, country="SA")
    session.add(
        PolicyOverride(name="undo_seconds", value=0, set_by="test", set_at=now, seller_id=store.seller_id)
    )
    policy = policy_for(session, store, "SA")
    assert (policy.deadline_hours, policy.undo_seconds) == (40, 0)
    assert policy.call_hours == default_policy("SA").call_hours


def test_what_cannot_be_used_any_more_is_passed_over(session: Session, now: datetime) -> None:
    store = make_seller(session, now).store
    override(session, now, 40, country="SA")
    override(session, now, -1, store_id=store.id)
    session.add(PolicyOverride(name="of_old", value=1, set_by="test", set_at=now, country="SA"))
    assert policy_for(session, store, "SA").deadline_hours == 40
    assert unusable_overrides(session) == ("deadline_hours", "of_old")
