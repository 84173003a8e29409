import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from models.attempts import Attempt
from models.orders import Order
from models.outbox import OutboxDelivery
from models.policies import PolicyOverride
from models.sandbox import SandboxContact
from models.secrecy import Keyring
from models.sellers import Store
from models.vocabulary import DecisionReason, Verdict, Via
from scripts.always_open import ALWAYS_OPEN
from settings import ROOT
from tests.conftest import Work
from tests.faults.conftest import PATIENCE_SECONDS
from tests.orders import draft, make_seller, received
from verification.accounts.sellers import create_seller
from verification.decision.ruling import Ruling
from verification.decision.taking import decide
from verification.intake.receiving import receive_order

ORDERS = 8

# Where other systems were bitten, and the test here that the same does not happen to us.
BITES = {
    "the provider's report comes before its answer": (
        "tests/stories/test_early_callback.py",
        "test_a_yes_that_comes_before_the_send_is_known_to_have_worked",
    ),
    "reports come in the wrong order": (
        "tests/verification/outcome/test_taking_in.py",
        "test_reports_in_every_order_end_the_same",
    ),
    "an end that nobody is told of": (
        "tests/faults/test_bites.py",
        "test_whatever_is_decided_is_told",
    ),
    "work sent before the commit, or lost after it": (
        "tests/faults/test_killed_workers.py",
        "test_whenever_a_worker_is_killed_nothing_is_lost_and_nobody_is_asked_twice",
    ),
    "every web worker brings a scheduler of its own": (
        "tests/faults/test_bites.py",
        "test_a_web_process_schedules_nothing",
    ),
    "two schedulers do everything twice": (
        "tests/faults/test_bites.py",
        "test_two_schedulers_contact_nobody_twice",
    ),
    "a session or unit of work shared by threads": (
        "tests/test_house.py",
        "test_no_module_holds_a_session_or_an_engine",
    ),
    "an unknown provider code becomes a failure": (
        "tests/verification/outcome/test_taking_in.py",
        "test_what_fits_nothing_is_kept_and_shown_and_changes_nothing",
    ),
    "a retry after a timeout calls again": (
        "tests/verification/contact/test_contacting.py",
        "test_a_send_without_an_answer_is_looked_up_and_never_repeated",
    ),
    "the first callback never comes": (
        "tests/verification/contact/test_watching.py",
        "test_a_call_whose_result_never_comes_was_not_answered",
    ),
    "a callback comes twice, and twice at once": (
        "tests/verification/outcome/test_taking_in.py",
        "test_events_at_the_same_instant_from_two_threads_are_one_change",
    ),
    "a request that was cut off is done twice": (
        "tests/faults/test_killed_web.py",
        "test_a_request_cut_off_by_a_kill_can_be_sent_again_and_makes_one_order",
    ),
}


@pytest.mark.parametrize("bite", BITES)
def test_each_bite_has_its_test(bite: str) -> None:
    file, name = BITES[bite]
    assert f"\ndef {name}(" in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("verdict", Verdict)
def test_whatever_is_decided_is_told(work: Work, now: datetime, verdict: Verdict) -> None:
    with work() as session:
        order = received(session, make_seller(session, now).store, draft(), now)
        ruling = Ruling(verdict, DecisionReason.unspecified, Via.whatsapp)
        decide(session, order, ruling, now=now, actor="buyer", proof={"kind": "button"})

    with work() as session:
        [told] = session.scalars(select(OutboxDelivery))
        assert told.event_type == f"order.{verdict}"
        assert [told.decision_id] == session.scalars(select(Order.decision_id)).all()


_WEB_PROCESS = """
import sys, threading
from pathlib import Path
from app import create_app
from settings import Settings

app = create_app(Settings(data=Path(sys.argv[1]), database_url=sys.argv[2]))
assert app.test_client().get("/readyz").status_code == 200
print("apscheduler" in sys.modules, threading.active_count())
"""


def test_a_web_process_schedules_nothing(database_url: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WEB_PROCESS, str(tmp_path), database_url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False 1\n"


@pytest.fixture
def schedulers(database_url: str, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    environ = {
        "PATH": "",
        "DATABASE_URL": database_url,
        "TAKEED_DATA": str(tmp_path),
        "TAKEED_SECRET_KEY": "a secret of the tests, long enough for a key",
    }
    command = [sys.executable, "-m", "flask", "scheduler"]
    both = [
        subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    yield both
    for each in both:
        each.kill()
        each.wait()


def test_two_schedulers_contact_nobody_twice(
    work: Work, engine: Engine, schedulers: list[subprocess.Popen[bytes]]
) -> None:
    now = datetime.now(UTC)
    keys = Keyring(b"a secret of the tests, long enough for a key")
    with work() as session:
        store_id = create_seller(session, "Noor", "SA", None, keys=keys, now=now).store.id
        # The schedulers live by the real clock: whatever hour it is, and on whatever day.
        session.add_all(
            PolicyOverride(country="SA", name=name, value=value, set_by="test", set_at=now)
            for name, value in ALWAYS_OPEN.items()
        )
    for number in range(ORDERS):
        with work() as session:
            store = session.get_one(Store, store_id)
            order = draft(str(number), buyer={"phone": f"05512345{number:02}"}, placed_at=now.isoformat())
            receive_order(session, store, order, now=now, keys=keys, cod=True)

    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        with work() as session:
            made = session.scalars(select(Attempt.step_id)).all()
            accepted = session.scalar(select(func.count()).select_from(SandboxContact)) or 0
        if len(made) >= ORDERS:
            break
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert len(made) == len(set(made))
    assert accepted <= len(made)
    for each in schedulers:
        each.send_signal(signal.SIGTERM)
    assert [each.wait(PATIENCE_SECONDS) for each in schedulers] == [0, 0]
