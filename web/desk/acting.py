"""Doing what a form of the desk asks for, and showing what stands then."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import Response, make_response, redirect, request, url_for

from models.unit_of_work import Session
from verification.desk.refusals import DeskRefusal, Why
from web.access import Visit
from web.desk.drawing import draw, is_fragment
from web.desk.promise_preview import Preview
from web.desk.refusing import whose
from web.desk.screen import Notice
from web.desk.telling import DONE, refusal

CASE = "/desk/cases/<uuid:step_id>"
"""Where the forms of a case go."""


def act(
    visit: Visit,
    session: Session,
    step_id: UUID,
    work: Callable[[], str | None],
    said: str | None = None,
    *,
    panel: str | None = None,
) -> Response:
    """Do it and show the desk; refused, nothing of it stands and the page says why."""
    try:
        with session.begin_nested():
            told = work()
    except DeskRefusal as refused:
        return refuse(visit, session, why_not(session, step_id, visit, refused), panel=panel)
    return done(visit, session, told or said)


def why_not(session: Session, step_id: UUID, visit: Visit, refused: DeskRefusal) -> str:
    """A refusal in words; of a case that is lost, with what became of it."""
    lost = whose(session, step_id, visit) if refused.why is Why.stale else None
    return lost or refusal(refused)


def done(visit: Visit, session: Session, said: str | None = None) -> Response:
    """The desk after what was asked for, with a word about it."""
    if is_fragment():
        notices = [Notice("done", str(DONE[said]))] if said else []
        return draw(visit, session, notices=notices)
    return make_response(redirect(url_for("desk.show_desk", said=said), 303))


def refuse(
    visit: Visit,
    session: Session,
    sentence: str,
    *,
    panel: str | None = None,
    preview: Preview | None = None,
    kind: str = "trouble",
) -> Response:
    """The desk with what is wrong, and with what was typed; `kind` as of a `Notice`."""
    trouble = Notice(kind, sentence)
    return draw(visit, session, notices=[trouble], panel=panel, typed=_typed(), preview=preview, status=409)


def _typed() -> Mapping[str, str]:
    return {name: value for name, value in request.form.items() if name not in ("csrf", "token")}


def form_token() -> int:
    """The lease under which the form was drawn; one that is no number is no lease of ours."""
    try:
        return int(request.form.get("token", ""))
    except ValueError:
        raise DeskRefusal(Why.stale) from None
