"""The Call button: the number shown, or the agent's phone rung and the buyer connected by the provider."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from channels.protocol import ContactChannel, Sent, Uncertain
from models.unit_of_work import Session
from models.vocabulary import Channel, DialMode
from verification.contact.beginning import Begun
from verification.contact.contacting import Answer, send
from verification.desk.calling import call, dial_mode
from verification.desk.refusals import DeskRefusal, Why
from verification.desk.ringing import (
    Doubt,
    begin_ring,
    call_to_end,
    check_doubt_over,
    look_up,
    note_no_line,
    note_over,
    ring_again,
    settle_ring,
)
from verification.desk.simulating import SIMULATED, begin_simulated
from web.access import Capability, Outside, Visit, page
from web.context import context
from web.desk.acting import CASE, done, form_token, refuse, why_not
from web.desk.sandbox_talk import outcome_of

_Answer = ResponseReturnValue | Outside[Answer] | Outside[Sent | Uncertain | None] | Outside[bool | None]


def register(blueprint: Blueprint) -> None:
    """The addresses of the call box."""
    for path, view in (("call", begin_call), ("ring", begin_again), ("hang-up", hang_up)):
        page(blueprint, "POST", f"{CASE}/{path}", needs=Capability.work_cases)(view)


def begin_call(visit: Visit, session: Session, step_id: UUID) -> _Answer:
    """Begin the call, as the house's policy has agents call."""

    def work() -> Begun | None:
        if dial_mode(session, step_id) is DialMode.own_phone:
            call(session, visit.user, step_id, form_token(), now=visit.now)
            return None
        channel = _channel()
        begun = begin_ring(session, visit.user, step_id, form_token(), channel, now=visit.now)
        if begun is not None and channel.provider == SIMULATED:
            begin_simulated(session, begun.attempt_id, outcome_of(session, begun), now=visit.now)
            return None
        return begun

    return _ring(visit, session, step_id, work)


def begin_again(visit: Visit, session: Session, step_id: UUID) -> _Answer:
    """Ring the agent's phone once more, the buyer's not having rung."""

    def work() -> Begun | Doubt | None:
        return ring_again(session, visit.user, step_id, form_token(), _channel(), now=visit.now)

    return _ring(visit, session, step_id, work)


def hang_up(visit: Visit, session: Session, step_id: UUID) -> _Answer:
    """End the call that connects the case; the news of its end comes from the provider."""
    try:
        provider_id = call_to_end(session, visit.user, step_id, form_token())
    except DeskRefusal as refused:
        return refuse(visit, session, why_not(session, step_id, visit, refused))
    account = context().account
    if provider_id is None or account is None:
        note_over(session, step_id, now=visit.now)
        return done(visit, session)

    def end() -> bool | None:
        # Here, because the library takes a while and the web starts without it.
        from channels.twilio.cancelling import cancel

        try:
            return cancel(account, Channel.agent_call, provider_id)
        except Uncertain:
            return None

    def show(session: Session, ended: bool | None) -> ResponseReturnValue:
        here = _later(visit)
        if ended is None:
            sentence = why_not(session, step_id, here, DeskRefusal(Why.not_hung_up))
            return refuse(here, session, sentence, kind="call")
        if not ended:
            note_over(session, step_id, now=here.now)
        return done(here, session)

    return Outside(end, show)


def _ring(visit: Visit, session: Session, step_id: UUID, work: Callable[[], Begun | Doubt | None]) -> _Answer:
    """Do the bookkeeping, and have the provider asked once it is committed."""
    try:
        with session.begin_nested():
            left = work()
    except DeskRefusal as refused:
        if refused.why is Why.no_line:
            note_no_line(session, step_id, visit.now)
        kind = "trouble" if refused.why is Why.stale else "call"
        return refuse(visit, session, why_not(session, step_id, visit, refused), kind=kind)
    if left is None:
        return done(visit, session)
    if isinstance(left, Doubt):
        return Outside(lambda: look_up(_channel(), left), _after_look(visit, step_id, left))
    return Outside(lambda: send(_channel(), left, context().clock()), _after_ring(visit, left))


def _after_ring(visit: Visit, begun: Begun) -> Callable[[Session, Answer], ResponseReturnValue]:
    def show(session: Session, answer: Answer) -> ResponseReturnValue:
        here = _later(visit)
        settle_ring(session, begun, answer, now=here.now)
        return done(here, session)

    return show


def _after_look(
    visit: Visit, step_id: UUID, doubt: Doubt
) -> Callable[[Session, Sent | Uncertain | None], _Answer]:
    def show(session: Session, found: Sent | Uncertain | None) -> _Answer:
        here = _later(visit)
        if isinstance(found, Sent):
            settle_ring(session, Begun(doubt.attempt_id, doubt.contact), found, now=here.now)
            return done(here, session)

        def work() -> Begun | Doubt | None:
            if found is not None:
                check_doubt_over(doubt, here.now)
            return ring_again(
                session, here.user, step_id, form_token(), _channel(), now=here.now, looked_up=True
            )

        return _ring(here, session, step_id, work)

    return show


def _channel() -> ContactChannel:
    return context().channels[Channel.agent_call]


def _later(visit: Visit) -> Visit:
    """The visit as it goes on after the provider has answered."""
    return replace(visit, now=context().clock())
