"""A web process that is killed in the middle of a request, and the seller's program that sends it again."""

import http.client
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.orders import Order
from models.secrecy import Keyring
from models.steps import StepOrder
from tests.conftest import Work
from tests.faults.conftest import KILLED, PATIENCE_SECONDS, Start
from tests.faults.dying import SECRET
from tests.orders import PAYLOAD
from verification.accounts.sellers import create_seller
from verification.status import status


def post(port: str, api_key: str, idempotency_key: str | None) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE_SECONDS)
    headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
    if idempotency_key is not None:
        headers["Idempotency-Key"] = idempotency_key
    try:
        connection.request("POST", "/api/v1/orders", json.dumps(PAYLOAD).encode(), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("death", "idempotency_key"),
    [("before the commit", None), ("after the commit", None), ("before the commit", "order-1047")],
)
def test_a_request_cut_off_by_a_kill_can_be_sent_again_and_makes_one_order(
    start: Start, work: Work, now: datetime, death: str, idempotency_key: str | None
) -> None:
    with work() as session:
        api_key = create_seller(session, "Noor", "SA", None, keys=Keyring(SECRET.encode()), now=now).api_key
    victim = start("web", now, death)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        post(victim.hear(), api_key, idempotency_key)
    assert victim.end() == KILLED

    # A key whose first request has no answer after a minute is free again.
    healthy = start("web", now + timedelta(minutes=2))
    port = healthy.hear()
    first, order = post(port, api_key, idempotency_key)
    again, same = post(port, api_key, idempotency_key)

    assert first == (200 if death == "after the commit" else 201)
    assert again == (200 if idempotency_key is None else first)
    assert same["id"] == order["id"]
    with work() as session:
        assert [str(id_) for id_ in session.scalars(select(Order.id))] == [order["id"]]
        assert len(session.scalars(select(StepOrder).where(StepOrder.live)).all()) == 1
        assert status(session)["stranded"] == 0
