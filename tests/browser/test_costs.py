"""The page of the costs in a real browser."""

from decimal import Decimal

import pytest

from models.vocabulary import Channel, DecisionReason, Role, StepState, Verdict, Via
from tests import stored
from tests.browser.conftest import NARROW, WIDE
from tests.verification.board.standing import a_step, an_attempt, an_order
from verification.decision.ruling import Ruling, confirmed
from verification.decision.taking import decide


@pytest.fixture
def spent(work, now, live):
    """A day of contacts over every channel, some without a price yet, some decided."""
    with work() as session:
        for store in (stored.a_store(session, now), stored.a_store(session, now)):
            for number, (channel, cost) in enumerate(
                [(Channel.whatsapp, "0.0345"), (Channel.sms, "0.0512"), (Channel.ivr, "0.1103")] * 4
            ):
                order = an_order(session, now, store)
                step = a_step(session, now, order, state=StepState.done, channel=channel)
                attempt = an_attempt(session, now, step)
                attempt.cost, attempt.provider_id = Decimal(cost), attempt.reference
                attempt.cost_final_at = now if number % 4 else None
                if number % 3 == 0:
                    ruling = confirmed(Via.whatsapp, soft=False)
                    decide(session, order, ruling, now=now, actor="system", proof={"button": "confirm"})
                elif number % 3 == 1:
                    ruling = Ruling(Verdict.rejected, DecisionReason.price, Via.sms)
                    decide(session, order, ruling, now=now, actor="system")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("shape", "size"), [("wide", WIDE), ("narrow", NARROW)])
def test_the_costs_are_for_everybody(spent, visitor, sign_in, axe, picture, language, shape, size):
    page = visitor(language, size)
    sign_in(page, Role.supervisor)
    page.goto("/board/costs")
    axe(page)
    picture(page, f"board-costs-{language}-{shape}", full=True)
