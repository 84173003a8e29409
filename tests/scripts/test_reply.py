"""`flask reply read` answers every line."""

import json

from click.testing import CliRunner

from scripts.commands.reply import command


def _read(sent: bytes) -> list[dict[str, object]]:
    result = CliRunner().invoke(command, ["read"], input=sent)
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout_bytes.decode().split("\n")[:-1]]


def test_one_json_line_for_each_reply() -> None:
    assert _read("نعم\r\nلا شكرا\nان شاء الله\n2".encode()) == [
        {"text": "نعم", "intent": "confirm", "soft": False},
        {"text": "لا شكرا", "intent": "cancel", "soft": False},
        {"text": "ان شاء الله", "intent": "confirm", "soft": True},
        {"text": "2", "intent": "cancel", "soft": False},
    ]


def test_words_keep_their_script() -> None:
    result = CliRunner().invoke(command, ["read"], input="نعم\n")
    assert "نعم" in result.output


def test_blank_broken_and_endless_lines_are_unclear() -> None:
    answers = _read(b"\n\xff\xfe\n\0\n   \n" + b"x" * 100_000 + b"\n")
    assert [answer["intent"] for answer in answers] == ["unclear"] * 5
    assert answers[1]["text"] == "\ufffd\ufffd"


def test_nothing_in_nothing_out() -> None:
    assert _read(b"") == []
