"""Sellers, stores and users from the command line."""

from importlib.util import find_spec, module_from_spec

import pytest
from sqlalchemy import select

from models.outbox import OutboxDelivery
from models.sellers import Store
from models.users import User
from models.vocabulary import DeliveryState
from storefronts.signing import sign
from tests import stored
from verification.accounts.api_keys import authenticate
from verification.accounts.sessions import find_session, sign_in
from verification.accounts.users import user_with_password

URL = "https://shop.example/events"


def make(run, name="Noor Shop") -> dict:
    return run("seller", "create", name, "--country", "SA", "--json").json


def test_a_seller_is_made_with_what_its_program_needs(run, session, now):
    said = run("seller", "create", "Noor Shop", "--country", "sa", "--webhook-url", URL, "--json")
    assert said.code == 0
    assert set(said.json) == {"id", "slug", "api_key", "webhook_secret"}
    assert said.json["slug"] == "noor-shop"
    assert str(authenticate(session, said.json["api_key"], now).seller_id) == said.json["id"]
    assert sign([said.json["webhook_secret"]], "id", 1, b"")
    assert session.scalars(select(Store.event_url)).all() == [URL]


def test_without_json_the_same_is_read_by_a_person(run):
    said = run("seller", "create", "Noor", "--country", "SA")
    assert "tk_" in said.out
    assert "whsec_" in said.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["Noor", "--country", "XX"], "ISO 3166-1"),
        ([" ", "--country", "SA"], "name is empty"),
        (["Noor", "--country", "SA", "--webhook-url", "http://shop.example"], "https://"),
        (["Noor", "--country", "SA", "--webhook-url", "https://10.0.0.1/"], "private network"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_nothing_is_made(run, session, arguments, sentence):
    said = run("seller", "create", *arguments, "--json")
    assert (said.code, said.out) == (1, "")
    assert sentence in said.err
    assert "Traceback" not in said.err
    assert session.scalars(select(Store)).all() == []


def test_private_addresses_are_allowed_when_the_setting_says_so(run):
    arguments = ("seller", "create", "Noor", "--country", "SA", "--webhook-url", "http://127.0.0.1:9000/")
    assert run(*arguments, TAKEED_WEBHOOK_ALLOW_PRIVATE="1").code == 0


def test_rotating_a_key_ends_the_old_one(run, session, now):
    seller = make(run)
    new = run("seller", "rotate-key", "noor-shop", "--json").json
    later = run("seller", "rotate-key", seller["id"], "--keep-old", "--json").json
    assert (new["ended"], later["ended"]) == (1, 0)
    works = [authenticate(session, each["api_key"], now) is not None for each in (seller, new, later)]
    # Revoked by the host's clock, which is not the fixture's.
    assert works[1:] == [True, True]
    key_id = seller["api_key"].split("_")[1]
    assert [key for key, revoked in revocations(session).items() if revoked] == [key_id]


def revocations(session) -> dict:
    from models.sellers import ApiKey

    return dict(session.execute(select(ApiKey.id, ApiKey.revoked_at)).all())


def test_rotating_the_webhook_secret_gives_a_new_one(run):
    seller = make(run)
    said = run("seller", "rotate-secret", seller["slug"], "--json").json
    assert said["webhook_secret"].startswith("whsec_")
    assert said["webhook_secret"] != seller["webhook_secret"]


def test_a_webhook_set_later_gets_what_waited(run, work, now):
    seller = make(run)
    with work() as session:
        store = session.scalars(select(Store)).one()
        order = stored.an_order(session, now, store, stored.a_buyer(session, now))
        waited = stored.an_event(session, now, order, state=DeliveryState.disabled)
    assert run("seller", "webhook", seller["slug"], URL, "--json").json == {
        "store": "default",
        "url": URL,
        "waited": 1,
    }
    with work() as session:
        assert session.get_one(OutboxDelivery, waited).state is DeliveryState.pending


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nobody", URL], "no seller"),
        (["noor-shop", "ftp://x"], "https://"),
        (["noor-shop", URL, "--store", "other"], "no store"),
    ],
)
def test_a_webhook_that_cannot_be_set(run, arguments, sentence):
    make(run)
    said = run("seller", "webhook", *arguments)
    assert said.code == 1
    assert sentence in said.err


def test_a_store_is_added_with_its_secrets(run):
    make(run)
    said = run("store", "add", "noor-shop", "dubai", "--platform", "salla", "--country", "AE", "--json")
    assert said.json["time_zone"] == "Asia/Dubai"
    assert said.json["hook_url"].endswith(f"/storefronts/salla/{said.json['hook_token']}")
    again = run("store", "add", "noor-shop", "dubai", "--platform", "salla")
    assert (again.code, "already" in again.err) == (1, True)


