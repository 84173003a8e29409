"""A queue of any length, written by the set: ready steps, and a million that are not due yet."""

from datetime import datetime

from sqlalchemy import Engine, text

from models.secrecy import Keyring
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel
from verification.accounts.sellers import create_seller

# ruff: noqa: S608 - all parts of these statements are written here
# One buyer, phone, order and step for each number; the ids grow as those of real rows do.
_ID = "('0190' || lpad(to_hex(n), 28, '0'))::uuid"
_STEP = _ID.replace("0190", "0191")
_NUMBERS = "generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS n"
_TABLES = (
    f"INSERT INTO buyers (id, created_at) SELECT {_ID}, :now FROM {_NUMBERS}",
    f"""
    INSERT INTO contact_points (id, buyer_id, phone, phone_hash, country, line_type, expires_at, created_at)
    SELECT {_ID}, {_ID}, '+9665' || lpad(n::text, 8, '0'), sha256(n::text::bytea), 'SA', 'mobile',
        :now + interval '1 year', :now
    FROM {_NUMBERS}
    """,
    f"""
    INSERT INTO orders (id, seller_id, store_id, buyer_id, external_id, fingerprint, currency, total_minor,
        payment_method, country, placed_at, decide_by, asked_since, created_at, updated_at)
    SELECT {_ID}, :seller, :store, {_ID}, n::text, '-', 'SAR', 19900,
        'cod', 'SA', :now, :now + interval '15 days', :now, :now, :now
    FROM {_NUMBERS}
    """,
    f"""
    INSERT INTO order_contact_points (order_id, contact_point_id, position) SELECT {_ID}, {_ID}, 0
    FROM {_NUMBERS}
    """,
)
_STEPS = f"""
    INSERT INTO steps (id, buyer_id, store_id, contact_point_id, country, purpose, channel, state, priority,
        attempt_number, not_before, reason, created_at)
    SELECT {_STEP}, {_ID}, :store, {_ID}, 'SA', 'verify',
        (CASE WHEN CAST(:state AS text) = 'ready' THEN CAST(:channel AS text)
              ELSE (ARRAY['whatsapp', 'sms', 'ivr', 'agent_call'])[1 + n % 4] END),
        CAST(:state AS text), (ARRAY[50, 100])[1 + n % 2], 1,
        (CASE WHEN CAST(:state AS text) = 'ready' THEN :now - n % 3600 * interval '1 second'
              ELSE :now + n % 1209600 * interval '1 second' + interval '1 hour' END),
        '{{"code": "first_contact", "params": {{}}}}', :now
    FROM {_NUMBERS}
"""
_STEP_ORDERS = f"""
    INSERT INTO step_orders (step_id, order_id, purpose, live)
    SELECT {_STEP}, {_ID}, 'verify', true FROM {_NUMBERS}
"""


def fill(
    engine: Engine, *, ready: int, future: int, now: datetime, channel: Channel = Channel.whatsapp
) -> None:
    """A store with that many ready steps of a channel and future ones, each of a buyer of its own, and fresh
    statistics."""
    with unit_of_work(engine) as session:
        store = create_seller(session, "Bench", "SA", None, keys=Keyring(b"bench" * 8), now=now).store
        values = {"seller": store.seller_id, "store": store.id, "now": now, "channel": channel.value}
        for state, first, last in (("ready", 1, ready), ("scheduled", ready + 1, ready + future)):
            for statement in (*_TABLES, _STEPS, _STEP_ORDERS):
                bound = text(statement)
                wanted = {**values, "state": state, "first": first, "last": last}
                session.execute(bound, {name: wanted[name] for name in bound._bindparams})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
