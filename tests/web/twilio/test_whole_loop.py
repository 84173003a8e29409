"""Orders in, decisions out, with the double in place of the sandbox: templates, senders, jobs and doors."""

from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import select

from channels.registry import twilio_channels
from channels.twilio.contents import approval_of, submit
from channels.twilio.prices import price_of
from models.attempts import Attempt
from models.decisions import Decision
from models.vocabulary import Channel, SenderKind, Verdict
from scripts.jobs import JOBS, House
from scripts.twilio_double.script import Behaves, Script
from scripts.twilio_double.serving import Double, through
from tests import building
from tests.web.twilio.conftest import ACCOUNT
from verification.routing.stored import add_sender
from verification.templates.keeping import add_defaults, put_in
from verification.templates.submitting import refresh, send_waiting

SCRIPT = Script(
    phones={
        "+966551234561": [Behaves(taps="confirm")],
        "+966551234562": [Behaves(api="cut", taps="cancel", duplicate=1, reorder=True)],
        # No WhatsApp, and no host in Saudi Arabia that an SMS may name: the machine calls.
        "whatsapp:+966551234563": [Behaves(api="error", code=63024)],
        "call:+966551234563": [Behaves(keys=("1",))],
        "whatsapp:+966551234564": [Behaves(report=("failed",), error_code=63024)],
        "call:+966551234564": [Behaves(keys=("2",), forged=True)],
    }
)


@pytest.fixture
def double(clock):
    with Double(
        ACCOUNT.sid, ACCOUNT.token, script=SCRIPT, clock=clock, public_url=ACCOUNT.public_url
    ) as double:
        yield double
        assert double.violations == []
        assert double.warnings == []


@pytest.fixture
def house(app, work, clock, engine, now, double):
    """A house that goes live: its senders are kept and its templates approved."""
    account = replace(ACCOUNT, api_base=double.base)
    app.extensions["takeed"].account = account
    with work() as session:
        for template in add_defaults(session, seller_id=None, actor="test", now=now):
            put_in(session, template.id, actor="test", now=now)
        for kind in SenderKind:
            add_sender(
                session, kind=kind, address="+966112345678", per_second=Decimal(100), actor="test", now=now
            )
    send_waiting(engine, partial(submit, account), now=now)
    clock.forward(minutes=1)
    double.due(clock())
    refresh(engine, partial(approval_of, account), now=clock())
    yield House(
        engine=engine,
        channels=twilio_channels(account),
        keys=building.KEYS,
        clock=clock,
        holder="worker",
        page_at=lambda token: f"{ACCOUNT.public_url}/c/{token}",
        price=partial(price_of, account),
    )
    del app.extensions["takeed"].account


def test_orders_are_decided_over_twilio_with_what_each_contact_cost(
    house, double, app, work, clock, engine, now
):
    store = building.a_store(engine, now)
    orders = [building.an_order(engine, store, clock(), phone=f"055123456{last}") for last in "1234"]

    for _ in range(36):
        for job, _ in JOBS.values():
            job(house)
        double.deliver(clock(), through(app.test_client()))
        clock.forward(minutes=5)

    with work() as session:
        decided = {each.order_id: (each.verdict, each.via) for each in session.scalars(select(Decision))}
        attempts = session.scalars(select(Attempt).where(Attempt.provider_id.is_not(None))).all()
    assert [decided[order] for order in orders] == [
        (Verdict.confirmed, Channel.whatsapp.value),
        (Verdict.rejected, Channel.whatsapp.value),
        (Verdict.confirmed, Channel.ivr.value),
        (Verdict.rejected, Channel.ivr.value),
    ]
    made = [*double.messages, *double.calls]
    assert sorted(each.provider_id for each in attempts) == sorted(
        one.sid for one in made if one.direction == "outbound-api"
    )
    assert {each.cost for each in attempts if each.cost} == {Decimal("0.0145")}
    assert all(each.cost_final_at for each in attempts)
