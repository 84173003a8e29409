"""Claiming ready steps: one holder each, one live lease per buyer, every rule checked again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Row, Text, TextClause, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.vocabulary import Channel, SenderKind
from verification.contact.putting_off import NEVER, held_back, in_time, note_put_off
from verification.hours.places import where_of
from verification.planning.facts import Known, known_of
from verification.planning.permission import counted, permit
from verification.planning.plan import ASKED
from verification.policy.calendars import calendar_of
from verification.policy.stored import policy_book
from verification.routing.outages import may_contact
from verification.routing.route import RoutedSender
from verification.routing.taking import Wanted, outlook, take_senders
from verification.steps.covering import decide_by
from verification.steps.transitions import redate, release

# The inner query reads the partial index of ready rows in order and locks as it goes; future steps are not
# in that index, so a claim costs the same however many there are. A buyer whose case is being changed at this
# moment is passed over like a step that is being claimed, so that a claim waits for nobody. Materialized,
# because a plan that ran the inner query again for every row would claim more than the limit. The limit is
# written into the statement: without it the server finds no plan worth keeping and makes one each time.
_CLAIMING = """
WITH next AS MATERIALIZED (
    SELECT waiting.id FROM steps AS waiting JOIN buyers ON buyers.id = waiting.buyer_id
    WHERE waiting.state = 'ready' AND waiting.channel = :channel AND NOT EXISTS (
        SELECT FROM steps AS held WHERE held.buyer_id = waiting.buyer_id AND held.state = 'claimed')
        AND (waiting.reserved_for IS NULL OR waiting.reserved_for = ANY(:names)
            OR waiting.reserved_until <= :now){servable}
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
"""
# Steps whose every sender is busy or rests are passed over where they stand, and those that no sender is
# there for are not: they go on to be told so.
_SERVABLE = """
        AND NOT EXISTS (SELECT FROM stores WHERE stores.id = waiting.store_id
            AND CASE WHEN stores.seller_id = ANY(:own)
            THEN stores.seller_id::text || waiting.country = ANY(:shut_pairs)
            ELSE waiting.country = ANY(:shut_countries) END)"""
_LIMIT = bindparam("limit", type_=Integer, literal_execute=True)
_NAMES = bindparam("names", type_=ARRAY(Text))
_CLAIM = text(_CLAIMING.format(servable="")).bindparams(_LIMIT, _NAMES)
_CLAIM_SERVABLE = text(_CLAIMING.format(servable=_SERVABLE)).bindparams(
    _LIMIT,
    _NAMES,
    bindparam("own", type_=ARRAY(Uuid)),
    bindparam("shut_pairs", type_=ARRAY(Text)),
    bindparam("shut_countries", type_=ARRAY(Text)),
)

# In plain words, because the library compiles its own savepoints anew each time.
_SAVEPOINT, _BACK = text("SAVEPOINT claim"), text("ROLLBACK TO SAVEPOINT claim")

LEASE = timedelta(seconds=60)
"""How long a worker holds a step: many times what a provider takes to answer."""


@dataclass(frozen=True)
class Claim:
    """A step in hand until `expires_at`; `token` must accompany every later write.

    `permitted` is False when the buyer asked for silence on this channel: the holder ends the step instead
    of making the contact. `sender` is what a provider that needs one is given, a slot of its rate already
    taken; where there is none for such contacts at all, `road` says so (`no_sender`).
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
    sender: RoutedSender | None = None
    road: str | None = None

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
    provider: str | None = None,
    needs_sender: bool = False,
) -> list[Claim]:
    """Up to `limit` ready steps of a channel, best first; steps that may no longer run now are re-dated.

    Hours, caps and opt-outs are checked in this same transaction. Two steps of one buyer are never held at
    once; the database refuses the second, and the claim is tried again one by one. Steps that are kept for
    somebody are only taken under one of `names`. An empty list means that none is ready.

    With `needs_sender` each claim comes with a sender and a slot of its rate; steps for which there is no
    slot yet stay in the queue, as do all while the `provider` is out.
    """
    if needs_sender:
        return _claim_with_senders(session, channel, holder, now, lease, limit, names, provider)
    while rows := _claimed(session, _CLAIM, channel, holder, now, now + lease, limit, names):
        if claims := _allowed(session, rows, channel, holder, now + lease, now):
            return claims
    return []


def _claim_with_senders(
    session: Session,
    channel: Channel,
    holder: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    names: Sequence[str],
    provider: str | None,
) -> list[Claim]:
    leave = may_contact(session, provider, now)
    if leave is None:
        return []
    given_back: set[UUID] = set()
    while not (ahead := outlook(session, SenderKind.of(channel), now)).is_shut:
        most, statement, shut = min(limit, ahead.room or limit, leave.most or limit), _CLAIM, {}
        if not ahead.is_open:
            statement, shut = _CLAIM_SERVABLE, ahead.shut
        rows = _claimed(session, statement, channel, holder, now, now + lease, most, names, **shut)
        if not rows:
            break
        allowed = _allowed(session, rows, channel, holder, now + lease, now)
        if claims := _with_senders(session, allowed, rows, channel, now):
            if any(one.sender for one in claims):
                leave.used(session, now)
            return claims
        again = {one.step_id for one in allowed}
        if again and again <= given_back:
            break
        given_back |= again
    return []


def _with_senders(
    session: Session, claims: list[Claim], rows: Sequence[Row[Any]], channel: Channel, now: datetime
) -> list[Claim]:
    """The claims with their senders; those for which there is no slot after all go back to the queue."""
    sellers = {row.id: row.seller_id for row in rows}
    wanted = [
        Wanted(one.step_id, one.buyer_id, one.contact_point_id, sellers[one.step_id], one.country)
        for one in claims
        if one.permitted
    ]
    routes = take_senders(session, channel, wanted, now=now)
    kept = []
    for one in claims:
        routed = routes.get(one.step_id)
        if routed is None:
            kept.append(one)
        elif routed.sender is not None:
            kept.append(replace(one, sender=routed.sender.routed))
        elif routed.until is None:
            kept.append(replace(one, road="no_sender"))
        else:
            release(session, one.step_id, one.token)
    return kept


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
            reason = held_back(row.reason, permission.reasons)
            not_before = in_time(session, row.id, permission.at or now + NEVER, now)
            redate(session, row.id, row.lease_token, not_before=not_before, reason=reason)
            note_put_off(session, row.id, channel, not_before, reason, now)
        else:
            claims.append(claimed)
    return claims


def _claimed(
    session: Session,
    statement: TextClause,
    channel: Channel,
    holder: str,
    now: datetime,
    expires_at: datetime,
    limit: int,
    names: Sequence[str],
    **shut: list[Any],
) -> Sequence[Row[Any]]:
    connection = session.connection()
    values = {
        "channel": channel.value,
        "holder": holder,
        "now": now,
        "expires_at": expires_at,
        "names": list(names),
        **shut,
    }
    for most in (limit, 1, 1):
        connection.execute(_SAVEPOINT)
        try:
            rows = connection.execute(statement, {**values, "limit": most}).all()
            # An UPDATE gives its rows back in any order.
            return sorted(rows, key=lambda row: (row.priority, row.not_before, row.id))
        except IntegrityError:
            connection.execute(_BACK)
    return []
