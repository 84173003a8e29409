"""The page of the costs."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest

from models.vocabulary import Channel, Role, StepState, Via
from tests import stored
from tests.verification.board.standing import a_step, an_attempt, an_order
from tests.web.staff import Browser, make_user
from verification.decision.ruling import confirmed
from verification.decision.taking import decide


@pytest.fixture
def board(app, work, now):
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.supervisor).email)
    return browser


@pytest.fixture
def spent(work, now):
    """A WhatsApp message that brought a yes, and a call of which the price is to come."""
    with work() as session:
        store = stored.a_store(session, now)
        orders = []
        for channel, cost, final in ((Channel.whatsapp, "0.0345", now), (Channel.ivr, "1204.5", None)):
            orders.append(an_order(session, now, store))
            step = a_step(session, now, orders[-1], state=StepState.done, channel=channel)
            attempt = an_attempt(session, now, step)
            attempt.cost, attempt.cost_final_at = Decimal(cost), final
            attempt.provider_id = attempt.reference
        ruling = confirmed(Via.whatsapp, soft=False)
        decide(session, orders[0], ruling, now=now, actor="system", proof={"button": "confirm"})


def words(text):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_days_without_contacts_say_so(board):
    assert "No contact was begun on these days." in board.get("/board/costs").text


def test_costs_stand_by_channel_seller_and_decision(board, spent):
    text = words(board.get("/board/costs").text)
    assert "Cost, US dollars 1,204.53 2 contacts For each confirmed 1,204.53 1 confirmed" in text
    assert "Price to come 1 contacts" in text
    assert "Automated call 1,204.50 + 1 with a price to come 1 1,204.50 0 –" in text
    assert "WhatsApp 0.0345 1 0.0345 1 0.0345" in text
    assert "Confirmed 0.0345 1 0.0345" in text
    assert "Not decided yet 1,204.50 1 1,204.50" in text
    assert "/board/costs" in board.get("/board").text


def test_the_days_are_chosen(board, spent, now):
    before = (now - timedelta(days=2)).date()
    assert "No contact was begun" in board.get(f"/board/costs?until={before}").text
    assert "1,204.53" in board.get(f"/board/costs?since={now.date()}&until={before}").text


@pytest.mark.parametrize(
    "asked", ["since=yesterday", "until=0001-01-01", "since=9999-12-31", "seller=nobody"]
)
def test_what_no_form_of_ours_asks_leads_nowhere(board, asked):
    assert board.get(f"/board/costs?{asked}").status_code == 404


def test_agents_see_no_costs(app, work, now):
    agent = Browser(app)
    agent.sign_in(make_user(work, now, Role.agent).email)
    assert agent.get("/board/costs").status_code == 403
