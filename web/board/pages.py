"""The addresses of the board."""

from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, redirect, request
from flask.typing import ResponseReturnValue

from channels.twilio.account import PROVIDER
from models.countries import SERVED, is_country
from models.unit_of_work import Session
from models.vocabulary import AgentState, Channel, OrderState
from verification.alarms import CODES
from verification.board.agents import agent_name
from verification.board.alarms import put_away
from verification.board.causes import Cause, TimeLeft
from verification.board.orders import CursorRefused, Today, Wanted, list_orders
from verification.desk.holding import take_over
from verification.desk.refusals import DeskRefusal
from web.access import Capability, Visit, page
from web.board.alarm_words import tell_alarm
from web.board.answers_page import KEPT as KEPT_ANSWERS
from web.board.answers_page import KeptAnswers, show_answers
from web.board.costs_page import show_costs
from web.board.drawing import bar, heat
from web.board.hours_pages import show_hours
from web.board.hours_words import kind_name, now_word, place_name
from web.board.keeping import KeptBoard
from web.board.learning_page import show_learning
from web.board.staffing import short_hours
from web.board.trial_keeping import KEPT as KEPT_TRIALS
from web.board.trial_keeping import KeptTrials
from web.board.trial_page import resume_choosing, show_trial, stop_choosing
from web.board.words import board_word, country_name
from web.context import context
from web.formats import house_zone
from web.pages import render_page

_KEPT = "takeed.board"
Code = TypeVar("Code")


def board() -> Blueprint:
    """The board, its living part, the lists behind its numbers, the hours, the costs, taking a case over."""
    blueprint = Blueprint("board", __name__)
    see = Capability.see_board
    page(blueprint, "GET", "/board", needs=see)(show_board)
    page(blueprint, "GET", "/board/live", needs=see, is_act=False)(show_live)
    page(blueprint, "GET", "/board/orders", needs=see)(show_orders)
    page(blueprint, "GET", "/board/hours", needs=see)(show_hours)
    page(blueprint, "POST", "/board/cases/<uuid:step_id>/take-over", needs=Capability.take_over)(
        take_case_over
    )
    page(blueprint, "GET", "/board/costs", needs=see)(show_costs)
    page(blueprint, "GET", "/board/answers", needs=see)(show_answers)
    page(blueprint, "GET", "/board/learning", needs=see)(show_learning)
    page(blueprint, "POST", "/board/alarms/put-away", needs=see)(put_alarm_away)
    page(blueprint, "GET", "/board/trial", needs=see)(show_trial)
    page(blueprint, "POST", "/board/trial/stop", needs=Capability.stop_choosing)(stop_choosing)
    page(blueprint, "POST", "/board/trial/resume", needs=Capability.stop_choosing)(resume_choosing)
    blueprint.record_once(lambda setup: setup.app.extensions.setdefault(_KEPT, KeptBoard()))
    blueprint.record_once(lambda setup: setup.app.extensions.setdefault(KEPT_ANSWERS, KeptAnswers()))
    blueprint.record_once(lambda setup: setup.app.extensions.setdefault(KEPT_TRIALS, KeptTrials()))
    return blueprint


def show_board(visit: Visit, session: Session) -> ResponseReturnValue:
    """The whole board."""
    return render_page("board.html", **_standing(visit, session))


def show_live(visit: Visit, session: Session) -> ResponseReturnValue:
    """The part of the board that is drawn anew every few seconds."""
    return render_page("board_live.html", redrawn=True, **_standing(visit, session))


def show_orders(visit: Visit, session: Session) -> ResponseReturnValue:
    """The orders behind a number, a page at a time, nearest deadline first."""
    wanted = _wanted()
    try:
        found = list_orders(
            session,
            wanted,
            since=_midnight(visit.now),
            now=visit.now,
            provider=_provider(),
            cursor=request.args.get("cursor") or None,
        )
    except CursorRefused:
        abort(404)
    return render_page(
        "board_orders.html",
        page=found,
        wanted=wanted,
        agent_name=agent_name(session, wanted.agent) if wanted.agent else None,
        next_page=_address(following=found.following) if found.following else None,
        first_page=_address() if request.args.get("cursor") else None,
        choices={"cause": tuple(Cause), "left": tuple(TimeLeft), "state": tuple(OrderState)},
        countries=tuple(SERVED),
        now=visit.now,
        **_TELLING,
    )


def take_case_over(visit: Visit, session: Session, step_id: UUID) -> ResponseReturnValue:
    """Bring an agent's case to the supervisor's own desk."""
    try:
        take_over(session, visit.user, step_id, now=visit.now)
    except DeskRefusal:
        return redirect("/board?said=gone", 303)
    return redirect("/desk", 303)


def put_alarm_away(visit: Visit, session: Session) -> ResponseReturnValue:
    """Take an alarm off the board; it comes back when it is met again."""
    code, subject = request.form.get("code", ""), request.form.get("subject", "")
    if code not in CODES or "\0" in subject:
        abort(404)
    put_away(session, code, subject, actor=visit.user.holder, now=visit.now)
    current_app.extensions[_KEPT].forget()
    return redirect("/board?said=put_away", 303)


_TELLING: dict[str, Any] = {
    "board_word": board_word,
    "country_name": country_name,
    "kind_name": kind_name,
    "now_word": now_word,
    "place_name": place_name,
}


def _standing(visit: Visit, session: Session) -> dict[str, Any]:
    kept: KeptBoard = current_app.extensions[_KEPT]
    snapshot = kept.get(session, since=_midnight(visit.now), now=visit.now, provider=_provider())
    queue = snapshot.queue
    return {
        **_TELLING,
        "board": snapshot,
        "alarms": [tell_alarm(each) for each in snapshot.alarms],
        "hours": kept.hours(session, now=visit.now),
        "causes": bar(queue.by_cause),
        "heat": heat(queue),
        "as_of": f"{snapshot.at.astimezone(ZoneInfo(house_zone())):%H:%M:%S}",
        "at_work": sum(agent.state not in (None, AgentState.on_break) for agent in snapshot.agents),
        "agent_bar": lambda seconds: bar({state: seconds.get(state, 0) for state in AgentState}),
        "said": request.args.get("said"),
        "short_hours": short_hours(session, visit.now),
    }


def _provider() -> str | None:
    """The provider behind the machine channels; None where buyers are simulated."""
    return PROVIDER if context().account else None


def _midnight(now: datetime) -> datetime:
    """When today began for the call centre."""
    local = now.astimezone(ZoneInfo(house_zone()))
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _wanted() -> Wanted:
    """The filter that the address asks for, in codes; one that is none of ours leads nowhere."""
    country = request.args.get("country") or None
    if country is not None and not is_country(country):
        abort(404)
    return Wanted(
        cause=_code(Cause, "cause"),
        country=country,
        time_left=_code(TimeLeft, "left"),
        state=_code(OrderState, "state"),
        today=_code(Today, "today"),
        agent=_code(UUID, "agent"),
        channel=_code(Channel, "channel"),
    )


def _code(kind: type[Code], name: str) -> Code | None:
    given = request.args.get(name)
    if not given:
        return None
    try:
        return kind(given)  # type: ignore[call-arg]
    except ValueError:
        abort(404)


def _address(following: str | None = None) -> str:
    """This list's address, at its beginning or after a cursor."""
    asked = {name: value for name, value in request.args.items() if value and name != "cursor"}
    if following:
        asked["cursor"] = following
    return f"/board/orders?{urlencode(asked)}"
