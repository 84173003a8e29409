"""Click to call, with Twilio's double in the provider's place."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from channels.twilio.calling import TwilioBridge
from models.attempts import Attempt
from models.buyers import Reachability
from models.calls import CallLeg
from models.orders import Order
from models.senders import Alarm
from models.unit_of_work import unit_of_work
from models.users import User
from models.vocabulary import AttemptState, CallParty, LegState, Outcome, Role, SenderKind
from scripts.twilio_double.script import Behaves, Script
from scripts.twilio_double.serving import Double, through
from tests.building import set_policy
from tests.web.twilio.conftest import ACCOUNT
from verification.contact.watching import close_calls
from verification.routing.stored import add_sender

OURS, HUDA, BUYER = "+966112345678", "+966550000001", "+966551234567"
ANSWERS = Behaves(keys=("1",), talks=42)


@pytest.fixture
def phones():
    """What the phones do; a test may change it before its first call."""
    return {HUDA: [ANSWERS], BUYER: [Behaves(talks=42)]}


@pytest.fixture
def double(app, clock, phones):
    with Double(
        ACCOUNT.sid, ACCOUNT.token, script=Script(phones=phones), clock=clock, public_url=ACCOUNT.public_url
    ) as double:
        app.extensions["takeed"].__dict__.pop("channels", None)
        app.extensions["takeed"].account = replace(ACCOUNT, api_base=double.base, timeout=0.5)
        yield double
        assert double.violations == []
        assert double.warnings == []
    for name in ("account", "channels"):
        app.extensions["takeed"].__dict__.pop(name, None)


@pytest.fixture
def sender(work, now):
    with work() as session:
        return add_sender(session, kind=SenderKind.voice, address=OURS, actor="operator", now=now)


@pytest.fixture
def huda(engine, now, store, sit, order, double):
    """An agent with a phone, who has a case in hand that is called by click."""
    set_policy(engine, now, {"dial_mode": "click_to_call"}, store_id=store)
    desk = sit()
    with unit_of_work(engine) as session:
        session.scalars(select(User)).one().phone = HUDA
    order(phone=BUYER)
    desk.next()
    return desk


@pytest.fixture
def wait(app, clock, double):
    """Let time pass at the phone company."""

    def pass_time(seconds):
        for _ in range(seconds):
            clock.forward(seconds=1)
            double.deliver(clock(), through(app.test_client()))

    return pass_time


def said(desk):
    """What the call box says."""
    found = re.search(r'id="call-said"[^>]*>(.*?)</p>', desk.look(), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()).replace("&#39;", "'") if found else None


def legs(engine):
    with unit_of_work(engine) as session:
        found = session.scalars(select(CallLeg).order_by(CallLeg.first_at, CallLeg.party)).all()
        return [(leg.party, leg.state, leg.talk_seconds) for leg in found]


def attempt(engine):
    with unit_of_work(engine) as session:
        return session.scalars(select(Attempt)).one()


def test_both_phones_are_rung_and_the_page_tells_it_as_it_goes(engine, huda, sender, wait, double):
    seen = [huda.text]
    huda.call()
    assert said(huda) == "Your phone rings."
    wait(7)
    assert said(huda) == "You are on the line: press a key on your phone."
    wait(6)
    assert said(huda) == "You are on the line, the buyer's phone rings."
    assert 'data-action="hang_up"' in huda.text
    seen.append(huda.text)
    wait(8)
    assert said(huda) == "Connected"
    assert f'data-since="{legs_answered(engine)}"' in huda.text
    seen.append(huda.text)
    wait(60)
    assert said(huda) == "The call has ended. Talked 0:42"
    assert "Ring again" not in huda.text
    seen.append(huda.text)
    [ours, theirs] = double.calls
    assert (ours.to, ours.from_, theirs.to, theirs.from_) == (HUDA, OURS, BUYER, OURS)
    huda.outcome("confirm")
    made = attempt(engine)
    assert (made.provider, made.provider_id, made.sender) == ("twilio", ours.sid, OURS)
    assert (made.state, made.outcome) == (AttemptState.closed, Outcome.answered)
    assert legs(engine) == [
        (CallParty.agent, LegState.completed, ours.seconds),
        (CallParty.buyer, LegState.completed, 42),
    ]
    # The number is nowhere: not in the pages, and not where they lead.
    digits = BUYER[4:]
    assert all(digits not in re.sub(r"\D", "", text) for text in seen)
    assert all("tel:" not in text for text in seen)


def legs_answered(engine):
    with unit_of_work(engine) as session:
        asked = select(CallLeg.answered_at).where(CallLeg.party == CallParty.buyer)
        return session.scalars(asked).one().isoformat()


@pytest.mark.parametrize(
    ("report", "told", "suggested"),
    [
        ("busy", "The buyer's phone is busy. Suggested: Busy", "busy"),
        ("no-answer", "The buyer does not answer. Suggested: No answer", "no_answer"),
        ("failed", "The buyer's phone cannot be reached. Suggested: Unreachable", "unreachable"),
    ],
)
def test_the_end_suggests_an_outcome_and_the_agent_chooses(
    engine, huda, sender, wait, phones, report, told, suggested
):
    phones[BUYER] = [Behaves(report=(report,))]
    huda.call()
    wait(60)
    assert said(huda) == told
    assert re.search(rf'class="outcome[^"]* suggested" name="outcome" value="{suggested}"', huda.text)
    assert huda.text.count(" suggested") == 1
    assert attempt(engine).outcome is None
    assert "Ring again" not in huda.text
    huda.outcome("voicemail")
    assert attempt(engine).outcome is Outcome.voicemail


def test_an_agent_who_missed_the_ring_rings_again(engine, huda, sender, wait, phones, double):
    phones[HUDA] = [Behaves(report=("no-answer",)), ANSWERS]
    huda.call()
    wait(40)
    assert said(huda) == "You did not answer your phone."
    assert huda.act("ring").status_code == 303
    assert said(huda) == "Your phone rings."
    huda.act("ring")
    wait(20)
    assert said(huda) == "Connected"
    assert [call.to for call in double.calls] == [HUDA, HUDA, BUYER]
    assert attempt(engine).provider_id == double.calls[1].sid
    assert [leg[:2] for leg in legs(engine)][:1] == [(CallParty.agent, LegState.no_answer)]


def test_a_call_pressed_twice_rings_once(huda, sender, double):
    huda.call()
    huda.act("call")
    assert len(double.calls) == 1


def test_without_a_phone_the_button_leads_to_the_account(engine, huda, sender, double):
    with unit_of_work(engine) as session:
        session.scalars(select(User)).one().phone = None
    assert 'href="/account#phone" data-action="call"' in huda.look()
    answer = huda.act("call")
    assert answer.status_code == 409
    assert "none is known" in huda.text
    assert double.calls == []


def test_without_a_sender_the_page_says_so_and_the_operator_is_told(engine, huda, double):
    answer = huda.act("call")
    assert answer.status_code == 409
    assert re.search(r'<p class="not-now" role="alert">No number of ours may call this country', huda.text)
    assert huda.step is not None
    with unit_of_work(engine) as session:
        assert session.scalars(select(Attempt)).all() == []
        assert session.scalars(select(Alarm.code)).all() == ["no_sender"]


def test_a_line_that_is_taken_is_free_again_a_moment_later(huda, sender, order, double, clock):
    huda.call()
    huda.outcome("no_answer")
    order()
    assert huda.next() is not None
    assert huda.act("call").status_code == 409
    assert "All our lines are taken" in huda.text
    clock.forward(seconds=2)
    huda.call()
    assert len(double.calls) == 2


def test_outside_the_hours_nothing_rings(huda, sender, double, clock):
    clock.forward(hours=11)
    huda.next()
    if huda.step is not None:
        assert huda.act("call").status_code == 409
    assert double.calls == []


def test_what_the_provider_refuses_is_said_and_rung_again(engine, huda, sender, phones, double, wait):
    phones[HUDA] = [Behaves(api="error", code=21211), Behaves(api="error", code=20429), ANSWERS]
    huda.call()
    assert said(huda) == "Your phone cannot be rung: look at its number under Your account."
    with unit_of_work(engine) as session:
        assert session.scalars(select(Reachability)).all() == []
    wait(30)
    huda.act("ring")
    assert said(huda) == "Too many calls at this moment."
    assert attempt(engine).outcome is None
    wait(120)
    huda.look()
    huda.act("ring")
    wait(20)
    assert said(huda) == "Connected"


def test_an_outage_is_said_and_the_case_stays(engine, huda, sender, double):
    double.refuse_connections()
    huda.call()
    assert said(huda) == "The provider of calls does not answer."
    assert attempt(engine).state is AttemptState.failed
    huda.outcome("no_answer")
    assert attempt(engine).outcome is Outcome.no_answer


def test_a_case_whose_agent_could_not_be_rung_is_given_back_and_uses_nothing_up(
    engine, huda, sender, phones, double, clock
):
    phones[HUDA] = [Behaves(api="error", code=21211), ANSWERS]
    huda.call()
    assert huda.act("give-back").status_code == 303
    failed = attempt(engine)
    assert (failed.state, failed.outcome, failed.meaning) == (
        AttemptState.failed,
        Outcome.failed,
        "retry_later",
    )
    clock.forward(seconds=10)
    assert huda.next() is not None
    huda.call()
    assert said(huda) == "Your phone rings."
    assert huda.act("give-back").status_code == 409


def test_a_case_that_is_left_after_a_refused_ring_was_no_contact(
    app, engine, huda, sender, phones, double, clock
):
    phones[HUDA] = [Behaves(api="error", code=21211)]
    huda.call()
    clock.forward(hours=2)
    close_calls(engine, clock())
    assert (attempt(engine).state, attempt(engine).outcome) == (AttemptState.failed, Outcome.failed)


def test_a_ring_whose_answer_was_lost_is_looked_up_not_repeated(engine, huda, sender, phones, double, wait):
    phones[HUDA] = [replace(ANSWERS, api="cut", rings=25)]
    huda.call()
    assert said(huda) == "It is not known whether your phone rings. Answer it if it does."
    assert huda.act("ring").status_code == 303
    assert said(huda) == "Your phone rings."
    assert len(double.calls) == 1
    assert attempt(engine).provider_id == double.calls[0].sid
    wait(60)
    assert [call.to for call in double.calls] == [HUDA, BUYER]


def test_the_phone_itself_may_tell_first_that_it_rings(engine, huda, sender, phones, double, wait):
    phones[HUDA] = [replace(ANSWERS, api="cut", rings=25)]
    huda.call()
    wait(3)
    assert said(huda) == "Your phone rings."
    wait(40)
    assert said(huda) == "Connected"


def test_a_ring_that_never_began_begins_after_the_look(engine, huda, sender, phones, double, clock):
    phones[HUDA] = [replace(ANSWERS, api="cut", taken=False), ANSWERS]
    huda.call()
    assert attempt(engine).state is AttemptState.uncertain
    # The sender rests for a moment after what went wrong.
    clock.forward(seconds=10)
    huda.act("ring")
    assert said(huda) == "Your phone rings."
    assert len(double.calls) == 1


def test_a_doubt_that_cannot_be_resolved_is_over_after_a_minute(engine, huda, sender, phones, double, clock):
    phones[HUDA] = [replace(ANSWERS, api="cut", taken=False), ANSWERS]
    huda.call()
    double.refuse_connections()
    assert huda.act("ring").status_code == 409
    assert "still not known" in huda.text
    clock.forward(seconds=61)
    double.accept_connections()
    huda.look()
    huda.act("ring")
    assert said(huda) == "Your phone rings."


def test_the_agent_hangs_up_from_the_page(engine, huda, sender, wait, double):
    huda.call()
    wait(20)
    assert said(huda) == "Connected"
    assert huda.act("hang-up").status_code == 303
    wait(2)
    assert said(huda).startswith("The call has ended.")
    assert all(call.over for call in double.calls)
    huda.act("hang-up")
    assert huda.outcome("confirm").status_code == 303


def test_the_pulse_brings_what_changed_and_nothing_else(huda, sender, wait):
    huda.call()
    huda.look()
    form = {"step": huda.step, "call": huda.marked("call"), "version": huda.marked("version")}
    assert "call_said" not in huda.browser.post("/desk/pulse", form).json
    wait(20)
    told = huda.browser.post("/desk/pulse", form).json
    assert "Connected" in told["call_said"]
    assert "/hang-up" in told["call_acts"]
    assert told["call"] != form["call"]


def test_a_supervisor_who_takes_the_case_over_rings_their_own_phone(
    engine, huda, sender, phones, double, wait, sit
):
    phones[HUDA] = [Behaves(report=("no-answer",))]
    phones["+966550000002"] = [ANSWERS]
    huda.call()
    wait(40)
    boss = sit("salma", Role.supervisor)
    with unit_of_work(engine) as session:
        session.scalars(select(User).where(User.name == "Salma")).one().phone = "+966550000002"
    step = huda.step
    assert boss.post(f"/board/cases/{step}/take-over").status_code in (200, 303)
    boss.look()
    assert boss.step == step
    assert boss.act("ring").status_code == 303
    wait(20)
    assert said(boss) == "Connected"
    assert [call.to for call in double.calls] == [HUDA, "+966550000002", BUYER]


def test_an_outcome_that_is_undone_shows_the_call_as_it_ended(engine, huda, sender, wait):
    huda.call()
    wait(80)
    step = huda.step
    huda.outcome("confirm")
    huda.post(f"/desk/cases/{step}/undo")
    assert said(huda) == "The call has ended. Talked 0:42"


def test_past_calls_tell_who_was_rung_and_how_long_they_talked(engine, huda, sender, wait):
    huda.call()
    wait(80)
    huda.outcome("confirm")
    with unit_of_work(engine) as session:
        placed = session.scalars(select(Order.id)).one()
    page = huda.browser.get(f"/desk/orders/{placed}").text
    assert re.search(r"Buyer(&#39;|')s phone: answered <bdi[^>]*>0:42", page)
    assert re.search(r"Agent(&#39;|')s phone: answered", page)


def test_no_transaction_is_open_while_the_provider_is_asked(app, huda, sender, monkeypatch):
    open_then, ring = [], TwilioBridge.send

    def send(channel, contact):
        open_then.append(app.extensions["takeed"].engine.pool.checkedout())
        return ring(channel, contact)

    monkeypatch.setattr(TwilioBridge, "send", send)
    huda.call()
    assert open_then == [0]


def test_a_simulated_call_can_be_hung_up(engine, now, store, desk, order, clock):
    set_policy(engine, now, {"dial_mode": "click_to_call"}, store_id=store)
    for _ in range(6):
        order()
    while True:
        desk.next_called()
        if said(desk) == "Connected":
            break
        desk.outcome("no_answer")
    clock.forward(seconds=12)
    assert desk.act("hang-up").status_code == 303
    assert said(desk) == "The call has ended. Talked 0:12"


def test_in_the_sandbox_the_simulated_talk_begins_at_once(app, engine, now, store, desk, order, clock):
    set_policy(engine, now, {"dial_mode": "click_to_call"}, store_id=store)
    for _ in range(4):
        order()
    told = set()
    for _ in range(4):
        desk.next_called()
        assert "Simulated call" in desk.text
        assert "tel:" not in desk.text
        told.add(said(desk))
        clock.forward(seconds=30)
        assert desk.outcome("no_answer").status_code == 303
    assert told <= {
        "Connected",
        "The buyer does not answer. Suggested: No answer",
        "The buyer's phone is busy. Suggested: Busy",
        "The buyer's phone cannot be reached. Suggested: Unreachable",
    }
    assert all(state not in (LegState.in_progress, LegState.ringing) for _, state, _ in legs(engine))
    assert len(legs(engine)) == 8


@pytest.mark.parametrize("path", ["call", "ring", "hang-up"])
def test_a_case_that_is_not_in_hand_rings_nobody(huda, sender, double, path):
    answer = huda.post(
        f"/desk/cases/00000000-0000-0000-0000-000000000000/{path}", {"token": huda.marked("token")}
    )
    assert answer.status_code == 409
    assert huda.act(path, {"token": "x\0"}).status_code == 409
    assert double.calls == []
