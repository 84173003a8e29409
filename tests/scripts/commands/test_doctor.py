from datetime import UTC, datetime, timedelta

import pytest

from models.inbound import InboundEvent
from models.jobs import JobRun
from models.policies import PolicyOverride
from models.vocabulary import DeliveryState, InboundState
from tests import stored


def found(run, **environ) -> dict[str, str]:
    """What is wrong, by name."""
    said = run("doctor", "--json", **environ)
    assert said.code == (0 if said.json["ok"] else 1)
    return {check["name"]: check["detail"] for check in said.json["checks"] if not check["ok"]}


@pytest.fixture
def real_now() -> datetime:
    return datetime.now(UTC)


def test_a_new_installation_is_well(run):
    assert found(run) == {}
    assert "WRONG" not in run("doctor").out


def test_a_setting_that_cannot_be_read(run):
    assert set(found(run, TAKEED_API_RATE="many")) == {"settings"}


def test_a_database_that_does_not_answer(run):
    assert set(found(run, DATABASE_URL="postgresql://127.0.0.1:9/none")) == {"database"}


def test_providers_that_cannot_reach_us(run):
    credentials = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t"}
    wrong = found(run, **credentials, TWILIO_API_BASE="http://127.0.0.1:9")
    assert "does not answer" in wrong["twilio"]
    assert "once there is a seller" in wrong["senders"]


def test_orders_without_a_scheduler(run, work, real_now):
    with work() as session:
        store = stored.a_store(session, real_now)
        stored.an_order(session, real_now, store, stored.a_buyer(session, real_now))
        session.add(JobRun(job="contacts", ran_at=real_now - timedelta(hours=1)))
    wrong = found(run)
    assert "last ran at" in wrong["scheduler"]
    assert "1 have neither" in wrong["orders"]
    assert "secret key" in wrong


def test_a_clock_that_was_moved_ahead(run, work, real_now):
    with work() as session:
        session.add(JobRun(job="tick", ran_at=real_now + timedelta(days=1)))
    assert "still to come" in found(run)["clocks"]


def test_events_and_messages_that_need_somebody(run, work, real_now):
    with work() as session:
        store = stored.a_store(session, real_now, url="https://shop.example/")
        order = stored.an_order(session, real_now, store, stored.a_buyer(session, real_now))
        stored.an_event(session, real_now, order, state=DeliveryState.failed)
        stored.an_event(session, real_now - timedelta(hours=1), order, version=3)
        store.event_disabled_at = real_now
        session.add(
            InboundEvent(
                source="salla",
                external_id="1",
                kind="order",
                state=InboundState.quarantined,
                received_at=real_now,
            )
        )
    wrong = found(run)
    assert "1 were given up" in wrong["events"]
    assert "1 should have been sent" in wrong["events"]
    assert "1 stores asked" in wrong["events"]
    assert "1 messages" in wrong["quarantine"]


def test_policy_values_that_cannot_be_used_any_more(run, work, real_now):
    with work() as session:
        kept = {"country": "SA", "set_by": "operator", "set_at": real_now}
        session.add(PolicyOverride(name="of_old", value=1, **kept))
        session.add(PolicyOverride(name="deadline_hours", value=-1, **kept))
    assert found(run)["policy"].startswith("2 stored values cannot be used: deadline_hours, of_old")
