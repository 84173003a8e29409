"""Looking up at the provider what became of sends whose answer was lost, before anything is tried again."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from structlog import get_logger

from channels.protocol import Channels, Meaning, Refused, Sent, Uncertain
from models.attempts import Attempt
from models.sellers import Store
from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel
from verification.contact.contacting import Clock, settle
from verification.contact.describing import contact_of
from verification.contact.overdue import overdue
from verification.policy.values import Policy

log = get_logger()

_BATCH = 200
_MOST_UNANSWERED = 3


def resolve_doubts(engine: Engine, channels: Channels, clock: Clock) -> int:
    """Sends without an answer are looked up at the provider; only what it never took counts as not sent.

    A provider that does not answer is left alone until the next round.
    """
    doubtful = (
        select(Attempt.id, Attempt.started_at, Store.id, Store.seller_id, Step.country)
        .join(Step, Step.id == Attempt.step_id)
        .join(Store, Store.id == Attempt.store_id)
        .where(
            Attempt.outcome.is_(None),
            Attempt.state.in_((AttemptState.sending, AttemptState.uncertain)),
            Attempt.channel != Channel.agent_call,
        )
        # In no order, so that those that cannot be looked up hold up no others.
        .order_by(func.random())
        .limit(_BATCH)
    )

    def wait(policy: Policy) -> timedelta:
        return timedelta(minutes=policy.send_doubt_minutes)

    resolved = unanswered = 0
    for attempt_id, policy in overdue(engine, doubtful, wait, clock()):
        if _resolve(engine, channels, attempt_id, policy, clock):
            resolved, unanswered = resolved + 1, 0
        elif (unanswered := unanswered + 1) == _MOST_UNANSWERED:
            break
    return resolved


def _resolve(engine: Engine, channels: Channels, attempt_id: UUID, policy: Policy, clock: Clock) -> bool:
    with unit_of_work(engine) as session:
        attempt = session.get_one(Attempt, attempt_id)
        contact = contact_of(session, attempt)
        known = _known_to(session, attempt)
    answer: Sent | Refused | Uncertain
    try:
        found = channels[attempt.channel].find(contact, known=known)
        answer = found or Refused("never_taken", Meaning.retry_later)
    except Uncertain as doubt:
        answer = doubt
    except Exception as surprise:
        log.exception("watch.lookup_broke", attempt_id=str(attempt_id))
        answer = Uncertain(type(surprise).__name__)
    too_long = clock() - attempt.started_at > timedelta(hours=policy.send_doubt_hours)
    if isinstance(answer, Uncertain) and too_long:
        # It may have been made: what it uses up is used up.
        answer = Refused("never_known", Meaning.undeliverable)
    with unit_of_work(engine) as session:
        settle(session, attempt_id, answer, now=clock())
    return not isinstance(answer, Uncertain)


def _known_to(session: Session, attempt: Attempt) -> frozenset[str]:
    """The provider's ids of the other contacts with the same phone around the same time."""
    near = timedelta(days=1)
    ids = session.scalars(
        select(Attempt.provider_id).where(
            Attempt.contact_point_id == attempt.contact_point_id,
            Attempt.started_at.between(attempt.started_at - near, attempt.started_at + near),
            Attempt.provider_id.is_not(None),
            Attempt.id != attempt.id,
        )
    )
    return frozenset(each for each in ids if each is not None)
