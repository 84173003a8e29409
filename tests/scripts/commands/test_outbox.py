import pytest

from models.outbox import OutboxDelivery
from models.vocabulary import DeliveryState
from tests import stored


@pytest.fixture
def events(work, now) -> dict[DeliveryState, str]:
    with work() as session:
        store = stored.a_store(session, now, url="https://shop.example/events")
        store.seller.slug = "noor"
        order = stored.an_order(session, now, store, stored.a_buyer(session, now))
        return {
            state: str(stored.an_event(session, now, order, version=version, state=state))
            for version, state in enumerate(DeliveryState, start=2)
        }


def test_what_was_not_delivered_is_listed(run, events):
    listed = run("outbox", "list", "--seller", "noor", "--json").json["events"]
    assert {each["state"] for each in listed} == {"pending", "failed", "disabled"}
    [failed] = run("outbox", "list", "--state", "failed", "--json").json["events"]
    assert failed["id"] == events[DeliveryState.failed]
    assert events[DeliveryState.failed] in run("outbox", "list").out


def test_failed_events_are_sent_again(run, events, session):
    assert run("outbox", "replay", "--seller", "noor", "--failed", "--json").json == {"replayed": 1}
    assert session.get_one(OutboxDelivery, events[DeliveryState.failed]).state is DeliveryState.pending


def test_events_are_sent_again_by_id_and_since(run, events):
    assert run("outbox", "replay", events[DeliveryState.delivered], "--json").json == {"replayed": 1}
    assert run("outbox", "replay", "--since", "2026-11-22T12:00:00+03:00", "--json").json["replayed"] == 4


def test_sending_everything_again_by_mistake_is_refused(run, events):
    said = run("outbox", "replay", "--json")
    assert (said.code, said.out) == (2, "")
    assert run("outbox", "replay", "--since", "yesterday").code == 2
    assert run("outbox", "list", "--store", "default").code == 2
    assert run("outbox", "list", "--seller", "nobody").code == 1
