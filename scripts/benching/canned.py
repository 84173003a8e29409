"""The desk without its database: settings for the web server, named `python:scripts.benching.canned`.

The application is the real one, with its logs, headers and templates. Each process looks once at the case of
whoever recorded an outcome last, and answers with that screen from then on.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.dispositions import DispositionRow
from models.unit_of_work import Session, unit_of_work
from models.users import User
from models.vocabulary import Role
from verification.accounts.sessions import SignedIn
from web.access import Visit, csrf_of
from web.context import NAME
from web.desk.drawing import answer, render
from web.desk.sandbox_talk import TalkLine
from web.desk.screen import Screen, gather
from web.language import speak

_LANGUAGE = "en"
_PHONE = "+966500000000"
_TALK = tuple(TalkLine("buyer", "تمام، أكدي الطلب", "ar", "Fine, confirm the order") for _ in range(3))


def post_worker_init(worker: Any) -> None:
    """Called by the server in each of its processes before the first request."""
    app = worker.wsgi
    engine = app.extensions[NAME].engine
    with app.test_request_context("/desk"), unit_of_work(engine) as session:
        speak(_LANGUAGE)
        visit = _last_visit(session)
        screen = gather(session, visit)
    engine.dispose()
    if screen.case is None:
        raise RuntimeError("whoever recorded an outcome last has no case in hand")
    looked_at = replace(screen.case, called_at=None, attempt_id=None, phone=None, gives_back_at=visit.now)
    called = replace(screen.case, called_at=visit.now, phone=_PHONE, gives_back_at=None)
    preview = _drawing(visit, replace(screen, case=looked_at, talk=()), "desk/fragment.html")
    app.view_functions |= {
        "desk.show_desk": _drawing(visit, replace(screen, case=looked_at, talk=()), "desk/desk.html"),
        "desk.take_next": preview,
        "desk.take_outcome": preview,
        "desk.begin_call": _drawing(
            visit, replace(screen, case=called, talk=_TALK, undo=None), "desk/fragment.html"
        ),
        "desk.take_pulse": _pulse(visit, screen),
    }


def _last_visit(session: Session) -> Visit:
    last = session.scalars(select(DispositionRow).order_by(DispositionRow.recorded_at.desc()).limit(1)).one()
    user = session.get_one(User, UUID(last.agent.removeprefix("agent:")))
    agent = SignedIn(user.id, user.email, user.name, Role(user.role), None, user.language, user.keys)
    return Visit(agent, last.recorded_at + timedelta(seconds=1), _LANGUAGE, csrf_of("canned"))


def _drawing(visit: Visit, screen: Screen, template: str) -> Any:
    """A view that draws these values, whatever is asked."""

    def draw(**_: Any) -> Any:
        speak(visit.language)
        return answer(render(template, visit, screen, user=visit.user, csrf=visit.csrf, can=visit.can))

    return draw


def _pulse(visit: Visit, screen: Screen) -> Any:
    """A view that tells a page that nothing has changed."""
    told = {
        "now": visit.now.isoformat(),
        "version": screen.version,
        "waiting": screen.rail.waiting,
        "lost": False,
        "case": screen.case_mark,
        "idle": screen.idle,
    }
    return lambda: told
