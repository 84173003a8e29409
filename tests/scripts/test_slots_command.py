"""`flask slots serve`: a conversation of JSON lines."""

import json
from typing import Any

from click.testing import CliRunner

from scripts.commands.slots import command

POLICY = {
    "call_hours": [9, 22],
    "message_hours": [8, 23],
    "max_calls": 4,
    "max_whatsapp": 2,
    "max_sms": 1,
    "decision_value": 2.0,
    "complaint_cost": 5.0,
    "costs": {
        "whatsapp": 0.012,
        "sms": 0.04,
        "ivr": 0.02,
        "ivr_talk": 0.05,
        "agent_call": 0.08,
        "agent_talk": 0.37,
    },
}
ORDER = {
    "id": 7,
    "buyer": "b1",
    "country": "SA",
    "city": "SA-1",
    "placed_at": "2026-10-05T23:30:00+03:00",
    "deadline": "2026-10-06T23:30:00+03:00",
    "now": "2026-10-05T23:30:00+03:00",
    "tried": [],
}
CONTACT = {
    "buyer": "b1",
    "country": "SA",
    "city": "SA-1",
    "channel": "agent_call",
    "at": "2026-09-14T18:20:00+03:00",
    "reached": True,
    "decided": False,
}


def said(*requests: object) -> list[dict[str, Any]]:
    lines = "".join(each if isinstance(each, str) else json.dumps(each) + "\n" for each in requests)
    result = CliRunner().invoke(command, ["serve"], input=lines)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_learning_fitting_and_planning_are_answered_in_order() -> None:
    placed = {name: ORDER[name] for name in ("buyer", "country", "city", "placed_at")}
    answers = said(
        {"op": "learn", "attempts": [CONTACT], "orders": [placed]},
        {"op": "fit", "now": ORDER["now"]},
        {"op": "plan", "policy": POLICY, "orders": [ORDER, ORDER | {"id": 8, "deadline": ORDER["now"]}]},
    )
    assert answers[:2] == [{"ok": True}, {"ok": True}]
    first, late = answers[2]["plans"]
    assert first["id"] == 7
    assert first["channel"] in {"whatsapp", "sms", "ivr", "agent_call"}
    assert first["not_before"] >= "2026-10-06T08:00:00+03:00"
    assert late == {"id": 8, "channel": None}


def test_what_cannot_be_understood_is_said_and_the_next_is_answered() -> None:
    naive = {"op": "plan", "policy": POLICY, "orders": [ORDER | {"now": "2026-10-05T23:30:00"}]}
    bad = [CONTACT, CONTACT | {"channel": "page"}]
    deep = "[" * 100_000 + "\n"
    answers = said("no json\n", deep, {"op": "dance"}, {"op": "learn", "attempts": bad}, [], naive)
    assert [set(each) for each in answers] == [{"error"}] * 6
    assert said({"op": "plan", "policy": POLICY, "orders": []}) == [{"plans": []}]
