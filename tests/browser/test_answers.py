"""Plans and heat maps in a real browser: for everybody, in both directions, wide and narrow."""

from datetime import timedelta

import pytest

from models.vocabulary import Channel, Outcome, Role, StepState
from tests import stored
from tests.browser.conftest import NARROW, WIDE
from tests.verification.board.standing import a_step, an_attempt, an_order

SHAPES = [("wide", WIDE), ("narrow", NARROW)]


@pytest.fixture
def made(live, work, now):
    """An order with a plan, whose buyer took half of many calls in the evening and none in the morning."""
    live.app.extensions["takeed.answers"].forget()
    at = now + timedelta(hours=6)
    with work() as session:
        store = stored.a_store(session, now)
        order = an_order(session, now, store, decide_by=now + timedelta(days=2))
        for hour, outcomes in ((20, 8), (10, 0), (15, 2)):
            for number in range(16 if hour != 15 else 4):
                done = a_step(session, now, order, state=StepState.done, channel=Channel.agent_call)
                outcome = Outcome.answered if number < outcomes else Outcome.no_answer
                attempt = an_attempt(session, now - timedelta(days=2, minutes=number), done, outcome=outcome)
                attempt.local_hour_of_week, attempt.recount = 24 * 4 + hour, True
        why = {"code": "answers_at_this_hour", "params": {"hour": 19, "percent": 50, "usual_percent": 33}}
        a_step(session, now, order, channel=Channel.agent_call, not_before=at, reason=why, chance=0.45)
        later = (at + timedelta(hours=14)).isoformat()
        order.plan = {"chooser": "learned", "arm": "learned", "stop": "not_worth", "chance": 0.7}
        order.plan |= {"waits": {"code": "agents_busy", "params": {}}, "planned_at": now.isoformat()}
        reason = {"code": "last_hour_in_time", "params": {}}
        order.ladder = [{"channel": "whatsapp", "not_before": later, "chance": 0.3, "reason": reason}]
        return order.id


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("shape", "size"), SHAPES)
def test_plans_and_heat_maps_are_for_everybody(
    made, visitor, sign_in, axe, picture, language, shape, size
) -> None:
    page = visitor(language, size)
    sign_in(page, Role.supervisor)
    page.goto(f"/desk/orders/{made}")
    page.locator(".week-card summary").click()
    assert page.locator(".week-of-call").is_visible()
    axe(page)
    picture(page, f"plan-{language}-{shape}", full=True)
    page.locator("label[for=week-message]").click()
    assert page.locator(".week-of-message").is_visible()
    assert page.locator(".week-of-call").is_hidden()
    now, deadline = (
        page.locator(f".plan-hours .line-{name}").bounding_box()["x"] for name in ("now", "deadline")
    )
    assert (now < deadline) == (language == "en")
    page.goto("/board/answers")
    axe(page)
    picture(page, f"answers-{language}-{shape}", full=True)
    first, last = (page.locator(".week thead th").nth(at).bounding_box()["x"] for at in (0, -1))
    assert (first < last) == (language == "en")
