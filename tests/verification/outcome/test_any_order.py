"""Every order in which Twilio's callbacks can come ends in the same rows."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from channels.protocol import ContactEvent, EventKind, Sent, Uncertain
from channels.twilio.reading import Posted, read_call_status, read_leg, read_message_status
from models.attempts import Attempt
from models.base import Base
from models.buyers import BuyerSign, OptOut, Reachability
from models.calls import CallLeg
from models.decisions import Decision
from models.messages import Message
from models.orders import Order
from models.outbox import OutboxDelivery
from models.steps import Step, StepOrder
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel, SignOfLife, StepState
from tests.building import set_policy
from tests.web.twilio.asking import OURS, asked
from verification.contact.contacting import settle
from verification.habits.folding import fold
from verification.habits.reading import pasts_of
from verification.outcome.taking_in import take_in
from verification.steps.transitions import end_step

MESSAGE_STATUSES = {
    "accepted": {},
    "scheduled": {},
    "queued": {},
    "sending": {},
    "sent": {},
    "delivered": {},
    "partially_delivered": {},
    "read": {},
    "undelivered": {"ErrorCode": "63024"},
    "failed": {"ErrorCode": "30003"},
    "canceled": {},
}
"""Those that the API's description lists for a message that we sent, each with what comes with it."""
CALL_STATUSES = {
    "queued": {},
    "initiated": {},
    "ringing": {},
    "in-progress": {},
    "completed": {"CallDuration": "31", "AnsweredBy": "human"},
    "busy": {"SipResponseCode": "486"},
    "no-answer": {"SipResponseCode": "487"},
    "canceled": {},
    "failed": {"SipResponseCode": "503"},
}

Told = tuple[str, dict[str, str]]
TAP: Told = ("tap", {})
ANSWERS: dict[str, Callable[[str], Sent | Uncertain]] = {
    "answer": lambda sid: Sent(sid, sender=OURS, cost_is_final=False),
    "doubt": lambda _: Uncertain("timeout"),
}
"""What our own request for the contact is answered with."""


def row(one: Base, *left_out: str) -> dict[str, Any]:
    columns = {column.name for column in one.__table__.columns} - set(left_out)
    return {name: getattr(one, name) for name in sorted(columns)}


def rows(session: Session, attempt: Attempt, order_id: Any) -> dict[str, Any]:
    """All that the callbacks of one contact can leave behind, without ids of their own."""
    fold(session, [attempt.buyer_id], now=attempt.started_at)
    session.expire_all()
    order = session.get_one(Order, order_id)
    live = session.scalars(select(Step).join(StepOrder, StepOrder.step_id == Step.id).where(Step.live))
    signs = session.scalars(select(BuyerSign).where(BuyerSign.kind == SignOfLife.message_read))
    return {
        "attempt": row(session.get_one(Attempt, attempt.id)),
        "habits": pasts_of(session, [attempt.buyer_id])[attempt.buyer_id].cells,
        "step": row(session.get_one(Step, attempt.step_id)),
        "legs": [row(leg, "id") for leg in session.scalars(select(CallLeg))],
        "next": [row(step, "id", "created_at") for step in live],
        "order": (order.last_outcome, order.wish, order.ladder, order.decision_id is None),
        "decisions": [row(one, "id", "proof") for one in session.scalars(select(Decision))],
        "told": [(one.event_type, one.state) for one in session.scalars(select(OutboxDelivery))],
        "reach": sorted(
            (one.channel, one.reachable, one.reason, one.noted_at)
            for one in session.scalars(select(Reachability))
        ),
        "silence": sorted(one.channel for one in session.scalars(select(OptOut))),
        "said": [one.intent for one in session.scalars(select(Message).where(Message.direction == "in"))],
        "signs": sorted(one.seen_at for one in signs),
    }


