"""`flask staffing`."""

from datetime import UTC, datetime, timedelta

import pytest

from models.slots import AgentPrice


def test_a_week_is_told_changed_and_taken_back(run):
    assert "nobody said" in run("staffing", "show").out
    assert run("staffing", "show", "--json").json["week"] == []
    told = run("staffing", "set", "--days", "sun-thu", "--hours", "09:00-22:00", "--agents", "6", "--json")
    assert told.json == {"hours": 65}
    run("staffing", "set", "--days", "sun", "--hours", "20-2", "--agents", "2", "--calls-an-hour", "8")
    said = run("staffing", "set", "--days", "thu", "--hours", "12:00-13:00", "--agents", "0").out
    assert "sun  09:00-20:00 6 agents of 10 calls an hour; 20:00-24:00 2 agents of 8 calls an hour" in said
    assert "mon  00:00-02:00 2 agents of 8 calls an hour; 09:00-22:00 6 agents" in said
    assert "thu  09:00-12:00 6 agents of 10 calls an hour; 13:00-22:00 6 agents" in said
    assert "fri  nobody" in said
    week = run("staffing", "show", "--json").json
    assert week["zone"] == "Asia/Riyadh"
    assert {"day": "mon", "hour": 1, "agents": 2, "calls_an_hour": 8} in week["week"]
    assert run("staffing", "clear", "--json").json == {"cleared": True}
    assert run("staffing", "clear").out == "nobody had said anything\n"
    assert run("staffing", "show", "--json").json["week"] == []


def test_the_coming_hours_are_shown(run, work):
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    with work() as session:
        for number, (price, room) in enumerate(((1.0, 40.0), (2.3, 40.0), (1e6, 0.0))):
            session.add(
                AgentPrice(
                    begins_at=hour + timedelta(hours=number),
                    price=price,
                    wanted=64.0 * (room > 0),
                    planned=min(64.0, room),
                    room=room,
                    reckoned_at=hour,
                )
            )
    ahead = run("staffing", "show", "--json").json["ahead"]
    assert [each["price"] for each in ahead] == [1.0, 2.3, None]
    text = run("staffing", "show").out
    assert "  40.0 planned, room for   40.0, price 2.30" in text
    assert text.count("planned") == 3, (
        "one line says that nobody told a week, hours without anybody are left out"
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--days", "sunday", "--hours", "9-22", "--agents", "6"), "--days must be days such as sun-thu"),
        (("--days", "sun", "--hours", "9:30-22", "--agents", "6"), "--hours must be full hours"),
        (("--days", "sun", "--hours", "9-22", "--agents", "-1"), "not in the range"),
        (("--days", "sun", "--hours", "9-22", "--agents", "10001"), "not in the range"),
        (("--days", "sun", "--hours", "9-22", "--agents", "1", "--calls-an-hour", "0"), "not in the range"),
        (("--days", "sun", "--hours", "9-22"), "Missing option '--agents'"),
    ],
)
def test_what_cannot_be_is_said(run, options, sentence):
    said = run("staffing", "set", *options)
    assert said.code == 2
    assert sentence in said.err
    assert run("staffing", "show", "--json").json["week"] == []
