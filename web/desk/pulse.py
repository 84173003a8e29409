"""The desk's heartbeat: the page says that it is still there, and hears what changed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from models.unit_of_work import Session
from verification.desk.call_stage import ShownCall
from verification.desk.held import Held
from verification.desk.holding import renew
from verification.desk.legs import call_of
from verification.desk.rail import rail, today
from web.access import Capability, Visit, page
from web.desk.keys import keys_of
from web.desk.refusing import why_lost
from web.desk.screen import Pulse, begin_of_day, case_of, idle_of, mark_of, version_of
from web.words import word


def register(blueprint: Blueprint) -> None:
    """The address; what a page asks by itself does not keep a session from idling."""
    page(blueprint, "POST", "/desk/pulse", needs=Capability.work_cases, is_act=False)(take_pulse)


def take_pulse(visit: Visit, session: Session) -> ResponseReturnValue:
    """Renew what the agent holds; tell whether the page's case is still theirs, and the rail if it changed.

    The form carries the page's `version`, the `step` of the case that it shows, and the mark of its `call`.
    """
    interval, cases = renew(session, visit.user, now=visit.now)
    held = {
        str(one.step.id): case_of(one.step.lease_token, is_called=one.attempt is not None) for one in cases
    }
    shown = request.form.get("step", "")
    waiting = rail(session, visit.user, visit.now)
    done = today(session, visit.user, begin_of_day(visit.now), visit.now)
    version = version_of(waiting, done, interval.state)
    answer = {
        "now": visit.now.isoformat(),
        "version": version,
        "waiting": waiting.waiting,
        "state": interval.state.value,
        "state_word": word(interval.state),
        "since": interval.began_at.isoformat(),
        "lost": bool(shown) and shown not in held,
        "case": held.get(shown, ""),
        "idle": idle_of(waiting, interval.state, has_case=bool(held)),
    }
    if answer["lost"]:
        answer["why"] = _why(visit, session, shown)
    attempt = next((one.attempt for one in cases if str(one.step.id) == shown), None)
    if (call := call_of(session, attempt, visit.now)) is not None:
        answer |= {"call": mark_of(call), "suggests": call.suggests}
        if answer["call"] != request.form.get("call", ""):
            answer |= {
                "call_said": render_template("desk/_call_said.html", call=call),
                "call_acts": render_template("desk/_call_acts.html", **_acts(visit, call, shown, cases)),
            }
    if version != request.form.get("version"):
        screen = Pulse(waiting, done)
        answer |= {
            "rail": render_template("desk/_rail_lists.html", screen=screen),
            "waits": render_template("desk/_waiting.html", screen=screen),
            "today": render_template("desk/_today.html", screen=screen),
        }
    return jsonify(answer)


def _acts(visit: Visit, call: ShownCall, shown: str, cases: Sequence[Held]) -> dict[str, Any]:
    """What the buttons of a call need."""
    token = next(one.step.lease_token for one in cases if str(one.step.id) == shown)
    return {"call": call, "keys": keys_of(visit.user.keys), "step_id": shown, "token": token}


def _why(visit: Visit, session: Session, shown: str) -> str | None:
    try:
        return why_lost(session, UUID(shown), visit)
    except ValueError:
        return None
