"""Whether choosing hours and channels well is worth it, and the switch that stops it."""

from typing import Any

from flask import abort, current_app, redirect, request
from flask.typing import ResponseReturnValue

from models.unit_of_work import Session
from models.vocabulary import Choice
from verification.planning.replanning import count_waiting
from verification.trial.stopping import tell_stop
from verification.trial.switching import LONGEST_WHY, release_switch, throw_switch
from verification.trial.watching import LEAST_CONTROL, Standing
from web.access import Visit
from web.board import trial_words
from web.board.trial_drawing import WIDTH, whisker
from web.board.trial_keeping import KEPT, KeptTrials
from web.board.words import country_name
from web.pages import render_page

DAYS = (7, 28, 90)
_SAID = ("stopped", "resumed", "already", "why")


def show_trial(visit: Visit, session: Session) -> ResponseReturnValue:
    """Lift, contacts drawn by lot, orders released without contact, and the switch."""
    kept: KeptTrials = current_app.extensions[KEPT]
    days, said = _days(), request.args.get("said")
    stop = tell_stop(session)
    trial = kept.get(session, days=days, now=visit.now)
    return render_page(
        "board_trial.html",
        trial=trial,
        drawn=trial.choices.get(Choice.random, 0),
        days=days,
        all_days=DAYS,
        is_empty=not any(part.learned and part.control for part in trial.parts),
        below=[each for each in trial.judged if each.standing is Standing.below],
        stop=stop,
        waiting=count_waiting(session),
        said=said if said in _SAID else None,
        longest_why=LONGEST_WHY,
        least_control=LEAST_CONTROL,
        whisker=whisker,
        width=WIDTH,
        words=trial_words,
        country_name=country_name,
    )


def stop_choosing(visit: Visit, session: Session) -> ResponseReturnValue:
    """Put everybody on the fixed schedule, for the reason given."""
    why = request.form.get("why", "")
    if not why.strip():
        return redirect("/board/trial?said=why", 303)
    turned = throw_switch(session, actor=visit.user.holder, why=why, now=visit.now)
    return _turned("stopped" if turned else "already")


def resume_choosing(visit: Visit, session: Session) -> ResponseReturnValue:
    """Let what was learned choose again."""
    turned = release_switch(session, actor=visit.user.holder, now=visit.now)
    return _turned("resumed" if turned else "already")


def _turned(said: str) -> ResponseReturnValue:
    board: Any = current_app.extensions["takeed.board"]
    board.forget()
    return redirect(f"/board/trial?said={said}", 303)


def _days() -> int:
    given = request.args.get("days")
    if not given:
        return 28
    if given not in map(str, DAYS):
        abort(404)
    return int(given)
