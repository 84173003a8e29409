"""`flask staffing`: who is at work in the week, and how the coming hours look."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

import click

from models.unit_of_work import unit_of_work
from scripts.opening import answer, json_option, opened
from verification.staffing.ahead import HourAhead, hours_ahead
from verification.staffing.roster import read_week, set_week
from verification.staffing.week import (
    DAY_NAMES,
    DAYS,
    HOURS,
    MOST_AGENTS,
    MOST_CALLS,
    USUAL_CALLS,
    RosterRefused,
    Staff,
    Week,
    block,
    read_days,
    read_hours,
)

_RULES = {
    "days": "--days must be days such as sun-thu, fri or mon,wed",
    "hours": "--hours must be full hours such as 09:00-22:00",
}


@click.group("staffing")
def command() -> None:
    """How many agents are at work in each hour of the week; planned calls are fitted to them."""


@command.command("show")
@json_option
def show(as_json: bool) -> None:
    """The week, and the coming two days: calls planned, room for them, and what an agent's time counts."""
    with opened() as house, unit_of_work(house.engine) as session:
        week, zone = read_week(session), ZoneInfo(house.settings.time_zone)
        ahead = hours_ahead(session, house.now())
    told = {
        "zone": zone.key,
        "week": [
            {"day": DAY_NAMES[day], "hour": hour, "agents": each.agents, "calls_an_hour": each.calls_an_hour}
            for (day, hour), each in sorted(week.items())
        ],
        "ahead": [_hour(each, zone) for each in ahead],
    }
    lines = [f"{zone.key}", *_week_lines(week), *(_line(each, zone) for each in ahead if each.counts)]
    answer(told, "\n".join(lines), as_json=as_json)


@command.command("set")
@click.option("--days", required=True, help="Such as sun-thu, fri or mon,wed.")
@click.option("--hours", required=True, help="Full hours of the house's clock, such as 09:00-22:00.")
@click.option("--agents", required=True, type=click.IntRange(0, MOST_AGENTS), help="0: nobody is at work.")
@click.option(
    "--calls-an-hour",
    type=click.IntRange(1, MOST_CALLS),
    help=f"That each manages; as it was when left out, else {USUAL_CALLS}.",
)
@json_option
def set_hours(days: str, hours: str, agents: int, calls_an_hour: int | None, as_json: bool) -> None:
    """Say how many agents are at work in some hours; the others stay as they are."""
    try:
        chosen = list(block(read_days(days), *read_hours(hours)))
    except RosterRefused as refused:
        raise click.UsageError(_RULES[refused.field]) from None
    with opened() as house, unit_of_work(house.engine) as session:
        week = read_week(session)
        for hour in chosen:
            before = week[hour].calls_an_hour if hour in week else USUAL_CALLS
            week[hour] = Staff(agents, calls_an_hour or before)
        set_week(session, week, actor="operator", now=house.now())
        week = read_week(session)
    answer({"hours": len(chosen)}, "\n".join(_week_lines(week)), as_json=as_json)


@command.command("clear")
@json_option
def clear(as_json: bool) -> None:
    """Take back what was said: planned calls are bounded by nobody's hours."""
    with opened() as house, unit_of_work(house.engine) as session:
        cleared = set_week(session, {}, actor="operator", now=house.now())
    answer({"cleared": cleared}, "cleared" if cleared else "nobody had said anything", as_json=as_json)


def _week_lines(week: Week) -> list[str]:
    if not week:
        return ["nobody said who is at work: planned calls are not bounded"]
    lines = []
    for day in ((first + DAYS - 1) % DAYS for first in range(DAYS)):  # the week begins on Sunday
        spans = []
        staffed = [(hour, week[day, hour]) for hour in range(HOURS) if (day, hour) in week]
        for staff, group in groupby(_runs(staffed), key=itemgetter(0, 1)):
            hours = [hour for *_, hour in group]
            if staff[0].agents:
                spans.append(
                    f"{hours[0]:02}:00-{hours[-1] + 1:02}:00 {staff[0].agents} agents "
                    f"of {staff[0].calls_an_hour} calls an hour"
                )
        lines.append(f"{DAY_NAMES[day]}  {'; '.join(spans) or 'nobody'}")
    return lines


def _runs(staffed: list[tuple[int, Staff]]) -> list[tuple[Staff, int, int]]:
    """Hours in a row with the same staff get the same number."""
    return [(staff, hour - place, hour) for place, (hour, staff) in enumerate(staffed)]


def _hour(each: HourAhead, zone: ZoneInfo) -> Mapping[str, Any]:
    return {
        "begins_at": each.begins_at.astimezone(zone).isoformat(),
        "wanted": round(each.wanted, 1),
        "planned": round(each.planned, 1),
        "room": round(each.room, 1),
        "price": None if each.is_shut else round(each.price, 2),
    }


def _line(each: HourAhead, zone: ZoneInfo) -> str:
    begins = each.begins_at.astimezone(zone)
    until = begins + timedelta(hours=1)
    line = f"{begins:%a %H:%M}-{until:%H:%M}  {each.planned:6.1f} planned, room for {each.room:6.1f}"
    return f"{line}, price {each.price:.2f}" if each.price >= 1.05 and not each.is_shut else line
