"""Policies and the calendar at the command line."""

import json
from datetime import UTC, datetime

import pytest

from tests import stored
from verification import audit
from verification.policy.stored import policy_for

NEXT_YEAR = datetime.now(UTC).year + 1
HOURS = json.dumps({"daily": ["12:00-14:00"]})


@pytest.fixture
def store(work, now):
    with work() as session:
        store = stored.a_store(session, now)
        session.refresh(store, ["seller"])
        return store


def shown(run, *whose):
    return {each["name"]: each for each in run("policy", "show", *whose, "--json").json["values"]}


def test_a_value_is_shown_with_where_it_comes_from(run):
    before = shown(run, "--country", "AE")
    assert before["max_calls_per_day"]["origin"] == "default"
    assert "56/2024" in before["max_calls_per_day"]["source"]
    said = run("policy", "set", "max_calls_per_day", "2", "--country", "AE", "--json")
    assert said.json == {"name": "max_calls_per_day", "value": 2, "scope": "country"}
    found = shown(run, "--country", "AE")["max_calls_per_day"]
    assert (found["value"], found["default"], found["origin"]) == (2, 1, "country")
    assert found["set_by"] == "operator"
    assert "max_calls_per_day = 2  (country)" in run("policy", "show", "--country", "AE").out


def test_a_seller_and_a_store_have_their_own(run, store, session):
    slug = store.seller.slug
    basis = ("--legal-basis", "Consent at checkout")
    assert run("policy", "set", "call_hours", HOURS, "--seller", slug).code == 1
    assert run("policy", "set", "call_hours", HOURS, "--seller", slug, *basis).code == 0
    assert run("policy", "set", "undo_seconds", "3", "--seller", slug, "--store", "default").code == 0
    found = shown(run, "--seller", slug, "--store", "default")
    assert found["call_hours"]["origin"] == "seller"
    assert found["call_hours"]["legal_basis"] == "Consent at checkout"
    assert found["undo_seconds"]["origin"] == "store"
    assert shown(run, "--seller", slug, "--country", "KW")["call_hours"]["origin"] == "seller"
    assert policy_for(session, store, "SA").undo_seconds == 3


def test_a_value_is_cleared(run, session):
    run("policy", "set", "undo_seconds", "3", "--country", "SA")
    assert run("policy", "clear", "undo_seconds", "--country", "SA", "--json").json["cleared"] is True
    assert run("policy", "clear", "undo_seconds", "--country", "SA", "--json").json["cleared"] is False
    assert [line.code for line in audit.lines(session).lines] == ["policy_cleared", "policy_set"]
    assert {line.actor for line in audit.lines(session).lines} == {"operator"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["set", "undo_seconds", "999", "--country", "SA"], "undo_seconds"),
        (["set", "max_calls_per_day", "true", "--country", "SA"], "a whole number is needed"),
        (["set", "vary_call_hours", "1", "--country", "SA"], "true or false is needed"),
        (["set", "ladder", "[]", "--country", "SA"], "ladder: needs 1 or more"),
        (["set", "prayer", "1", "--country", "SA"], "no value of this name"),
        (["clear", "prayer", "--country", "SA"], "no value of this name"),
        (["set", "undo_seconds", "soft", "--country", "SA"], "not JSON"),
        (["set", "undo_seconds", "1"], "--country"),
        (["set", "undo_seconds", "1", "--country", "SA", "--seller", "noor"], "either"),
        (["set", "undo_seconds", "1", "--seller", "nobody"], "no seller"),
        (["set", "undo_seconds", "1", "--store", "default"], "--seller"),
        (["set", "undo_seconds", "1", "--country", "FR"], "FR"),
        (["show"], "--country"),
    ],
)
def test_what_cannot_be_set_is_one_sentence(run, session, arguments, sentence):
    said = run("policy", *arguments)
    assert said.code in (1, 2)
    assert sentence in said.err
    assert audit.lines(session).lines == []


def test_a_sighting_is_added_listed_and_removed(run, session):
    why = ("--why", "Court announcement")
    said = run("calendar", "add", "ramadan", "--country", "SA", "--from", "2027-02-09", *why, "--json")
    [listed] = run("calendar", "list", "--country", "SA", "--json").json["overrides"]
    assert listed["id"] == said.json["id"]
    assert (listed["occasion"], listed["first_on"]) == ("ramadan", "2027-02-09")
    assert "SA  ramadan  2027-02-09" in run("calendar", "list").out
    again = run("calendar", "add", "ramadan", "--country", "SA", "--from", "2027-02-08", *why)
    assert (again.code, "remove that one first" in again.err) == (1, True)
    assert run("calendar", "remove", said.json["id"]).code == 0
    assert "nothing with this id" in run("calendar", "remove", said.json["id"]).err
    assert run("calendar", "list").out == "nothing is set\n"
    assert [line.code for line in audit.lines(session).lines] == ["calendar_removed", "calendar_added"]


def test_a_storm_is_told_in_local_time(run):
    arguments = (
        "--country",
        "OM",
        "--from",
        f"{NEXT_YEAR}-01-01T10:00",
        "--until",
        f"{NEXT_YEAR}-01-01T18:00+04:00",
    )
    run("calendar", "add", "shut", *arguments, "--why", "Cyclone")
    [listed] = run("calendar", "list", "--json").json["overrides"]
    assert (listed["begins_at"], listed["ends_at"]) == (
        f"{NEXT_YEAR}-01-01T06:00:00+00:00",
        f"{NEXT_YEAR}-01-01T14:00:00+00:00",
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ramadan", "--from", "2027-05-01"], "--from is more than 3 days"),
        (["ramadan", "--from", "soon"], "2027-02-09"),
        (["shut", "--from", "soon"], "T14:00"),
        (["shut", "--from", f"{NEXT_YEAR}-01-01T10:00"], "--until is missing"),
        (["holiday", "--from", f"{NEXT_YEAR}-01-02", "--until", f"{NEXT_YEAR}-01-01"], "--until lies before"),
        (["holiday", "--from", "2926-01-02"], "--from is more than 2 years ahead"),
        (["shut", "--from", "0001-01-01", "--until", "0001-01-02"], "--from: must be an instant"),
        (
            ["shut", "--from", f"{NEXT_YEAR}-01-01", "--until", "9999-12-31T23:00-09:00"],
            "--until: must be an instant",
        ),
        (["holiday", "--from", f"{NEXT_YEAR}-01-02", "--place", "SA/atlantis"], "place is none"),
    ],
)
def test_what_cannot_be_is_one_sentence(run, session, arguments, sentence):
    said = run("calendar", "add", *arguments, "--country", "SA", "--why", "x")
    assert said.code in (1, 2)
    assert sentence in said.err
    assert audit.lines(session).lines == []
