"""The buyer's page, from the link in the message to what the seller is told."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select, text, update
from werkzeug.test import TestResponse

from models.base import Base
from models.buyers import BuyerSign, OptOut
from models.inbound import InboundEvent
from models.messages import Message
from models.orders import Order, OrderContactPoint
from models.pages import PageLink
from models.secrecy import digest
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel, Disposition
from tests.building import Provider, decisions_of, events_of, live_step, ready_claims
from tests.orders import E164
from tests.web.conftest import Api, Clock
from verification.contact.beginning import begin
from verification.contact.contacting import contact
from verification.outcome.disposing import Disposed, dispose
from verification.privacy.erasing import erase_buyer
from verification.steps.transitions import Stale
from web.buyer_page.sentences import GONE, LANGUAGES, REASONS, TROUBLES
from web.translating import translations

SITE = "https://takeed.example"
ADDRESS = {
    "city": "الرياض",
    "district": "النرجس",
    "street": "شارع أنس بن مالك",
    "building": "١٢",
    "short_address": "RNRA4521",
    "landmark": "",
    "pin": "",
}


@dataclass
class Buyer:
    """A buyer with a link, in a browser without cookies or scripts."""

    api: Api
    clock: Clock
    engine: Engine
    link: str

    @property
    def path(self) -> str:
        return self.link.removeprefix(SITE)

    def look(self, query: str = "", **how: object) -> TestResponse:
        return self.api.app.test_client().get(self.path + query, **how)

    def form(self) -> str:
        return re.search(r'name="form" value="([^"]+)"', self.look().text)[1]

    def press(self, button: str, order: dict | None = None, **fields: str) -> TestResponse:
        named = {"order": order["id"]} if order else {}
        return self.send({"form": self.form(), "button": button, **named, **fields})

    def seen(self, order_id: str) -> str:
        shown = (
            rf'name="order" value="{re.escape(order_id)}">\s*<input type="hidden" name="seen" value="([^"]+)'
        )
        found = re.search(shown, self.look().text)
        return html.unescape(found[1]) if found else ""

    def send(self, form: dict, **how: object) -> TestResponse:
        return self.api.app.test_client().post(self.path, data=self.with_seen(form), **how)

    def with_seen(self, form: dict) -> dict:
        return {"seen": self.seen(form["order"]), **form} if "order" in form else form

    def decision(self, order: dict) -> dict | None:
        return self.api.get(f"/orders/{order['id']}").json["decision"]

    def proof(self, order: dict) -> dict:
        return decisions_of(self.engine, UUID(order["id"]))[-1].proof

    def events(self, order: dict) -> list[str]:
        return [event.event_type.value for event in events_of(self.engine, UUID(order["id"]))]


def said(sentence: object, language: str = "ar") -> str:
    return translations(language).gettext(str(sentence))


def ask(api: Api, clock: Clock) -> Buyer:
    """Make the contacts that are due, as the scheduler does; who holds the link of the last one."""
    engine, provider = api.app.extensions["takeed"].engine, Provider()
    for held in ready_claims(engine, clock()):
        contact(engine, held, provider, clock, lambda token: f"{SITE}/c/{token}")
    clock.forward(minutes=5)
    return Buyer(api, clock, engine, provider.sends[-1].link)


@pytest.fixture
def order(api: Api) -> dict:
    return api.send()


@pytest.fixture
def buyer(api: Api, order: dict, clock: Clock) -> Buyer:
    return ask(api, clock)


def everything(engine: Engine) -> dict[str, list[str]]:
    with engine.connect() as connection:
        return {
            table.name: sorted(
                row for (row,) in connection.execute(text(f'SELECT t::text FROM "{table.name}" AS t'))
            )
            for table in Base.metadata.sorted_tables
        }


def test_looking_changes_nothing(buyer: Buyer, order: dict) -> None:
    before = everything(buyer.engine)
    client = buyer.api.app.test_client()
    for query in ("", "?lang=en", "?lang=ckb", "?lang=xx", "?button=confirm&order=" + order["id"]):
        page = buyer.look(query, headers={"User-Agent": "WhatsApp/2.23"})
        assert page.status_code == 200
        head = client.head(buyer.path + query)
        assert (head.status_code, head.data) == (200, b"")
    assert everything(buyer.engine) == before


def test_the_page_shows_the_order_and_hides_the_phone(buyer: Buyer) -> None:
    page = buyer.look()
    shown = html.unescape(page.text)
    for known in ("Noor Shop", "#1047", "خلاط محمول", "أسود", "199.00", "شارع أنس بن مالك", "RNRA4521"):
        assert known in shown
    assert "551234" not in shown
    assert "نوره" not in shown
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert not re.search(r"style=|<style|<script|\son\w+=", page.text)
    assert "Set-Cookie" not in page.headers


def test_the_page_adds_up(api: Api, clock: Clock) -> None:
    api.send(total="195.00")
    shown = ask(api, clock).look("?lang=en").text
    assert re.search(r"Delivery and other charges</span> <bdi[^>]*>SAR\s15\.00<", html.unescape(shown))


def test_a_page_whose_items_come_to_the_total_names_no_charges(api: Api, clock: Clock) -> None:
    api.send(total="180.00")
    assert said("Delivery and other charges") not in ask(api, clock).look().text


def test_an_address_loses_its_marks_of_direction(buyer: Buyer, order: dict) -> None:
    buyer.press("address", order, **{**ADDRESS, "street": "\u202eشارع الأمير\u202c"})
    assert buyer.api.get(f"/orders/{order['id']}").json["address"]["street"] == "شارع الأمير"


def test_a_link_is_kept_as_a_digest_only(buyer: Buyer) -> None:
    token = buyer.link.rpartition("/")[2]
    assert re.fullmatch(r"[A-Za-z0-9]{24}", token)
    assert not any(token in row for rows in everything(buyer.engine).values() for row in rows)
    with unit_of_work(buyer.engine) as session:
        link = session.get_one(PageLink, digest(token))
        assert link.used_at is None
        assert link.expires_at == buyer.clock.now - timedelta(minutes=5) + timedelta(hours=48 + 72)


def test_a_yes_confirms_with_the_page_as_proof(buyer: Buyer, order: dict) -> None:
    answer = buyer.press("confirm", order)
    assert (answer.status_code, answer.headers["Location"]) == (303, buyer.path)
    found = buyer.decision(order)
    assert (found["verdict"], found["reason"], found["via"]) == ("confirmed", "buyer_confirmed", "page")
    proof = buyer.proof(order)
    assert (proof["kind"], proof["button"]) == ("page", "confirm")
    assert proof["attempt_id"]
    assert proof["at"] == buyer.clock.now.isoformat()
    assert buyer.events(order) == ["order.confirmed"]
    assert said("You have confirmed this order. Thank you!") in buyer.look().text
    with unit_of_work(buyer.engine) as session:
        assert session.scalars(select(PageLink.used_at)).one() == buyer.clock.now
        assert session.scalars(select(Message.channel).where(Message.direction == "in")).one() == "page"
        assert "page_used" in session.scalars(select(BuyerSign.kind)).all()


@pytest.mark.parametrize("reason", REASONS)
def test_a_no_cancels_with_its_reason(buyer: Buyer, order: dict, reason: str) -> None:
    assert buyer.press("cancel", order, reason=reason).status_code == 303
    found = buyer.decision(order)
    assert (found["verdict"], found["reason"], found["via"]) == ("rejected", reason, "page")
    assert buyer.proof(order)["kind"] == "page"
    assert said("You have cancelled this order.") in buyer.look().text


def test_a_reason_that_is_not_offered_counts_as_none(buyer: Buyer, order: dict) -> None:
    buyer.press("cancel", order, reason="fake_details")
    assert buyer.decision(order)["reason"] == "unspecified"


def test_a_buyer_may_think_again_before_the_parcel_leaves(buyer: Buyer, order: dict) -> None:
    buyer.press("confirm", order)
    buyer.press("cancel", order, reason="price")
    assert buyer.decision(order)["verdict"] == "rejected"
    assert buyer.events(order) == ["order.confirmed", "order.rejected"]
    # A yes after a no is looked at by a person.
    buyer.press("confirm", order)
    assert buyer.decision(order)["verdict"] == "rejected"
    assert live_step(buyer.engine, UUID(order["id"])).channel is Channel.agent_call
    page = buyer.look().text
    assert said("We will call you about this order.") in page
    assert said("I want this order after all") not in page


def test_a_corrected_address_is_stored_and_confirmed_in_one(buyer: Buyer, order: dict) -> None:
    lines = {**ADDRESS, "landmark": "قرب  جامع الرحمن", "pin": "24.7136, 46.6753", "building": ""}
    assert buyer.press("confirm", order, **lines).status_code == 303
    stored = buyer.api.get(f"/orders/{order['id']}").json
    assert stored["address"]["landmark"] == "قرب جامع الرحمن (24.71360,46.67530)"
    assert stored["address"]["building"] is None
    assert stored["address"]["street"] == ADDRESS["street"]
    assert stored["decision"]["changes"] == {"address": ["building", "landmark"]}
    assert buyer.events(order) == ["order.confirmed"]
    diary = buyer.api.get(f"/orders/{order['id']}/diary").json["entries"]
    [line] = [entry for entry in diary if entry["code"] == "address_corrected"]
    assert line["params"] == {"lines": ["building", "landmark"]}
    form = html.unescape(buyer.look().text)
    assert 'name="landmark" value="قرب جامع الرحمن"' in form
    assert 'name="pin" value="24.71360,46.67530"' in form


def test_a_corrected_city_moves_the_contacts_that_follow(buyer: Buyer, order: dict) -> None:
    assert live_step(buyer.engine, UUID(order["id"])).place == "SA/riyadh"
    buyer.press("address", order, **{**ADDRESS, "city": "تبوك"})
    assert live_step(buyer.engine, UUID(order["id"])).place == "SA/tabuk"


def test_saving_the_address_alone_decides_nothing(buyer: Buyer, order: dict) -> None:
    answer = buyer.press("address", order, **{**ADDRESS, "district": "الياسمين"})
    assert answer.headers["Location"] == f"{buyer.path}?said=address"
    assert said("The address is saved.") in buyer.look("?said=address").text
    stored = buyer.api.get(f"/orders/{order['id']}").json
    assert (stored["address"]["district"], stored["decision"]) == ("الياسمين", None)
    assert stored["next_contact"]["channel"] == "sms"
    assert buyer.events(order) == ["order.changed"]


def test_an_address_corrected_after_the_yes_is_told(buyer: Buyer, order: dict) -> None:
    buyer.press("confirm", order)
    buyer.press("address", order, **{**ADDRESS, "building": "14"})
    assert buyer.decision(order)["verdict"] == "confirmed"
    assert buyer.events(order) == ["order.confirmed", "order.changed"]
    buyer.press("address", order, **{**ADDRESS, "building": "14"})
    assert buyer.events(order) == ["order.confirmed", "order.changed"]


def test_the_flag_goes_when_the_address_is_complete(api: Api, clock: Clock) -> None:
    order = api.send(address={"district": None, "street": None, "building": None, "short_address": None})
    assert [flag["code"] for flag in order["flags"]] == ["address_incomplete"]
    buyer = ask(api, clock)
    buyer.press("address", order, **ADDRESS)
    assert api.get(f"/orders/{order['id']}").json["flags"] == []


@pytest.mark.parametrize(
    ("lines", "trouble"),
    [
        ({"street": "x" * 201}, "too_long"),
        ({"pin": "https://maps.app.goo.gl/abc", "street": "شارع <جديد>"}, "pin_unreadable"),
        (dict.fromkeys(ADDRESS, " \0 "), "address_empty"),
    ],
)
def test_an_address_that_cannot_be_taken_stays_on_the_page(
    buyer: Buyer, order: dict, lines: dict, trouble: str
) -> None:
    before = everything(buyer.engine)
    page = buyer.press("confirm", order, **{**ADDRESS, **lines})
    assert page.status_code == 422
    assert said(TROUBLES[trouble]) in page.text
    if "\0" not in lines.get("street", ""):
        assert lines["street"] in html.unescape(page.text)
    assert everything(buyer.engine) == before


def offered(buyer: Buyer) -> list[str]:
    return [html.unescape(at) for at in re.findall(r'name="at" value="([^"]+)"', buyer.look().text)]


def test_a_call_is_promised_at_the_chosen_hour(buyer: Buyer, order: dict) -> None:
    times = offered(buyer)
    assert len(times) > 3
    assert buyer.press("later", at=times[1]).status_code == 303
    step = live_step(buyer.engine, UUID(order["id"]))
    assert (step.channel, step.not_before) == (Channel.agent_call, datetime.fromisoformat(times[1]))
    assert step.reason["code"] == "asked_to_call_later"
    assert buyer.decision(order) is None
    page = buyer.look("?lang=en").text
    assert "We will call you:" in page
    assert "Today, Sunday 22 November" in page
    buyer.press("confirm", order)
    assert buyer.decision(order)["verdict"] == "confirmed"
    assert offered(buyer) == []


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("2026-11-22T23:00:00+00:00", 409),
        ("2020-01-01T10:00:00+00:00", 409),
        ("2026-11-22T14:00:00", 422),
        ("soon", 422),
        ("", 422),
    ],
)
def test_a_call_is_promised_only_at_a_time_that_is_offered(buyer: Buyer, at: str, status: int) -> None:
    before = everything(buyer.engine)
    assert buyer.press("later", at=at).status_code == status
    assert everything(buyer.engine) == before


def test_stop_silences_the_messages_of_that_number(buyer: Buyer, order: dict) -> None:
    assert buyer.press("stop").status_code == 303
    with unit_of_work(buyer.engine) as session:
        assert set(session.scalars(select(OptOut.channel))) == {Channel.sms, Channel.whatsapp}
    assert live_step(buyer.engine, UUID(order["id"])).channel is Channel.ivr
    page = buyer.look().text
    assert said("You get no more messages from us on this number.") in page
    assert said("Confirm the order") in page


def test_a_stranger_says_so_and_sees_the_order_no_more(buyer: Buyer, order: dict) -> None:
    answer = buyer.press("wrong_number")
    page = buyer.api.app.test_client().get(answer.headers["Location"])
    assert page.status_code == 404
    assert "Thank you. We will no longer use this number for that order." in page.text
    with unit_of_work(buyer.engine) as session:
        assert session.scalars(select(OrderContactPoint.refused_at)).one() == buyer.clock.now
    assert buyer.look().status_code == 404
    assert buyer.send({"form": "x" * 20, "button": "confirm", "order": order["id"]}).status_code == 404


def test_a_form_counts_once_however_often_it_is_sent(buyer: Buyer, order: dict) -> None:
    form = {"form": buyer.form(), "button": "confirm", "order": order["id"]}
    assert [buyer.send(form).status_code for _ in range(3)] == [303] * 3
    assert buyer.events(order) == ["order.confirmed"]
    with unit_of_work(buyer.engine) as session:
        assert len(session.scalars(select(InboundEvent)).all()) == 1
    # Back in the browser, and another choice on the same page.
    buyer.send({**form, "button": "cancel", "reason": "price"})
    assert buyer.decision(order)["verdict"] == "rejected"
    before = everything(buyer.engine)
    buyer.send(form)
    assert everything(buyer.engine) == before


def test_a_double_click_decides_once(buyer: Buyer, order: dict) -> None:
    form = {"form": buyer.form(), "button": "confirm", "order": order["id"]}
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(buyer.send, [form] * 4))
    assert [answer.status_code for answer in answers] == [303] * 4
    assert buyer.events(order) == ["order.confirmed"]


def test_a_stale_form_meets_what_was_decided_meanwhile(buyer: Buyer, order: dict) -> None:
    form = {"form": buyer.form(), "button": "confirm", "order": order["id"]}
    buyer.press("cancel", order, reason="price")
    assert buyer.send(form).status_code == 303
    assert buyer.decision(order)["verdict"] == "rejected"
    assert buyer.events(order) == ["order.rejected"]


def test_once_shipped_every_choice_is_too_late(buyer: Buyer, order: dict) -> None:
    form = buyer.form()
    buyer.press("confirm", order)
    buyer.api.post(
        f"/orders/{order['id']}/shipment", {"status": "shipped", "at": buyer.clock.now.isoformat()}
    )
    before = everything(buyer.engine)
    for button, more in (("cancel", {"reason": "price"}), ("address", ADDRESS), ("confirm", {})):
        page = buyer.send({"form": form, "button": button, "order": order["id"], **more, "extra": "1"})
        assert page.status_code == 409
        assert said("The order can no longer be changed. Please contact the store.") in page.text
    assert everything(buyer.engine) == before
    page = buyer.look().text
    assert said("Your order is on its way. To change anything now, please contact the store.") in page
    assert ADDRESS["street"] not in page
    assert 'value="cancel"' not in page


def test_unknown_and_expired_links_are_told_apart_by_nobody(buyer: Buyer, order: dict) -> None:
    client = buyer.api.app.test_client()
    unknown = client.get("/c/" + "A" * 24)
    assert unknown.status_code == 404
    for token in ("x", "%00", "%ff", "A" * 5000, "..%2f"):
        assert client.get(f"/c/{token}").status_code == 404
    buyer.clock.forward(hours=48 + 72)
    expired = buyer.look()
    assert (expired.status_code, expired.text) == (404, unknown.text)
    before = everything(buyer.engine)
    assert buyer.send({"form": "x" * 20, "button": "confirm", "order": order["id"]}).text == unknown.text
    assert everything(buyer.engine) == before
    for language in LANGUAGES:
        assert said(GONE, language) in html.unescape(unknown.text)


def test_nothing_is_shown_of_a_person_who_was_erased(buyer: Buyer, order: dict) -> None:
    with unit_of_work(buyer.engine) as session:
        erase_buyer(session, E164, buyer.api.app.extensions["takeed"].keys, buyer.clock.now)
    assert buyer.look().status_code == 404


def test_a_link_opens_no_other_order(buyer: Buyer, api: Api, other: Api, clock: Clock) -> None:
    elsewhere = other.send("77")
    hers = api.send("88", buyer={"phone": "0559876543"})
    before = everything(buyer.engine)
    for order_id in (elsewhere["id"], hers["id"], str(uuid4())):
        form = {"form": buyer.form(), "button": "confirm", "order": order_id}
        assert buyer.send(form).status_code == 404
    assert buyer.send({"form": buyer.form(), "button": "confirm", "order": "'; --"}).status_code == 422
    assert buyer.send({"form": buyer.form(), "button": "confirm"}).status_code == 422
    assert everything(buyer.engine) == before


def test_an_order_that_moved_to_another_phone_is_not_shown(buyer: Buyer, order: dict) -> None:
    assert buyer.api.patch(order["id"], {"buyer": {"phone": "0559876543"}}).status_code == 200
    assert buyer.look().status_code == 404


def test_orders_asked_about_together_are_answered_one_by_one(api: Api, clock: Clock) -> None:
    first, second = api.send("1", number="#1"), api.send("2", number="#2", total="300.00")
    buyer = ask(api, clock)
    page = buyer.look().text
    assert "#1" in page
    assert "#2" in page
    buyer.press("confirm", first)
    assert (buyer.decision(first)["verdict"], buyer.decision(second)) == ("confirmed", None)
    # A call is asked for about what is open.
    buyer.press("later", at=offered(buyer)[0])
    assert live_step(buyer.engine, UUID(second["id"])).channel is Channel.agent_call
    assert api.get(f"/orders/{first['id']}").json["next_contact"] is None
    buyer.press("cancel", second, reason="duplicate")
    assert buyer.decision(second)["reason"] == "duplicate"
    assert buyer.decision(first)["verdict"] == "confirmed"


def test_an_agent_on_the_phone_loses_the_case_to_the_page(buyer: Buyer, order: dict) -> None:
    buyer.press("later", at=offered(buyer)[0])
    # 19:00 in Riyadh: no hour before is free of prayers.
    buyer.clock.forward(hours=6)
    [held] = ready_claims(buyer.engine, buyer.clock(), Channel.agent_call, holder="agent:1")
    with unit_of_work(buyer.engine) as session:
        begin(session, held, provider="agent", now=buyer.clock())
    buyer.press("cancel", order, reason="price")
    with unit_of_work(buyer.engine) as session, pytest.raises(Stale):
        dispose(session, held, {UUID(order["id"]): Disposed(Disposition.confirm)}, now=buyer.clock())
    assert [each.verdict.value for each in decisions_of(buyer.engine, UUID(order["id"]))] == ["rejected"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "null"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "https://evil.example"}, 403),
    ],
)
def test_no_other_site_answers_for_the_buyer(buyer: Buyer, order: dict, headers: dict, status: int) -> None:
    form = {"form": buyer.form(), "button": "confirm", "order": order["id"]}
    assert buyer.send(form, headers=headers).status_code == status
    assert (buyer.decision(order) is not None) == (status == 303)


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"data": b"\xff\xfe\x00=%ff&button=%00"}, 422),
        ({"data": b"button=confirm&form=" + b"x" * 70_000}, 413),
        ({"json": {"button": "confirm"}}, 422),
        ({"data": {"button": "nonsense"}}, 422),
        ({"data": {"button": "stop", "form": "short"}}, 422),
        ({}, 422),
    ],
)
def test_no_form_however_broken_is_a_fault(buyer: Buyer, how: dict, status: int) -> None:
    before = everything(buyer.engine)
    kind = {} if "json" in how else {"content_type": "application/x-www-form-urlencoded"}
    answer = buyer.api.app.test_client().post(buyer.path, **how, **kind)
    assert answer.status_code == status
    assert everything(buyer.engine) == before


def test_what_people_typed_is_text(api: Api, clock: Clock) -> None:
    nasty = "<script>alert(1)</script>\"'><b>"
    item = {"title": nasty, "variant": nasty, "quantity": 2, "unit_price": "90.00"}
    order = api.send(number=nasty, items=[item], address={"street": nasty, "landmark": nasty})
    buyer = ask(api, clock)
    page = buyer.look().text
    assert "<script" not in page
    assert "<b>" not in page.replace('<b class="times">', "")
    assert page.count(html.escape(nasty).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")) >= 4
    assert buyer.press("confirm", order, **{**ADDRESS, "street": nasty}).status_code == 303
    assert "<script" not in buyer.look().text


@pytest.mark.parametrize(
    ("language", "query", "shown", "direction"),
    [
        ("ar", "", "ar", "rtl"),
        (None, "", "ar", "rtl"),
        ("en", "", "en", "ltr"),
        ("ku", "", "ckb", "rtl"),
        ("ckb", "", "ckb", "rtl"),
        ("fr", "", "en", "ltr"),
        ("ar", "?lang=en", "en", "ltr"),
        ("en", "?lang=ckb", "ckb", "rtl"),
        ("en", "?lang=xx", "en", "ltr"),
    ],
)
def test_the_page_speaks_the_buyers_language(
    api: Api, clock: Clock, language: str | None, query: str, shown: str, direction: str
) -> None:
    order = api.send(buyer={"language": language})
    buyer = ask(api, clock)
    page = buyer.look(query).text
    assert f'<html lang="{shown}" dir="{direction}">' in page
    assert said("Confirm the order", shown) in page
    sent = {"form": buyer.form(), "button": "confirm", "order": order["id"]}
    answer = api.app.test_client().post(buyer.path + query, data=buyer.with_seen(sent))
    kept = query if query != "?lang=xx" else ""
    assert answer.headers["Location"] == buyer.path + kept


def test_the_log_knows_no_link_and_no_person(
    buyer: Buyer, order: dict, capsys: pytest.CaptureFixture
) -> None:
    buyer.look("?lang=en&phone=0551234567")
    buyer.press("confirm", order, **{**ADDRESS, "landmark": "personal-words"})
    buyer.press("confirm", order, **{**ADDRESS, "street": "personal-words" * 50})
    buyer.api.app.test_client().get("/c/secret-token")
    told = capsys.readouterr().err
    assert told.count('"route": "/c/<token>"') == 8
    token = buyer.link.rpartition("/")[2]
    for word in (token, "secret-token", "personal-words", "551234", "النرجس", "RNRA4521"):
        assert word not in told


def test_no_call_is_offered_once_it_would_come_too_late(buyer: Buyer, order: dict, clock: Clock) -> None:
    everyday = offered(buyer)
    with unit_of_work(buyer.engine) as session:
        session.execute(update(Order).values(decide_by=clock.now + timedelta(minutes=30)))
    assert everyday
    assert offered(buyer) == []


def test_a_yes_is_to_what_the_page_showed(api: Api, buyer: Buyer, order: dict) -> None:
    old = {"seen": buyer.seen(order["id"]), "form": buyer.form(), "button": "confirm", "order": order["id"]}
    buyer.clock.forward(minutes=1)
    assert api("PATCH", f"/orders/{order['id']}", {"total": "999.00"}).status_code == 200

    stale = buyer.send(old)

    assert stale.status_code == 409
    assert said("The order has changed in the meantime. Please look at it again.") in html.unescape(
        stale.text
    )
    assert buyer.decision(order) is None
    assert buyer.press("confirm", order).status_code == 303
    assert buyer.decision(order)["verdict"] == "confirmed"
