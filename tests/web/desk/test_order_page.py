from html import unescape

from sqlalchemy import select

from models.diary import DiaryEntry
from models.vocabulary import Role
from tests.building import decisions_of, set_policy

PHONE = "+966 55 123 4500"


def test_an_order_is_found_by_its_buyers_phone(desk, order):
    placed = order()
    order()
    answer = desk.post("/desk/find", {"text": "055 123 4500"})
    assert answer.status_code == 303
    assert answer.location.endswith(f"/desk/orders/{placed}")
    assert "Order <bdi" in desk.text
    assert "551234500" not in answer.location


def test_several_orders_are_listed_with_masked_phones(desk, order):
    order(phone="0551239999"), order(phone="0551239999")
    answer = desk.post("/desk/find", {"text": "0551239999"})
    assert answer.status_code == 200
    assert "2 orders found" in answer.text
    assert "551239999" not in answer.text.replace('value="0551239999"', "")


def test_nothing_found_says_what_to_try(desk):
    for text in ("", "0559999999", "#nope", "\0", "x" * 100):
        answer = desk.post("/desk/find", {"text": text})
        assert answer.status_code == 200
        assert "No order found" in answer.text


def test_the_page_of_an_order_tells_its_story(desk, order, engine):
    placed = order()
    desk.next_called()
    desk.outcome("reject:price")
    text = desk.browser.get(f"/desk/orders/{placed}").text
    assert "Too expensive" in text
    assert "Rejected" in text
    assert "the agent&#39;s call" in text
    assert PHONE not in text
    assert [decision.reason.value for decision in decisions_of(engine, placed)] == ["price"]


def test_a_line_that_does_not_suffice_is_shown_once(desk, order):
    placed = order(address={"short_address": None, "district": "الرياض"})
    address = desk.browser.get(f"/desk/orders/{placed}").text.partition('<ul class="address">')[2]
    assert address.partition("</ul>")[0].count("District") == 1
    assert "(not enough for a courier)" in address


def test_an_order_is_taken_ahead_of_its_turn(desk, order):
    order()
    wanted = order()
    assert desk.post(f"/desk/orders/{wanted}/take").status_code == 303
    assert "#2001" in desk.text
    assert desk.step is not None


def test_a_buyer_in_other_hands_is_not_taken(desk, sit, order):
    placed = order()
    desk.next()
    other = sit("omar")
    answer = other.post(f"/desk/orders/{placed}/take")
    assert answer.status_code == 409
    assert "Huda has had order #2000 in hand since" in answer.text


def test_only_a_supervisor_sees_the_number_and_the_diary_keeps_it(desk, sit, order, work):
    placed = order()
    assert desk.post(f"/desk/orders/{placed}/reveal").status_code == 403
    supervisor = sit("salma", Role.supervisor)
    assert PHONE not in supervisor.browser.get(f"/desk/orders/{placed}").text
    answer = supervisor.post(f"/desk/orders/{placed}/reveal")
    assert PHONE in answer.text
    with work() as session:
        entries = session.scalars(select(DiaryEntry).where(DiaryEntry.code == "number_revealed")).all()
    assert len(entries) == 1


def test_an_unknown_order_is_not_there(desk):
    unknown = "00000000-0000-7000-8000-000000000000"
    assert desk.browser.get(f"/desk/orders/{unknown}").status_code == 404
    assert desk.browser.get("/desk/orders/1").status_code == 404
    assert desk.post(f"/desk/orders/{unknown}/take").status_code == 404


def test_an_order_that_was_not_worth_a_contact_says_why(desk, order, engine, now):
    cheap = {"waive_low_risk": True, "freight_out_cost": "0.10", "freight_back_cost": "0.10"}
    set_policy(engine, now, cheap, country="SA")
    text = unescape(desk.browser.get(f"/desk/orders/{order()}").text)
    assert "Little risk" in text
    assert "asking would cost more than it can save" in text
    assert "freight there and back $ 0.20" in text.replace("\N{NO-BREAK SPACE}", " ")
