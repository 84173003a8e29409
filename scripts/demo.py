"""The demo: sellers, people, buyers with a past, and orders that simulated buyers are about to answer.

Its sellers carry a policy of their own: contact hours are open round the clock and waits are seconds or
minutes, so that the demo runs the same at whatever hour it is started.
"""

from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from channels.sandbox.orders import GeneratedOrder, orders_of
from channels.sandbox.world import load_world
from models.orders import Order
from models.policies import PolicyOverride
from models.secrecy import Keyring
from models.sellers import Store
from models.unit_of_work import make_engine, unit_of_work
from models.vocabulary import DecisionReason, Role, Verdict, Via
from settings import ROOT, Settings
from verification.accounts.sellers import NewSeller, create_seller
from verification.accounts.users import create_user
from verification.decision.ruling import confirmed, rejected
from verification.decision.taking import decide
from verification.intake.cod import is_cod
from verification.intake.reading import read_order
from verification.intake.receiving import receive_order
from verification.intake.shipping import CourierReport, report_shipment

WORLD = ROOT / "worlds" / "demo.json"

_SELLERS = (
    ("Noor Gadgets", "SA"),
    ("Pearl River Trading", "AE"),
    ("Baghdad Bazaar", "IQ"),
    ("Dar Kuwait", "KW"),
)
_ORDERS = 260
_PAST = 40
_SEED = 7

DEMO_POLICY: dict[str, Any] = {
    "call_hours": {"daily": ["00:00-24:00"]},
    "message_hours": {"daily": ["00:00-24:00"]},
    "ladder": [
        {"channel": "whatsapp", "after_minutes": 0},
        {"channel": "sms", "after_minutes": 1},
        {"channel": "ivr", "after_minutes": 1},
        {"channel": "agent_call", "after_minutes": 1},
        {"channel": "agent_call", "after_minutes": 30},
    ],
    "vary_call_hours": False,
    "min_gap_minutes": 0,
    "max_attempts_per_day": 20,
    "max_calls_per_day": 20,
    "max_calls_per_week": 50,
    "answer_wait_minutes": 30,
    "call_back_minutes": 5,
}


def load(settings: Settings, url: str, receiver_url: str) -> dict[str, Any]:
    """Fill an empty installation; returns the secrets and logins, which are shown nowhere else.

    Run again after a crash half-way it fails on nothing: every run makes sellers and users of its own.
    """
    engine = make_engine(url)
    try:
        return _load(engine, Keyring(settings.secret_key.encode()), receiver_url)
    finally:
        engine.dispose()


def _load(engine: Engine, keys: Keyring, receiver_url: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    with unit_of_work(engine) as session:
        sellers = {
            country: _seller(session, name, country, receiver_url, keys, now) for name, country in _SELLERS
        }
        users = _users(session, sellers["SA"], now)
    world = load_world(WORLD)
    invented = orders_of(world, 2 * _ORDERS, days=1, seed=_SEED)
    orders = [order for order in invented if order.country in sellers][:_ORDERS]
    for index, order in enumerate(orders[:_PAST]):
        with unit_of_work(engine) as session:
            store = session.get_one(Store, sellers[order.country].store.id)
            _live_through(session, store, order, index, keys, now)
    for order in orders:
        with unit_of_work(engine) as session:
            store = session.get_one(Store, sellers[order.country].store.id)
            _receive(session, store, order, keys, now)
    return {"sellers": [_shown(seller) for seller in sellers.values()], "users": users}


def _seller(
    session: Session, name: str, country: str, receiver_url: str, keys: Keyring, now: datetime
) -> NewSeller:
    made = create_seller(session, name, country, receiver_url, keys=keys, now=now, allow_private=True)
    made.store.event_url = f"{receiver_url}/{made.seller.slug}"
    session.add_all(
        PolicyOverride(seller_id=made.seller.id, name=key, value=value, set_by="demo", set_at=now)
        for key, value in DEMO_POLICY.items()
    )
    return made


def _shown(made: NewSeller) -> dict[str, str]:
    return {
        "id": str(made.seller.id),
        "slug": made.seller.slug,
        "api_key": made.api_key,
        "webhook_secret": made.webhook_secret,
    }


def _users(session: Session, seller: NewSeller, now: datetime) -> list[dict[str, str]]:
    users = []
    for role, name in (
        (Role.agent, "Huda"),
        (Role.agent, "Omar"),
        (Role.supervisor, "Salma"),
        (Role.admin, "Yousef"),
        (Role.seller, "Lina"),
    ):
        password = token_urlsafe(9)
        email = f"{name.lower()}@{seller.seller.slug}.example"
        create_user(
            session,
            email=email,
            name=name,
            role=role,
            password=password,
            now=now,
            seller_id=seller.seller.id if role is Role.seller else None,
        )
        users.append({"role": role.value, "email": email, "password": password})
    return users


def _receive(
    session: Session, store: Store, generated: GeneratedOrder, keys: Keyring, now: datetime
) -> Order | None:
    payload = {**generated.payload, "placed_at": (now - timedelta(minutes=5)).isoformat()}
    draft = read_order(payload, zone=store.time_zone)
    received = receive_order(session, store, draft, now=now, keys=keys, cod=is_cod(draft.payment_method))
    order = session.get_one(Order, received.order_id)
    return order if order.decision_id is None else None


def _live_through(
    session: Session, store: Store, generated: GeneratedOrder, index: int, keys: Keyring, now: datetime
) -> None:
    """An order of weeks ago, decided and delivered, refused or turned down: buyers come with a past."""
    placed = now - timedelta(days=10 + index)
    payload = {**generated.payload, "external_id": f"past-{generated.payload['external_id']}"}
    order = _receive(session, store, generated._replace(payload=payload), keys, placed)
    if order is None:
        return
    proof = {"kind": "demo"}
    if index % 5 == 4:
        ruling = rejected(Via.whatsapp, DecisionReason.changed_mind)
    else:
        ruling = confirmed(Via.whatsapp, soft=False)
    decide(session, order, ruling, now=placed + timedelta(hours=1), actor="buyer", proof=proof)
    if ruling.verdict is Verdict.confirmed:
        status = "refused" if index % 7 == 3 else "delivered"
        report = CourierReport(status=status, at=placed + timedelta(days=3))
        report_shipment(session, order, report, now=placed + timedelta(days=3))