def test_a_user_signs_in_with_the_password_from_standard_input(run, session):
    arguments = ("Lama@Noor.example", "--name", "لمى", "--role", "agent", "--password-stdin", "--json")
    said = run("user", "create", *arguments, stdin="a good password\n")
    assert said.json["email"] == "lama@noor.example"
    assert "a good password" not in said.out
    assert user_with_password(session, "lama@noor.example", "a good password").name == "لمى"


def test_a_sellers_user_belongs_to_the_seller(run, session):
    seller = make(run)
    arguments = ("a@b.example", "--name", "A", "--role", "seller", "--password-stdin")
    assert run("user", "create", *arguments, stdin="a good password\n").code == 2
    assert run("user", "create", *arguments, "--seller", "noor-shop", stdin="a good password\n").code == 0
    assert str(session.scalars(select(User.seller_id)).one()) == seller["id"]


def test_a_short_password_is_refused(run):
    arguments = ("a@b.example", "--name", "A", "--role", "agent", "--password-stdin")
    said = run("user", "create", *arguments, stdin="short\n")
    assert (said.code, "8 characters" in said.err) == (1, True)


def lama(run, *, password="a good password") -> None:
    arguments = ("lama@noor.example", "--name", "Lama", "--role", "agent", "--password-stdin")
    assert run("user", "create", *arguments, stdin=password + "\n").code == 0


def signed_in(work, keys, now, password="a good password") -> str | None:
    with work() as session:
        begun = sign_in(session, "lama@noor.example", password, address="10.0.0.1", keys=keys, now=now)
        return begun and begun.token


def is_in(work, token, now) -> bool:
    with work() as session:
        return find_session(session, token, now, touch=False) is not None


def test_a_disabled_user_is_out_at_once_until_enabled_again(run, work, keys, now):
    lama(run)
    token = signed_in(work, keys, now)
    said = run("user", "disable", "LAMA@noor.example", "--json")
    assert said.json["enabled"] is False
    assert not is_in(work, token, now)
    assert signed_in(work, keys, now) is None
    assert run("user", "enable", "lama@noor.example", "--json").json["enabled"] is True
    assert not is_in(work, token, now)
    assert is_in(work, signed_in(work, keys, now), now)


def test_another_password_ends_what_the_old_one_opened(run, work, keys, now):
    lama(run)
    token = signed_in(work, keys, now)
    new = ("user", "password", "lama@noor.example", "--password-stdin")
    assert run(*new, stdin="short\n").code == 1
    assert is_in(work, token, now)
    said = run(*new, stdin="a better password\n")
    assert (said.code, "a better password" in said.out) == (0, False)
    assert not is_in(work, token, now)
    assert signed_in(work, keys, now) is None
    assert signed_in(work, keys, now, "a better password") is not None


def test_a_stored_password_costs_what_rfc_9106_asks_for():
    # The module anew, as the product loads it: the tests' own hashes are cheap ones.
    spec = find_spec("verification.accounts.users")
    users = module_from_spec(spec)
    spec.loader.exec_module(users)
    assert users.hash_password("a good password").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize("change", ["disable", "enable", "password"])
def test_nobody_cannot_be_changed(run, change):
    said = run(
        "user",
        change,
        "no\0body@noor.example",
        *["--password-stdin"] * (change == "password"),
        stdin="a password\n",
    )
    assert (said.code, "nobody has this email" in said.err) == (1, True)


def test_a_wrong_setting_is_a_sentence(run):
    said = run("status", "--json", DATABASE_URL="mysql://x")
    assert (said.code, said.out) == (1, "")
    assert "DATABASE_URL" in said.err


def test_a_database_that_is_not_there_is_a_sentence_without_the_password(run):
    url = "postgresql://someone:hunter2secret@127.0.0.1:9/none"
    said = run("status", "--json", DATABASE_URL=url)
    assert (said.code, said.out) == (1, "")
    assert "cannot be reached" in said.err
    assert "hunter2secret" not in said.err


def test_an_agents_own_phone(run, session):
    options = ("--name", "Huda", "--role", "agent", "--password-stdin")
    run("user", "create", "huda@takeed.example", *options, stdin="correct horse\n")
    assert run("user", "phone", "huda@takeed.example", "0551234567").code == 0
    assert session.scalars(select(User.phone)).all() == ["+966551234567"]
    assert run("user", "phone", "huda@takeed.example", "--none").code == 0
    session.expire_all()
    assert session.scalars(select(User.phone)).all() == [None]
    refused = run("user", "phone", "huda@takeed.example", "99")
    assert (refused.code, "99" in refused.err) == (1, False)
    assert run("user", "phone", "huda@takeed.example").code == 2
