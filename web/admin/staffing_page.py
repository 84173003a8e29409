"""The week of agents: who is at work in each hour, and how the coming two days look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from flask import abort, make_response, redirect, request
from flask.typing import ResponseReturnValue

from models.unit_of_work import Session
from verification.staffing.ahead import HourAhead, hours_ahead
from verification.staffing.roster import read_week, set_week
from verification.staffing.week import HOURS
from verification.staffing.worked import worked_week
from web.access import Visit
from web.admin.staffing_form import (
    Typed,
    days_in_order,
    every_hour,
    filled,
    name_of,
    read,
    typed_from,
    typed_in,
)
from web.formats import day, house_zone
from web.language import page_language
from web.pages import render_page

_WHOLE = 1000


@dataclass(frozen=True)
class Bar:
    """An hour as a picture: how far its calls and its room go, of 1000."""

    hour: HourAhead
    until: datetime
    room: float
    planned: float
    wanted: float


def show_staffing(visit: Visit, session: Session) -> ResponseReturnValue:
    """The week as it is kept."""
    return _render(visit, session, typed_from(read_week(session)), said=request.args.get("said"))


def change_staffing(visit: Visit, session: Session) -> ResponseReturnValue:
    """Save the week, take back what was said, or fill the fields for looking them over."""
    act = request.form.get("act")
    if act == "clear":
        set_week(session, {}, actor=visit.user.holder, now=visit.now)
        return redirect("/admin/staffing?said=cleared", 303)
    if act not in ("save", "fill", "worked") or not any(
        name_of(hour) in request.form for hour in every_hour()
    ):
        abort(400)
    typed = typed_in(request.form)
    if act == "worked":
        worked = worked_week(session, ZoneInfo(house_zone()), visit.now)
        shown = replace(typed_from(worked), quick=typed.quick) if worked else typed
        return _render(visit, session, shown, said="worked" if worked else "nobody_worked")
    if act == "fill":
        typed = filled(typed)
        return _answer(visit, session, typed, said=None if typed.trouble else "filled")
    week, trouble = read(typed, read_week(session))
    if trouble:
        return _answer(visit, session, replace(typed, trouble=trouble))
    set_week(session, week, actor=visit.user.holder, now=visit.now)
    return redirect("/admin/staffing?said=saved", 303)


def _answer(visit: Visit, session: Session, typed: Typed, said: str | None = None) -> ResponseReturnValue:
    return make_response(_render(visit, session, typed, said=said), 422 if typed.trouble else 200)


def _render(visit: Visit, session: Session, typed: Typed, said: str | None) -> str:
    ahead = hours_ahead(session, visit.now)
    names = get_day_names("abbreviated", locale=page_language())
    wide = get_day_names("wide", locale=page_language())
    return render_page(
        "admin/staffing.html",
        typed=typed,
        said=said,
        days=[(number, names[number], wide[number]) for number in days_in_order()],
        day_names=[(number, wide[number]) for number in days_in_order()],
        clock=[(hour, f"{hour:02}:00") for hour in range(HOURS + 1)],
        name_of=lambda day, hour: name_of((day, hour)),
        bars=_bars(ahead),
        reckoned_at=max((each.reckoned_at for each in ahead), default=None),
        is_told=bool(read_week(session)),
    )


def _bars(ahead: Sequence[HourAhead]) -> Mapping[str, list[Bar]]:
    """The hours that count, day by day of the house."""
    shown = [each for each in ahead if each.counts]
    widest = max((max(each.room, each.planned, each.wanted) for each in shown), default=0.0) or 1.0
    bars = [
        Bar(
            each,
            each.begins_at + timedelta(hours=1),
            *(round(_WHOLE * calls / widest, 1) for calls in (each.room, each.planned, each.wanted)),
        )
        for each in shown
    ]
    days = groupby(bars, lambda each: day(each.hour.begins_at, house_zone()))
    return {name: list(found) for name, found in days}
