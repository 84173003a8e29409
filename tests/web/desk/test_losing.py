"""A case that left the agent's hands: the page hears why, through whom, and what another tab did."""

import pytest
from sqlalchemy import Engine

from models.orders import Order
from models.unit_of_work import unit_of_work
from models.vocabulary import DecisionReason, Role, Verdict, Via
from verification.contact.watching import return_leases
from verification.decision.ruling import Ruling
from verification.decision.taking import decide
from verification.intake.withdrawing import withdraw_order


def _pulse(desk):
    return desk.browser.post("/desk/pulse", {"step": str(desk.step), "version": desk.marked("version")}).json


def _decide(engine: Engine, order_id, clock, ruling: Ruling) -> None:
    proof = {"message": "wamid.1"} if ruling.verdict is Verdict.confirmed else None
    with unit_of_work(engine) as session:
        decide(session, session.get_one(Order, order_id), ruling, now=clock(), actor="buyer", proof=proof)


def test_a_case_that_a_supervisor_took_over_names_them(desk, sit, order):
    order()
    step = desk.next_called()
    sit("salma", Role.supervisor).post(f"/board/cases/{step}/take-over")
    told = _pulse(desk)
    assert told["lost"] is True
    assert told["why"].startswith("Salma has had order #2000 in hand since")


@pytest.mark.parametrize(
    ("ruling", "said"),
    [
        (
            Ruling(Verdict.confirmed, DecisionReason.buyer_confirmed, Via.whatsapp),
            "The buyer has just confirmed order #2000 over WhatsApp.",
        ),
        (
            Ruling(Verdict.rejected, DecisionReason.price, Via.page),
            "The buyer has just rejected order #2000 on their own page.",
        ),
        (Ruling(Verdict.rejected, DecisionReason.price, Via.policy), "Order #2000 has just been decided."),
    ],
)
def test_a_case_that_was_decided_elsewhere_says_how(desk, order, engine, clock, ruling, said):
    placed = order()
    desk.next_called()
    _decide(engine, placed, clock, ruling)
    told = _pulse(desk)
    assert (told["lost"], told["why"], told["state"]) == (True, said, "waiting")
    answer = desk.outcome("confirm")
    assert answer.status_code == 409
    assert f"{said} Nothing of yours was recorded." in answer.text


def test_a_case_whose_order_was_withdrawn_says_so(desk, order, engine, clock):
    placed = order()
    desk.next()
    with unit_of_work(engine) as session:
        withdraw_order(session, session.get_one(Order, placed), None, now=clock())
    assert _pulse(desk)["why"] == "The seller has withdrawn order #2000."


def test_a_case_that_went_back_says_that_its_time_was_over(desk, order, engine, clock):
    order()
    desk.next()
    clock.forward(seconds=151)
    return_leases(engine, clock())
    assert "went back to the queue" in _pulse(desk)["why"]


def test_a_case_ended_in_another_tab_says_so(desk, order):
    order()
    desk.next_called()
    page = desk.text
    desk.outcome("reject:price")
    desk.text = page
    assert _pulse(desk)["why"] == "You have recorded the outcome of order #2000 already."


def test_the_page_can_go_on_at_once_from_a_lost_case(desk, order):
    order()
    desk.next()
    notice = desk.text[desk.text.index('id="lost"') :]
    assert notice.index('action="/desk/next"') < notice.index("</form>")


def test_the_pulse_tells_that_another_tab_has_begun_the_call(desk, order):
    order()
    desk.next()
    drawn = desk.marked("case")
    assert _pulse(desk)["case"] == drawn
    page = desk.text
    desk.call()
    desk.text = page
    told = _pulse(desk)
    assert told["lost"] is False
    assert told["case"] != drawn
    desk.look()
    assert desk.marked("case") == told["case"]


@pytest.mark.parametrize("step", ["x", "00000000-0000-7000-8000-000000000000"])
def test_a_pulse_about_no_case_of_ours_has_no_reason(desk, step):
    told = desk.browser.post("/desk/pulse", {"step": step}).json
    assert (told["lost"], told["why"]) == (True, None)
