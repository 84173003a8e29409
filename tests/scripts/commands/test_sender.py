"""Senders at the command line."""

import pytest

from tests import stored

ADDRESS = "+966500000001"


@pytest.fixture
def slug(work, now):
    with work() as session:
        store = stored.a_store(session, now)
        session.refresh(store, ["seller"])
        return store.seller.slug


def test_a_sender_is_added_shown_changed_and_removed(run, slug):
    made = run(
        "sender", "add", "--kind", "voice", "--address", ADDRESS, "--seller", slug, "--country", "sa",
        "--per-second", "2.5", "--trunk", "BY" + "0" * 32, "--json",
    ).json  # fmt: skip
    assert (made["address"], made["country"], made["weight"], made["per_second"]) == (ADDRESS, "SA", 100, 2.5)
    [shown] = run("sender", "list", "--json").json["senders"]
    assert (shown["id"], shown["seller"], shown["standing"]) == (made["id"], slug, 100)
    assert f"{slug} SA, weight 100, standing 100, 2.5/s, by BY" in run("sender", "list").out
    assert run("sender", "set", ADDRESS, "--weight", "0").out == f"{ADDRESS}: weight 0, 2.5/s\n"
    assert run("sender", "remove", made["id"]).code == 0
    assert run("sender", "list").out == "no senders yet: flask sender add --help\n"


def test_routing_explains_itself(run, slug):
    for address, options in (
        (ADDRESS, ()),
        ("+966500000002", ("--weight", "50")),
        ("+966500000003", ("--country", "AE")),
        ("+966500000004", ("--weight", "0")),
    ):
        assert run("sender", "add", "--kind", "whatsapp", "--address", address, *options).code == 0
    asked = ("sender", "explain", "--kind", "whatsapp", "--country", "SA", "--seller", slug)
    assert [(each["address"][-1], each["share"]) for each in run(*asked, "--json").json["senders"]] == [
        ("1", 67),
        ("2", 33),
        ("3", 0),
        ("4", 0),
    ]
    assert run(*asked).out.splitlines() == [
        "+966500000001: may be used, and takes its share of the buyers (67 %)",
        "+966500000002: may be used, and takes its share of the buyers (33 %)",
        "+966500000003: is for another country",
        "+966500000004: switched off: its weight is 0",
    ]
    nothing = run("sender", "explain", "--kind", "sms", "--country", "SA")
    assert nothing.out == "there is no sender for these\n"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--address", "0500000001"), "the address does not fit the kind"),
        (("--address", ADDRESS, "--weight", "101"), "the weight is not from 0 to 100"),
        (("--address", ADDRESS, "--per-second", "0"), "the rate is not from 0.001 to 1,000 a second"),
        (("--address", ADDRESS, "--per-second", "fast"), "is not a number"),
        (("--address", ADDRESS, "--country", "FR"), "'FR' is not one of"),
        (("--address", ADDRESS, "--seller", "nobody"), "there is no seller with this id or slug"),
        (("--address", ADDRESS, "--trunk", "BY1"), "only voice senders leave by a trunk"),
    ],
)
def test_what_cannot_be_done_is_said(run, options, sentence):
    said = run("sender", "add", "--kind", "whatsapp", *options)
    assert said.code != 0
    assert sentence in said.err
    assert run("sender", "list", "--json").json["senders"] == []


def test_a_change_says_whom_and_what(run):
    assert "say what to change" in run("sender", "set", ADDRESS).err
    assert "there is no sender with this id or address" in run("sender", "set", ADDRESS, "--weight", "1").err
    assert "there is no sender with this id or address" in run("sender", "remove", "x").err
