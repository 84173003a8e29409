"""An order whose contacts are chosen by what was learned, from the API to the decision."""

from datetime import datetime, timedelta

import pytest

from channels.sandbox.scripted import silent
from models.vocabulary import Channel, Choice, Disposition
from tests.building import attempts_of, set_policy
from tests.orders import E164
from tests.stories.conftest import Stage


@pytest.mark.usefixtures("learned_chooser")
def test_two_messages_stay_silent_and_an_agent_is_answered_in_the_evening(stage: Stage) -> None:
    play = stage({E164: [silent(), silent()]})
    set_policy(play.engine, play.clock.at, {"control_percent": 0, "random_per_thousand": 0}, country="SA")
    began = play.clock.at
    order_id = play.send("late")
    first = play.order(order_id)["next_contact"]
    assert first["channel"] == "whatsapp"
    assert "chance" not in first
    assert datetime.fromisoformat(first["not_before"]) <= began + timedelta(minutes=15)
    play.go(hours=2)
    waiting = play.order(order_id)["next_contact"]
    assert datetime.fromisoformat(waiting["not_before"]) > play.clock.at
    assert waiting["why_not_now"]["text"]
    while (planned := play.order(order_id)["next_contact"])["channel"] != Channel.agent_call:
        play.go(minutes=30)
    due = datetime.fromisoformat(planned["not_before"])
    play.go(minutes=max((due - play.clock.at).total_seconds() / 60 + 1, 0))
    play.report(play.pick_up(), Disposition.confirm, order_id)
    assert play.decision(order_id) == ("confirmed", "buyer_confirmed", "agent_call")
    made = attempts_of(play.engine, order_id)
    assert {attempt.chosen for attempt in made} == {Choice.best}
    assert all(attempt.chance and attempt.model_version == 0 for attempt in made)