class Line:
    """One contact made, to which callbacks come in any order, each time from the same beginning."""

    def __init__(self, engine: Engine, now: datetime, channel: Channel) -> None:
        ladder = [
            {"channel": each, "after_minutes": 60} for each in (channel.value, "whatsapp", "agent_call")
        ]
        set_policy(engine, now, {"ladder": ladder}, country="SA")
        self.engine, self.now, self.channel = engine, now, channel
        self.order_id, self.attempt = asked(engine, now, channel)
        self.sid = self.attempt.provider_id or ""

    def forget_answer(self) -> None:
        """Be where nothing is known yet but that the contact was to be made."""
        with unit_of_work(self.engine) as session:
            attempt = session.get_one(Attempt, self.attempt.id)
            attempt.provider_id = attempt.sender = None
            attempt.state = AttemptState.sending
            step = session.get_one(Step, attempt.step_id)
            following = session.scalars(select(Step).where(Step.live, Step.id != step.id)).all()
            for one in following:
                end_step(session, one, StepState.cancelled, now=self.now, reason="planned_anew")
            step.state, step.ended_at, step.end_reason = StepState.claimed, None, None
            step.lease_holder, step.lease_expires_at = "worker", self.now + timedelta(minutes=5)

    def after(self, told: Sequence[Told]) -> dict[str, Any]:
        """The rows after these callbacks."""
        with Session(self.engine, expire_on_commit=False) as session:
            for one in told:
                self._tell(session, one)
            return rows(session, self.attempt, self.order_id)

    def ends(self, told: Sequence[Told]) -> Iterator[tuple[list[str], dict[str, Any]]]:
        """The rows after these callbacks in every order; what begins alike is told once."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield from self._ends(session, list(told), [])

    def _ends(
        self, session: Session, told: list[Told], before: list[str]
    ) -> Iterator[tuple[list[str], dict[str, Any]]]:
        if not told:
            yield before, rows(session, self.attempt, self.order_id)
        for one in told:
            with session.begin_nested() as so_far:
                self._tell(session, one)
                yield from self._ends(
                    session, [other for other in told if other is not one], [*before, one[0]]
                )
                so_far.rollback()

    def _tell(self, session: Session, told: Told) -> None:
        said, more = told
        # A call's reports tell when it was; of a message's they tell only when they come, here all at once.
        known = [*CALL_STATUSES, TAP[0], *ANSWERS]
        at = self.now + timedelta(seconds=10 * known.index(said)) if self.channel.is_call else self.now
        if said in ANSWERS:
            settle(session, self.attempt.id, ANSWERS[said](self.sid), now=self.now)
            return
        if said == TAP[0]:
            event = ContactEvent(
                source="twilio",
                external_id="tap",
                kind=EventKind.reply,
                at=at,
                raw="",
                reference=self.attempt.reference,
                button="confirm",
            )
            take_in(session, event, now=self.now)
            return
        form = {"Timestamp": at.strftime("%a, %d %b %Y %H:%M:%S +0000"), **more}
        if self.channel.is_call:
            form |= {"CallSid": self.sid, "CallStatus": said}
        else:
            form |= {
                "MessageSid": self.sid,
                "MessageStatus": said,
                "From": "whatsapp:+1",
            }
        posted = Posted(form, "", self.now, self.attempt.reference)
        event = read_call_status(posted) if self.channel.is_call else read_message_status(posted)
        assert event is not None
        take_in(session, event, now=self.now, leg=read_leg(posted) if self.channel.is_call else None)


@pytest.fixture
def message(engine: Engine, now: datetime) -> Line:
    return Line(engine, now, Channel.whatsapp)


@pytest.fixture
def call(engine: Engine, now: datetime) -> Line:
    return Line(engine, now, Channel.ivr)


def all_alike(line: Line, told: Sequence[Told]) -> None:
    ends = line.ends(told)
    _, first = next(ends)
    for order, end in ends:
        assert end == first, order


def of(known: dict[str, dict[str, str]], *names: str) -> list[Told]:
    return [(name, known[name]) if name != TAP[0] else TAP for name in names]


@pytest.mark.parametrize(
    "story",
    [
        ("accepted", "queued", "sending", "sent", "delivered"),
        ("scheduled", "queued", "sent", "delivered", "read"),
        ("sent", "delivered", "read", "tap"),
        ("queued", "sent", "undelivered"),
        ("sent", "undelivered", "delivered", "read"),
        ("failed", "undelivered", "canceled"),
        ("canceled", "partially_delivered", "read", "failed"),
    ],
)
def test_a_messages_callbacks_in_every_order(message: Line, story: tuple[str, ...]) -> None:
    all_alike(message, of(MESSAGE_STATUSES, *story))


@pytest.mark.parametrize("code", ["30003", "30005", "21610", "63016", "63018", "63024", "63007", "99999"])
def test_a_failure_and_an_arrival_in_every_order_whatever_it_means(message: Line, code: str) -> None:
    failures = [("failed", {"ErrorCode": code}), ("undelivered", {"ErrorCode": "30008"})]
    all_alike(message, [*failures, ("delivered", {})])
    all_alike(message, [*failures, ("sent", {})])


@pytest.mark.parametrize(
    "story",
    [
        ("queued", "initiated", "ringing", "completed"),
        ("initiated", "ringing", "in-progress", "completed"),
        ("initiated", "ringing", "in-progress", "tap", "completed"),
        ("initiated", "ringing", "busy"),
        ("initiated", "ringing", "no-answer"),
        ("queued", "initiated", "canceled"),
        ("queued", "initiated", "failed"),
        ("failed", "in-progress", "completed", "tap"),
        ("busy", "no-answer", "canceled", "failed"),
    ],
)
def test_a_calls_callbacks_in_every_order(call: Line, story: tuple[str, ...]) -> None:
    all_alike(call, of(CALL_STATUSES, *story))


def test_a_call_to_no_number_in_every_order(call: Line) -> None:
    all_alike(call, [*of(CALL_STATUSES, "queued", "initiated"), ("failed", {"ErrorCode": "13224"})])


@pytest.mark.parametrize(
    "story",
    [
        ("answer", "queued", "delivered"),
        ("answer", "undelivered"),
        ("answer", "tap", "read"),
        ("doubt", "sent", "delivered"),
        ("doubt", "undelivered"),
        ("doubt", "tap", "read"),
        ("doubt", "answer", "delivered"),
    ],
)
def test_the_answer_to_our_own_request_comes_at_any_time(message: Line, story: tuple[str, ...]) -> None:
    message.forget_answer()
    known = MESSAGE_STATUSES | {name: {} for name in ANSWERS}
    all_alike(message, of(known, *story))


ALL_MESSAGES = [*of(MESSAGE_STATUSES, *MESSAGE_STATUSES), TAP]
ALL_CALLS = [*of(CALL_STATUSES, *CALL_STATUSES), TAP]
SOME = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


@SOME
@given(st.permutations(ALL_MESSAGES), st.integers(4, len(ALL_MESSAGES)))
def test_all_statuses_of_a_message_in_any_order(message: Line, told: list[Told], count: int) -> None:
    known = told[:count]
    assert message.after(known) == message.after([one for one in ALL_MESSAGES if one in known])


@SOME
@given(st.permutations(ALL_CALLS), st.integers(4, len(ALL_CALLS)))
def test_all_statuses_of_a_call_in_any_order(call: Line, told: list[Told], count: int) -> None:
    known = told[:count]
    assert call.after(known) == call.after([one for one in ALL_CALLS if one in known])
