"""Making sellers, their stores and keys."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from models.secrecy import digest
from models.sellers import ApiKey
from storefronts.endpoint import EndpointRefused
from storefronts.signing import sign
from tests.conftest import Work
from tests.orders import KEYS, make_seller
from verification.accounts.api_keys import authenticate, issue_key, revoke_key
from verification.accounts.refusals import AccountRefused
from verification.accounts.sellers import create_seller
from verification.accounts.stores import (
    add_store,
    drop_old_event_secrets,
    rotate_event_secret,
    rotate_hook_token,
)


def test_a_seller_can_send_orders_at_once(session: Session, now: datetime) -> None:
    made = make_seller(session, now, "Café Noir", "https://shop.example/events")
    assert made.seller.slug == "cafe-noir"
    assert (made.store.name, made.store.display_name) == ("default", "Café Noir")
    assert (made.store.country, made.store.time_zone) == ("SA", "Asia/Riyadh")
    key = authenticate(session, made.api_key, now)
    assert key is not None
    assert key.seller_id == made.seller.id
    assert made.api_key not in str(vars(key))
    assert json.loads(KEYS.decrypt(made.store.event_secrets)) == [made.webhook_secret]
    assert sign([made.webhook_secret], "id", 1, b"body")


@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("Noor", ["noor", "noor-2", "noor-3"]),
        ("متجر نور", ["seller-1", "seller-2", "seller-3"]),
        ("深圳电子", ["seller-1", "seller-2", "seller-3"]),
        ("متجر Noor", ["noor", "noor-2", "noor-3"]),
        ("24", ["seller-1", "seller-2", "seller-3"]),
        ("x" * 90, ["x" * 40, "x" * 40 + "-2", "x" * 40 + "-3"]),
    ],
)
def test_slugs_are_unique(session: Session, now: datetime, name: str, slugs: list[str]) -> None:
    assert [make_seller(session, now, name).seller.slug for _ in slugs] == slugs


def test_sellers_of_one_name_at_once_have_two_slugs(work: Work, now: datetime) -> None:
    start = Barrier(4)

    def make(_: int) -> str:
        with work() as session:
            start.wait()
            return make_seller(session, now, "Noor").seller.slug

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(make, range(4))) == ["noor", "noor-2", "noor-3", "noor-4"]


def test_a_shop_abroad_lives_on_its_own_clock(session: Session, now: datetime) -> None:
    made = create_seller(session, "深圳", "cn", keys=KEYS, now=now)
    assert (made.seller.country, made.store.time_zone) == ("CN", "Asia/Shanghai")
    gulf = add_store(session, made.seller, "gulf", keys=KEYS, now=now, country="AE", platform="salla")
    assert (gulf.store.country, gulf.store.time_zone, gulf.store.platform) == ("AE", "Asia/Dubai", "salla")


@pytest.mark.parametrize(
    ("name", "country", "code"),
    [(" ", "SA", "name_empty"), ("A\0", "SA", "name_empty"), ("A", "XX", "unknown_country")],
)
def test_what_makes_no_seller_is_refused(
    session: Session, now: datetime, name: str, country: str, code: str
) -> None:
    with pytest.raises(AccountRefused, match=code):
        create_seller(session, name, country, keys=KEYS, now=now)


def test_events_are_not_sent_into_our_own_network(session: Session, now: datetime) -> None:
    with pytest.raises(EndpointRefused):
        make_seller(session, now, url="http://127.0.0.1:9000/")
    made = create_seller(session, "A", "SA", "http://127.0.0.1:9000/", keys=KEYS, now=now, allow_private=True)
    assert made.store.event_url == "http://127.0.0.1:9000/"


def test_a_stores_name_is_its_own(session: Session, now: datetime) -> None:
    made, rival = make_seller(session, now), make_seller(session, now, "Rival")
    for name, zone, code in (("default", None, "name_taken"), ("b", "Mars/Base", "unknown_time_zone")):
        with pytest.raises(AccountRefused, match=code):
            add_store(session, made.seller, name, keys=KEYS, now=now, time_zone=zone)
    add_store(session, rival.seller, "outlet", keys=KEYS, now=now)
    assert add_store(session, made.seller, "outlet", keys=KEYS, now=now).store.name == "outlet"


def test_secrets_rotate_with_the_old_one_still_signing(session: Session, now: datetime) -> None:
    made = make_seller(session, now)
    newest = [made.webhook_secret]
    for _ in range(3):
        newest.insert(0, rotate_event_secret(session, made.store, keys=KEYS))
        assert json.loads(KEYS.decrypt(made.store.event_secrets)) == newest[:2]
    drop_old_event_secrets(session, made.store, keys=KEYS)
    assert json.loads(KEYS.decrypt(made.store.event_secrets)) == newest[:1]
    token = rotate_hook_token(session, made.store)
    assert made.store.hook_token_hash == digest(token)


def test_a_key_opens_until_it_is_revoked(session: Session, now: datetime) -> None:
    made, rival = make_seller(session, now), make_seller(session, now, "Rival")
    second = issue_key(session, made.seller.id, now=now)
    key_id = made.api_key.split("_")[1]
    revoke_key(session, rival.seller.id, key_id, now=now)
    session.expire_all()
    assert authenticate(session, made.api_key, now)
    revoke_key(session, made.seller.id, key_id, now=now + timedelta(hours=1))
    session.expire_all()
    assert authenticate(session, made.api_key, now + timedelta(hours=1)) is None
    assert authenticate(session, second, now + timedelta(hours=1))


def test_no_other_text_is_a_key(session: Session, now: datetime) -> None:
    made = make_seller(session, now)
    _, key_id, secret = made.api_key.split("_", 2)
    for text in (
        "",
        "tk_",
        made.api_key + "x",
        made.api_key[:-1],
        f"tk_{key_id}_{'A' * len(secret)}",
        f"tk_{'0' * 12}_{secret}",
        f"tk_{key_id}\0_{secret}",
        f"tk_{key_id}_{secret}\ud800",
        f"xx_{key_id}_{secret}",
    ):
        assert authenticate(session, text, now) is None
    assert session.get_one(ApiKey, key_id).secret_hash != secret.encode()
