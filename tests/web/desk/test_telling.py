from datetime import UTC, datetime

import pytest

from verification.desk.refusals import DeskRefusal, PromiseRefused, Why
from web.desk.telling import misread, promise_refused, refusal


@pytest.mark.parametrize("why", list(Why))
def test_every_refusal_has_a_sentence(app, why):
    with app.test_request_context():
        assert len(refusal(DeskRefusal(why)).split()) > 3


def test_a_call_that_may_not_be_made_says_why_and_when(app):
    refused = DeskRefusal(
        Why.not_permitted_now, rules=["outside_hours"], at=datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
    )
    with app.test_request_context():
        assert refusal(refused) == (
            "Not now: it is outside the hours in which the buyer may be called. Possible again: today, 17:00."
        )


@pytest.mark.parametrize(
    "rule",
    [
        "outside_hours",
        "min_gap",
        "on_the_phone",
        "day_cap",
        "day_call_cap",
        "week_call_cap",
        "opted_out",
        "past",
        "after_deadline",
    ],
)
def test_every_rule_against_a_promise_has_its_words(app, rule):
    with app.test_request_context():
        assert rule not in promise_refused(PromiseRefused([rule], []))


def test_an_unknown_code_still_says_something(app):
    with app.test_request_context():
        assert misread("nonsense")
