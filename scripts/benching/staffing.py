"""A call centre for the desk's benchmark: agents who are signed in, and more cases than they can work off."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text

from models.policies import PolicyOverride
from models.secrecy import digest, new_token
from models.unit_of_work import unit_of_work
from models.users import User, UserSession
from models.vocabulary import Channel, Role
from scripts.always_open import ALWAYS_OPEN
from scripts.benching.filling import fill

_SHIFT = timedelta(hours=8)
_POLICY = {
    **ALWAYS_OPEN,
    "ladder": [{"channel": "agent_call", "after_minutes": after} for after in (0, 120, 180)],
}
# What a case shows, on top of the bare rows of the queue: a flag with its question, an address, two items.
_CONTENT = (
    """
    INSERT INTO seller_buyers (id, seller_id, buyer_id)
    SELECT gen_random_uuid(), seller_id, buyer_id FROM orders
    """,
    """
    UPDATE orders SET number = '#' || external_id, language = 'ar',
        flags = '[{"code": "address_incomplete", "params": {"missing": ["landmark"]}}]'
    """,
    """
    INSERT INTO order_details
        (order_id, buyer_name, phone_raw, city, district, street, building, note, expires_at)
    SELECT id, 'نوره العتيبي', '0551234567', 'الرياض', 'النرجس', 'شارع أنس بن مالك', '١٢',
        'الرجاء الاتصال بعد المغرب', created_at + interval '180 days'
    FROM orders
    """,
    """
    INSERT INTO items (order_id, position, title, variant, quantity, unit_price_minor, image_url)
    SELECT orders.id, items.position, items.title, 'أسود', 1, 9950, '/static/icon.svg'
    FROM orders CROSS JOIN (VALUES (0, 'خلاط محمول'), (1, 'سماعة لاسلكية')) AS items (position, title)
    """,
)


def staff(engine: Engine, *, cases: int, agents: int, now: datetime) -> list[str]:
    """A store with that many ready agent calls, at any hour; the session tokens of as many agents.

    Sessions are written directly: signing in is slow on purpose and not what is measured.
    """
    fill(engine, ready=cases, future=0, now=now, channel=Channel.agent_call)
    tokens = [new_token() for _ in range(agents)]
    with unit_of_work(engine) as session:
        for statement in _CONTENT:
            session.execute(text(statement))
        rows: list[Any] = [
            PolicyOverride(country="SA", name=name, value=value, set_by="bench", set_at=now)
            for name, value in _POLICY.items()
        ]
        users = [
            User(
                email=f"agent-{number}@example.com",
                name=f"Agent {number}",
                role=Role.agent,
                password_hash="-",  # noqa: S106 - nobody signs in with it
                created_at=now,
            )
            for number in range(agents)
        ]
        session.add_all([*rows, *users])
        session.flush()
        session.add_all(
            UserSession(
                token_hash=digest(token),
                user_id=user.id,
                created_at=now,
                seen_at=now,
                expires_at=now + _SHIFT,
            )
            for token, user in zip(tokens, users, strict=True)
        )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return tokens
