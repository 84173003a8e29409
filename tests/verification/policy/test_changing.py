"""Changing the values of a policy: what is refused, what holds afterwards, what is recorded."""

from datetime import timedelta
from threading import Thread

import pytest

from models.base import new_id
from models.policies import PolicyOverride
from tests import stored
from tests.verification.desk.staff import somebody
from verification import audit
from verification.policy.changing import (
    LegalBasisRefused,
    Scope,
    clear_value,
    history,
    set_value,
    standing,
)
from verification.policy.describing import Kind, values
from verification.policy.stored import policy_for
from verification.policy.values import PolicyRefused, default_policy
from verification.refusals import NotFound

SA = Scope(country="SA")
BASIS = "Consent at checkout, art. 25"
HOURS = {"daily": ["12:00-14:00"]}


@pytest.fixture
def store(session, now):
    return stored.a_store(session, now)


def put(session, now, scope, name, value, **more):
    return set_value(session, scope=scope, name=name, value=value, actor="operator", now=now, **more)


def of(session, name, **whose):
    return next(each for each in standing(session, **whose) if each.name == name)


def test_a_value_holds_from_the_narrowest_scope(session, now, store):
    seller, shop = Scope(seller_id=store.seller_id), Scope(store_id=store.id)
    whose = {"country": "SA", "seller_id": store.seller_id, "store_id": store.id}
    assert of(session, "undo_seconds", **whose).origin == "default"
    for scope, seconds in ((SA, 20), (seller, 30), (shop, 40)):
        put(session, now, scope, "undo_seconds", seconds)
        found = of(session, "undo_seconds", **whose)
        assert (found.value, found.default, found.origin) == (seconds, 10, scope.kind)
        assert policy_for(session, store, "SA").undo_seconds == seconds
    assert of(session, "undo_seconds", country="SA").value == 20
    assert of(session, "undo_seconds", country="KW").origin == "default"


def test_every_change_is_recorded_with_before_and_after(session, now):
    put(session, now, SA, "deadline_hours", 40)
    put(session, now + timedelta(1), SA, "deadline_hours", 40)
    put(session, now + timedelta(2), SA, "undo_seconds", 5)
    assert clear_value(session, scope=SA, name="deadline_hours", actor="operator", now=now + timedelta(3))
    told = [(line.code, line.params["before"], line.params["after"]) for line in history(session, SA)]
    assert told == [
        ("policy_cleared", 40, 48),
        ("policy_set", 10, 5),
        ("policy_set", 40, 40),
        ("policy_set", 48, 40),
    ]
    assert len(history(session, SA, "undo_seconds")) == 1
    assert history(session, Scope(country="KW")) == []


def test_what_an_older_release_kept_can_be_set_right(session, now):
    for name, value in (("undo_seconds", 999), ("deadline_hours", "many"), ("gone", 1)):
        session.add(PolicyOverride(country="SA", name=name, value=value, set_by="x", set_at=now))
    session.flush()
    put(session, now, SA, "undo_seconds", 5)
    clear_value(session, scope=SA, name="deadline_hours", actor="operator", now=now)
    told = [(line.params["before"], line.params["after"]) for line in history(session, SA)]
    assert sorted(told, key=str) == [("many", 48), (999, 5)]


def test_clearing_what_is_not_set_changes_nothing(session, now):
    assert not clear_value(session, scope=SA, name="undo_seconds", actor="operator", now=now)
    assert history(session, SA) == []


@pytest.mark.parametrize(
    ("name", "value", "where"),
    [
        ("no_such_value", 1, "no_such_value"),
        ("undo_seconds", 999, "undo_seconds"),
        ("undo_seconds", "x", "undo_seconds"),
        ("call_hours", {"fri": ["16:00-12:00"]}, "call_hours.fri.0"),
        ("call_hours", {"fri": "16:00"}, "call_hours.fri"),
        ("ladder", [{"channel": "pigeon", "after_minutes": 0}], "ladder.0.channel"),
        ("suspicious_value", "many", "suspicious_value"),
    ],
)
def test_what_no_policy_may_have_is_refused_with_its_place(session, now, name, value, where):
    with pytest.raises(PolicyRefused) as refused:
        put(session, now, SA, name, value)
    assert refused.value.name == where
    assert history(session, SA) == []
    assert policy_for(session, stored.a_store(session, now), "SA") == default_policy("SA")


