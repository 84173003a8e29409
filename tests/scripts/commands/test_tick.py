from datetime import UTC, datetime

from models.secrecy import Keyring
from scripts.jobs import JOBS
from tests.conftest import Work
from tests.orders import draft
from tests.scripts.commands.conftest import Run
from verification.accounts.sellers import create_seller
from verification.intake.receiving import receive_order


def test_a_tick_carries_an_order_to_its_first_contact(run: Run, work: Work, keys: Keyring) -> None:
    now = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    with work() as session:
        store = create_seller(session, "Noor", "SA", None, keys=keys, now=now).store
        receive_order(session, store, draft(), now=now, keys=keys, cod=True)

    ticked = run("tick", "--now", "2026-11-22T13:00:00+03:00", "--json").json

    assert ticked["now"] == "2026-11-22T10:00:00+00:00"
    assert list(ticked["done"]) == list(JOBS)
    assert (ticked["done"]["promotion"], ticked["done"]["contacts"]) == (1, 1)


def test_time_does_not_go_back(run: Run) -> None:
    assert run("tick", "--now", "2026-11-22T12:00:00Z").code == 0

    refused = run("tick", "--now", "2026-11-22T11:59:59Z")

    assert refused.code == 1
    assert "time does not go back" in refused.err
    assert run("tick", "--now", "2026-11-22T12:00:00Z").code == 0


def test_an_instant_without_offset_is_in_utc(run: Run) -> None:
    assert run("tick", "--now", "2026-11-22T12:00:00").out.startswith("2026-11-22T12:00:00+00:00")


def test_what_is_no_instant_is_refused(run: Run) -> None:
    refused = run("tick", "--now", "tomorrow")
    assert refused.code == 2
    assert "ISO 8601" in refused.err
