"""A web process that is killed while it takes what an agent did, and the browser that sends it again."""

import http.client
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select

from models.diary import DiaryEntry
from models.dispositions import DispositionRow
from models.secrecy import Keyring, digest, new_token
from models.steps import Step
from models.users import UserSession
from models.vocabulary import AttemptState, StepState, Verdict
from tests.building import (
    E164,
    OTHER,
    Clock,
    a_store,
    an_order,
    attempts_of,
    decisions_of,
    events_of,
    set_policy,
    verdict_of,
)
from tests.conftest import Work
from tests.faults.conftest import KILLED, PATIENCE_SECONDS, Start, Started
from tests.faults.dying import SECRET
from tests.verification.desk.at_work import AtWork
from tests.verification.desk.staff import AGENTS
from verification.accounts.sessions import LONGEST

DEATHS = ("before the commit", "after the commit")

Send = Callable[..., tuple[int, str]]
CutOff = Callable[..., None]


@pytest.fixture
def sara(engine: Engine, now: datetime) -> AtWork:
    set_policy(engine, now, AGENTS, country="SA")
    return AtWork.called(engine, Clock(now))


@pytest.fixture
def order(engine: Engine, sara: AtWork) -> UUID:
    return an_order(engine, a_store(engine, sara.clock()), sara.clock())


@pytest.fixture
def send(work: Work, sara: AtWork) -> Send:
    """Sara's browser: `send(port, path, **form)` is a form of the desk, sent as htmx does."""
    session_token = new_token()
    with work() as session:
        session.add(
            UserSession(
                token_hash=digest(session_token),
                user_id=sara.agent.id,
                created_at=sara.clock(),
                seen_at=sara.clock(),
                expires_at=sara.clock() + LONGEST,
            )
        )
    csrf = Keyring(SECRET.encode()).keyed_digest("csrf", session_token).hex()
    headers = {
        "Cookie": f"takeed={session_token}",
        "Sec-Fetch-Site": "same-origin",
        "HX-Request": "true",
        "Content-Type": "application/x-www-form-urlencoded",
    }

    def send(port: str, path: str, **form: object) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE_SECONDS)
        try:
            connection.request("POST", path, urlencode({"csrf": csrf, **form}), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    return send


def serving(start: Start, sara: AtWork, death: str = "never") -> tuple[Started, str]:
    """A web process and its port."""
    process = start("web", sara.clock(), death)
    return process, process.hear()


@pytest.fixture
def cut_off(start: Start, sara: AtWork, send: Send) -> CutOff:
    """`cut_off(death, path, **form)`: the form is sent to a process that dies over it and never answers."""

    def cut_off(death: str, path: str, **form: object) -> None:
        victim, port = serving(start, sara, death)
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            send(port, path, **form)
        assert victim.end() == KILLED

    return cut_off


def held(engine: Engine, sara: AtWork) -> list[Step]:
    """The cases in Sara's hands."""
    return sara.act(
        lambda session: list(session.scalars(select(Step).where(Step.lease_holder == sara.agent.holder)))
    )


@pytest.mark.parametrize("death", DEATHS)
def test_an_outcome_cut_off_by_a_kill_can_be_sent_again_and_is_taken_once(
    engine: Engine, sara: AtWork, order: UUID, start: Start, send: Send, cut_off: CutOff, death: str
) -> None:
    waiting = an_order(engine, a_store(engine, sara.clock()), sara.clock(), phone=OTHER)
    case = sara.next_called()
    path, form = f"/desk/cases/{case}/outcome", {"token": sara.token(case), "outcome": "confirm"}
    cut_off(death, path, **form)

    if death == "before the commit":
        assert [one.id for one in held(engine, sara)] == [case]
        assert attempts_of(engine, order)[0].outcome is None
        assert decisions_of(engine, order) == events_of(engine, order) == []

    _, healthy = serving(start, sara)
    answers = [send(healthy, path, **form) for _ in range(2)]

    assert [status for status, _ in answers] == [200, 200]
    assert verdict_of(engine, order) is Verdict.confirmed
    assert len(decisions_of(engine, order)) == len(events_of(engine, order)) == 1
    assert [one.state for one in attempts_of(engine, order)] == [AttemptState.closed]
    assert sara.act(lambda session: session.scalar(select(func.count()).select_from(DispositionRow))) == 1
    assert sara.step(case).state is StepState.done
    [following] = held(engine, sara)
    assert all(f'data-step="{following.id}"' in page for _, page in answers)
    assert attempts_of(engine, waiting) == []


@pytest.mark.parametrize("death", DEATHS)
def test_a_call_cut_off_by_a_kill_can_be_begun_again_and_is_one_call(
    engine: Engine, sara: AtWork, order: UUID, start: Start, send: Send, cut_off: CutOff, death: str
) -> None:
    case = sara.next()
    assert case is not None
    path, form = f"/desk/cases/{case}/call", {"token": sara.token(case)}
    cut_off(death, path, **form)

    assert [(one.id, one.lease_token) for one in held(engine, sara)] == [(case, form["token"])]
    assert len(attempts_of(engine, order)) == (0 if death == "before the commit" else 1)

    _, healthy = serving(start, sara)
    answers = [send(healthy, path, **form) for _ in range(2)]

    assert all(status == 200 and f"tel:{E164}" in page for status, page in answers)
    assert len(attempts_of(engine, order)) == 1
    revealed = select(func.count()).where(DiaryEntry.code == "number_revealed")
    assert sara.act(lambda session: session.scalar(revealed)) == 1
