"""What the desk's one screen holds, gathered for a visit; looking changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from markupsafe import Markup

from models.unit_of_work import Session
from models.vocabulary import AgentState
from verification.desk import shifts
from verification.desk.call_stage import CallStage, ShownCall
from verification.desk.case import show_case
from verification.desk.expecting import next_call_at
from verification.desk.held import held_by
from verification.desk.promised import promised_with
from verification.desk.rail import rail, today
from verification.desk.shown import Rail, ShownCase, Today
from verification.desk.undoing import Undoable, last_undoable
from web.access import Visit
from web.context import context
from web.desk.fixing_form import FixLine, lines_of
from web.desk.promise_preview import Preview
from web.desk.sandbox_talk import TalkLine, talk_lines
from web.desk.telling import undo_text

_SOON = timedelta(hours=2)
_DELIVERY_DAYS = 7
# After this a reload shows the whole simulated call at once.
_TALK_LASTS = timedelta(seconds=20)


@dataclass(frozen=True)
class Notice:
    """A sentence: `kind` is `trouble` or `done` above the case, `call` beside its Call button."""

    kind: str
    text: str | Markup


@dataclass(frozen=True)
class Pulse:
    """What of the screen the pulse draws anew."""

    rail: Rail
    today: Today


@dataclass(frozen=True)
class Screen:
    """Everything that the page shows; `panel` is the one that is open, `typed` what stands in its fields."""

    now: datetime
    state: AgentState | None
    state_since: datetime | None
    rail: Rail
    today: Today
    case: ShownCase | None
    undo: Undoable | None
    undo_text: str
    next_at: datetime | None
    talk: Sequence[TalkLine]
    fix_lines: Mapping[UUID, Sequence[FixLine]]
    days: Sequence[date]
    has_phone: bool = True
    notices: Sequence[Notice] = ()
    panel: str | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    preview: Preview | None = None

    @property
    def is_mine(self) -> bool:
        """Whether a case is in this agent's hands."""
        return self.case is not None and self.case.is_mine

    @property
    def may_give_back(self) -> bool:
        """Whether the case can go back to the queue: its buyer has heard of nothing."""
        if self.case is None or self.case.called_at is None:
            return True
        return self.case.call is not None and self.case.call.stage is CallStage.not_rung

    @property
    def wants_phone(self) -> bool:
        """Whether this agent cannot call before a phone of theirs is known."""
        return self.case is not None and self.case.click_to_call and not self.has_phone

    @property
    def soon(self) -> datetime:
        """Deadlines up to here are shown as pressing."""
        return self.now + _SOON

    @property
    def talk_is_told(self) -> bool:
        """Whether the simulated call has been listened to already."""
        called = self.case.called_at if self.case else None
        return called is None or self.now > called + _TALK_LASTS

    @property
    def version(self) -> str:
        """Another one as soon as what the pulse draws is another."""
        return version_of(self.rail, self.today, self.state)

    @property
    def case_mark(self) -> str:
        """What is shown of the case: it is drawn anew when this changes."""
        return case_of(self.case.token, is_called=self.case.called_at is not None) if self.case else ""

    @property
    def call_mark(self) -> str:
        """What is shown of the call that a provider connects: it is drawn anew when this changes."""
        return mark_of(self.case.call) if self.case and self.case.call else ""

    @property
    def idle(self) -> str:
        """What an empty desk shows: it is drawn anew when this changes."""
        return idle_of(self.rail, self.state, has_case=self.is_mine)


def in_hand(session: Session, visit: Visit) -> UUID | None:
    """The step of the case that the agent works on, without claiming one."""
    held = held_by(session, visit.user)
    return held[0].step.id if held else None


def gather(
    session: Session,
    visit: Visit,
    *,
    notices: Sequence[Notice] = (),
    panel: str | None = None,
    typed: Mapping[str, str] | None = None,
    preview: Preview | None = None,
) -> Screen:
    """The screen as it stands."""
    now, step_id = visit.now, in_hand(session, visit)
    case = show_case(session, step_id, visit.user, now=now) if step_id else None
    interval = shifts.current(session, visit.user.id, now)
    waiting = rail(session, visit.user, now)
    is_idle = case is None and not waiting.waiting
    kept = typed or {}
    last = last_undoable(session, visit.user, now=now)
    return Screen(
        now=now,
        state=interval.state if interval else None,
        state_since=interval.began_at if interval else None,
        rail=waiting,
        today=today(session, visit.user, begin_of_day(now), now),
        case=case,
        undo=last,
        undo_text=undo_text(last, promised_with(session, visit.user, last.step_id)) if last else "",
        next_at=next_call_at(session, now) if is_idle else None,
        talk=talk_lines(session, case, visit.language) if case else (),
        fix_lines={order.id: lines_of(order, case.country, kept) for order in case.orders} if case else {},
        days=_days(now, case.zone) if case else (),
        has_phone=visit.user.phone is not None or context().account is None,
        notices=notices,
        panel=panel,
        typed=kept,
        preview=preview,
    )


def begin_of_day(now: datetime) -> datetime:
    """When the call centre's day began, aware UTC."""
    zone = ZoneInfo(context().settings.time_zone)
    local = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return local.astimezone(now.tzinfo)


def version_of(waiting: Rail, done: Today, state: AgentState | None) -> str:
    """A short mark of what the pulse draws."""
    return sha256(repr((waiting, done, state)).encode()).hexdigest()[:16]


def case_of(token: int, *, is_called: bool) -> str:
    """A short mark of how a case stands: another tab may have brought it further."""
    return f"{token}-{'called' if is_called else 'seen'}"


def mark_of(call: ShownCall) -> str:
    """A short mark of how far a call has come, as the page shows it."""
    return sha256(repr(call).encode()).hexdigest()[:16]


def idle_of(waiting: Rail, state: AgentState | None, *, has_case: bool) -> str:
    """A short mark of what a desk without a case shows."""
    marks = (state.value if state else "away", "some" if waiting.waiting else "none")
    return "-".join((*marks, "case") if has_case else marks)


def _days(now: datetime, zone: str) -> Sequence[date]:
    first = now.astimezone(ZoneInfo(zone)).date()
    return [first + timedelta(days=ahead) for ahead in range(1, _DELIVERY_DAYS + 1)]
