"""Claiming ready steps: one holder each, one live lease per buyer, every rule checked again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Row, Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.vocabulary import Channel
from verification.contact.putting_off import NEVER, held_back, note_put_off
from verification.hours.places import where_of
from verification.planning.facts import Known, known_of
from verification.planning.permission import counted, permit
from verification.planning.plan import ASKED
from verification.policy.calendars import calendar_of
from verification.policy.stored import policy_book
from verification.steps.covering import decide_by
from verification.steps.transitions import redate

# The inner query reads the partial index of ready rows in order and locks as it goes; future steps are not
# in that index, so a claim costs the same however many there are. A buyer whose case is being changed at this
# moment is passed over like a step that is being claimed, so that a claim waits for nobody. Materialized,
# because a plan that ran the inner query again for every row would claim more than the limit. The limit is
# written into the statement: without it the server finds no plan worth keeping and makes one each time.
_CLAIM = text("""
WITH next AS MATERIALIZED (
    SELECT waiting.id FROM steps AS waiting JOIN buyers ON buyers.id = waiting.buyer_id
    WHERE waiting.state = 'ready' AND waiting.channel = :channel AND NOT EXISTS (
        SELECT FROM steps AS held WHERE held.buyer_id = waiting.buyer_id AND held.state = 'claimed')
        AND (waiting.reserved_for IS NULL OR waiting.reserved_for = ANY(:names)
            OR waiting.reserved_until <= :now)
    ORDER BY waiting.priority, waiting.not_before, waiting.id
    LIMIT :limit
    FOR UPDATE OF waiting SKIP LOCKED
    FOR NO KEY UPDATE OF buyers SKIP LOCKED
)
UPDATE steps SET state = 'claimed', lease_token = lease_token + 1, lease_holder = :holder,
    lease_expires_at = :expires_at, claimed_at = :now
FROM next
WHERE steps.id = next.id
RETURNING steps.id, steps.lease_token, steps.buyer_id, steps.store_id, steps.contact_point_id,
    steps.country, steps.place, steps.reason, steps.priority, steps.not_before,
    (SELECT seller_id FROM stores WHERE stores.id = steps.store_id)
""").bindparams(
    bindparam("limit", type_=Integer, literal_execute=True), bindparam("names", type_=ARRAY(Text))
)

# In plain words, because the library compiles its own savepoints anew each time.
_SAVEPOINT, _BACK = text("SAVEPOINT claim"), text("ROLLBACK TO SAVEPOINT claim")

LEASE = timedelta(seconds=60)
"""How long a worker holds a step: many times what a provider takes to answer."""


@dataclass(frozen=True)
class Claim:
    """A step in hand until `expires_at`; `token` must accompany every later write.

    `permitted` is False when the buyer asked for silence on this channel: the holder ends the step instead
    of making the contact.
    """

    step_id: UUID
    token: int
    buyer_id: UUID
    store_id: UUID
    contact_point_id: UUID | None
    channel: Channel
    country: str
    holder: str
    expires_at: datetime
    permitted: bool = True

    @property
    def actor(self) -> str:
        """Who makes the contact, as diaries name it: which worker it is concerns no reader."""
        return self.holder if self.channel is Channel.agent_call else "system"


def claim(
    session: Session,
    channel: Channel,
    holder: str,
    *,
    now: datetime,
    limit: int = 1,
    lease: timedelta = LEASE,
    names: Sequence[str] = (),
) -> list[Claim]:
    """Up to `limit` ready steps of a channel, best first; steps that may no longer run now are re-dated.

    Hours, caps and opt-outs are checked in this same transaction. Two steps of one buyer are never held at
    once; the database refuses the second, and the claim is tried again one by one. Steps that are kept for
    somebody are only taken under one of `names`. An empty list means that none is ready.
    """
    while rows := _claimed(session, channel, holder, now, now + lease, limit, names):
        if claims := _allowed(session, rows, channel, holder, now + lease, now):
            return claims
    return []


def _allowed(
    session: Session,
    rows: Sequence[Row[Any]],
    channel: Channel,
    holder: str,
    expires_at: datetime,
    now: datetime,
) -> list[Claim]:
    book, calendar = policy_book(session), calendar_of(session)
    phones = known_of(session, [row.contact_point_id for row in rows if row.contact_point_id], now)
    claims = []
    for row in rows:
        known = phones.get(row.contact_point_id, Known())
        policy = book.policy(store_id=row.store_id, seller_id=row.seller_id, country=row.country)
        claimed = Claim(
            row.id,
            row.lease_token,
            row.buyer_id,
            row.store_id,
            row.contact_point_id,
            channel,
            row.country,
            holder,
            expires_at,
            permitted=channel not in known.opted_out,
        )
        touches = counted(known.touches, owed=row.priority <= ASKED)
        where = where_of(row.country, row.place)
        permission = permit(channel, touches, policy, where, now, calendar=calendar)
        if permission.at != now:
            # Soft pauses are not waited out past the deadline, which few claims need to know.
            until = decide_by(session, row.id)
            permission = permit(channel, touches, policy, where, now, calendar=calendar, until=until)
        if claimed.permitted and permission.at != now:
            reason, not_before = held_back(row.reason, permission.reasons), permission.at or now + NEVER
            redate(session, row.id, row.lease_token, not_before=not_before, reason=reason)
            note_put_off(session, row.id, channel, not_before, reason, now)
        else:
            claims.append(claimed)
    return claims


def _claimed(
    session: Session,
    channel: Channel,
    holder: str,
    now: datetime,
    expires_at: datetime,
    limit: int,
    names: Sequence[str],
) -> Sequence[Row[Any]]:
    connection = session.connection()
    values = {
        "channel": channel.value,
        "holder": holder,
        "now": now,
        "expires_at": expires_at,
        "names": list(names),
    }
    for most in (limit, 1, 1):
        connection.execute(_SAVEPOINT)
        try:
            rows = connection.execute(_CLAIM, {**values, "limit": most}).all()
            # An UPDATE gives its rows back in any order.
            return sorted(rows, key=lambda row: (row.priority, row.not_before, row.id))
        except IntegrityError:
            connection.execute(_BACK)
    return []
