"""Contacts that have come due and may not be made now go back to the future, and the diary says why."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.reasons import Reason
from models.sellers import Store
from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel, ContactKind, MessageClass, StepState
from verification import diary
from verification.hours.deciding import decide
from verification.hours.places import where_of
from verification.policy.calendars import calendar_of
from verification.policy.stored import policy_book
from verification.steps.covering import covered
from verification.steps.transitions import put_off
from verification.telling.plan import without_habits

NEVER = timedelta(days=1)
"""When to ask again where no permitted time is in sight."""

_BATCH = 200
_IS_WAITING = (Step.state == StepState.ready, Step.channel == Channel.agent_call)


def held_back(reason: dict[str, Any], rules: Sequence[str]) -> Reason:
    """The reason of a step with the rules that hold it back now."""
    return Reason(reason["code"], {**reason.get("params", {}), "held_by": list(rules)})


def note_put_off(
    session: Session, step_id: UUID, channel: Channel, not_before: datetime, reason: Reason, now: datetime
) -> None:
    """A line in the diary of each order of the step."""
    params = {
        "channel": channel.value,
        "not_before": not_before.isoformat(),
        "reason": without_habits(reason.as_json()),
    }
    for order_id in covered(session, step_id):
        diary.write(
            session,
            at=now,
            kind="plan",
            actor="system",
            code="contact_planned",
            params=params,
            order_id=order_id,
        )


def put_off_calls(engine: Engine, now: datetime) -> int:
    """Agents' calls that wait in the queue while their hours are over or a stop came; returns how many.

    Machines' contacts are judged within a second by their claim; a call may wait for an agent for hours, and
    what queue, board and API say of it must be what the claim would.
    """
    waiting = (
        select(Step.store_id, Store.seller_id, Step.country, Step.place)
        .join(Store, Store.id == Step.store_id)
        .where(*_IS_WAITING)
        .distinct()
    )
    done = 0
    with unit_of_work(engine) as session:
        book, calendar = policy_book(session), calendar_of(session)
        for store_id, seller_id, country, place in session.execute(waiting).all():
            policy = book.policy(store_id=store_id, seller_id=seller_id, country=country)
            # Soft pauses are left to the claim, which knows the deadline.
            decided = decide(
                ContactKind.call,
                MessageClass.service,
                where_of(country, place),
                policy,
                calendar,
                now,
                until=now,
            )
            if decided.at == now:
                continue
            barred = (
                select(Step)
                .where(
                    *_IS_WAITING,
                    Step.store_id == store_id,
                    Step.country == country,
                    Step.place.is_not_distinct_from(place),
                )
                .limit(_BATCH)
                .with_for_update(skip_locked=True)
            )
            for step in session.scalars(barred).all():
                not_before, reason = decided.at or now + NEVER, held_back(step.reason, decided.reasons)
                put_off(session, step, not_before=not_before, reason=reason)
                note_put_off(session, step.id, step.channel, not_before, reason, now)
                done += 1
    return done