@pytest.mark.parametrize("kind", ["seller", "store"])
def test_hours_of_ones_own_need_a_legal_basis(session, now, store, kind):
    scope = Scope(seller_id=store.seller_id) if kind == "seller" else Scope(store_id=store.id)
    for basis in (None, "", "because   ", "x" * 1001, f"{BASIS}\0"):
        with pytest.raises(LegalBasisRefused):
            put(session, now, scope, "call_hours", HOURS, legal_basis=basis)
    with pytest.raises(LegalBasisRefused):
        put(session, now, scope, "prayer_pause_calls", "off")
    put(session, now, scope, "undo_seconds", 5)
    put(session, now, scope, "call_hours", HOURS, legal_basis=BASIS)
    assert policy_for(session, store, "SA").call_hours == {"daily": ("12:00-14:00",)}
    found = of(session, "call_hours", country="SA", seller_id=store.seller_id, store_id=store.id)
    assert found.legal_basis == BASIS
    assert history(session, scope, "call_hours")[0].params["legal_basis"] == BASIS


def test_a_countrys_hours_need_none(session, now):
    put(session, now, SA, "call_hours", HOURS)
    assert of(session, "call_hours", country="SA").value == HOURS


@pytest.mark.parametrize("scope", [Scope(country="FR"), Scope(seller_id=new_id()), Scope(store_id=new_id())])
def test_nobodys_value_cannot_be_set(session, now, scope):
    with pytest.raises(NotFound):
        put(session, now, scope, "undo_seconds", 5)


def test_the_last_writer_wins_and_both_are_recorded(work, session, now):
    def write(seconds):
        with work() as session:
            put(session, now, SA, "undo_seconds", seconds)

    threads = [Thread(target=write, args=(seconds,)) for seconds in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = [(line.params["before"], line.params["after"]) for line in history(session, SA)]
    links = dict(told)
    assert len(told) == 4
    chain = [10]
    while chain[-1] in links:
        chain.append(links[chain[-1]])
    assert len(chain) == 5
    assert of(session, "undo_seconds", country="SA").value == chain[-1]


def test_people_are_named_and_pages_follow_each_other(engine, session, now):
    agent = somebody(engine, now)
    for number in range(5):
        audit.note(
            session,
            at=now + timedelta(seconds=number),
            actor=agent.holder if number else "operator",
            code=f"c{number}",
        )
    session.flush()
    first = audit.lines(session, limit=2)
    second = audit.lines(session, limit=2, after=first.following)
    last = audit.lines(session, limit=2, after=second.following)
    shown = [line for page in (first, second, last) for line in page.lines]
    assert [line.code for line in shown] == ["c4", "c3", "c2", "c1", "c0"]
    assert last.following is None
    assert [line.name for line in shown] == [agent.name] * 4 + [None]


def test_lines_of_one_instant_are_all_shown(session, now):
    for number in range(7):
        audit.note(session, at=now, actor="operator", code=f"c{number}")
    session.flush()
    shown, page = [], audit.lines(session, limit=2)
    while page.following:
        shown += page.lines
        page = audit.lines(session, limit=2, after=page.following)
    assert {line.code for line in [*shown, *page.lines]} == {f"c{number}" for number in range(7)}


def test_every_value_says_what_it_may_be():
    known = values()
    assert known.keys() == type(default_policy("SA")).model_fields.keys()
    assert known["call_hours"].kind is Kind.hours
    assert (known["undo_seconds"].lowest, known["undo_seconds"].highest) == (0, 120)
    assert known["suspicious_value"].is_optional
    assert known["dial_mode"].choices == ("own_phone", "click_to_call")
    retention = known["retention_days"]
    assert (retention.kind, retention.lowest, retention.highest) == (Kind.numbers, 1, 3660)
    assert "address" in retention.choices
    assert known["sms_link_hosts"].kind is Kind.texts
    assert {name for name, value in known.items() if value.kind is Kind.other} == {"ladder"}
