import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scripts.twilio_double.script import Behaves, Mix, Script
from scripts.twilio_double.scripting import script_from

PHONE = "+966551234567"


def written(tmp_path: Path, data: Any) -> Path:
    path = tmp_path / "script.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_a_script_is_read_from_a_file(tmp_path: Path) -> None:
    script = script_from(
        written(
            tmp_path,
            {
                "default": {"report": ["sent"], "every": 2},
                "phones": {f"call:{PHONE}": [{"keys": ["1"]}]},
                "mix": {"seed": 3, "duplicate": 1},
            },
        )
    )
    assert script.mix == Mix(seed=3, duplicate=1)
    assert script.behaviour("sms", PHONE, 0) == Behaves(
        report=("sent",), every=timedelta(seconds=2), duplicate=1
    )
    assert script.behaviour("call", PHONE, 5).keys == ("1",)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ([], "the script is not an object"),
        ({"phone": {}}, "the script has unknown fields: phone"),
        ({"default": {"apis": "ok"}}, "a behaviour has unknown fields: apis"),
        ({"default": {"api": "explode"}}, "api is not one of"),
        ({"default": {"late": "soon"}}, "late is not a number of seconds"),
        ({"default": {"report": "sent"}}, "report is not a list of texts"),
        ({"default": {"report": ["sent", "vanished"]}}, "report has no such words: vanished"),
        ({"mix": {"cut": 5}}, "cut is not a share"),
        ({"mix": {"cuts": 0.1}}, "mix has unknown fields: cuts"),
        ({"phones": {PHONE: {}}}, "is not a list of behaviours"),
    ],
)
def test_a_script_that_is_wrong_says_where(tmp_path: Path, data: Any, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        script_from(written(tmp_path, data))


def test_a_function_may_choose() -> None:
    script = Script(lambda kind, phone, before: Behaves(keys=(kind, phone[-1], str(before))))
    assert script.behaviour("call", PHONE, 2).keys == ("call", "7", "2")


def test_a_star_stands_for_everybody_else_of_a_kind() -> None:
    script = Script(phones={"call:*": [Behaves(keys=("9",))], PHONE: [Behaves(keys=("1",))]})
    assert script.behaviour("call", PHONE, 0).keys == ("1",)
    assert script.behaviour("call", "+966500000000", 0).keys == ("9",)
    assert script.behaviour("sms", "+966500000000", 0).keys == ()


def test_messages_and_calls_pass_over_each_others_words() -> None:
    behaves = Behaves(report=("busy", "sent", "delivered"))
    assert behaves.of_message() == ("sent", "delivered")
    assert behaves.of_call() == ("busy",)
