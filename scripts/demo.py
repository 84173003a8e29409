"""The demo: sellers, people, buyers with a past, and orders that simulated buyers are about to answer.

Its sellers carry a policy of their own: contact hours are open round the clock, without pauses, and waits
are seconds or minutes, so that the demo runs the same at whatever hour it is started.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from channels.sandbox.orders import orders_of
from channels.sandbox.world import World, load_world
from models.orders import Order
from models.policies import PolicyOverride
from models.secrecy import Keyring
from models.sellers import Store
from models.unit_of_work import make_engine, unit_of_work
from models.vocabulary import DecisionReason, Role, Verdict, Via
from scripts.always_open import ALWAYS_OPEN
from scripts.demo_cases import CASES_LADDER, CASES_SELLER, Case, cases
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
_ORDERS = 180
_PAST = 30
_SEED = 7

DEMO_POLICY: dict[str, Any] = {
    **ALWAYS_OPEN,
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
        return _Loading(engine, settings, receiver_url).load()
    finally:
        engine.dispose()


class _Loading:
    """One filling: everything happens at the instant at which it began, or a given while before."""

    def __init__(self, engine: Engine, settings: Settings, receiver_url: str) -> None:
        self._engine = engine
        self._keys = Keyring(settings.secret_key.encode())
        self._pictures = f"{settings.public_url}/static/demo"
        self._receiver_url = receiver_url
        self._now = datetime.now(UTC)

    def load(self) -> dict[str, Any]:
        """Fill it all; returns what only this moment may show."""
        with unit_of_work(self._engine) as session:
            sellers = {country: self._seller(session, name, country) for name, country in _SELLERS}
            # These are there to be called now, whatever the hour at which somebody looks at the demo.
            calling = self._seller(session, *CASES_SELLER, ladder=CASES_LADDER, chooser="fixed")
            users = _users(session, sellers["SA"], self._now)
        world = load_world(WORLD)
        for place, case in enumerate(cases(world)):
            self._bring(calling.store.id, case, place)
        self._invent(world, {country: made.store.id for country, made in sellers.items()})
        return {"sellers": [_shown(made) for made in (*sellers.values(), calling)], "users": users}

    def _seller(self, session: Session, name: str, country: str, **policy: Any) -> NewSeller:
        made = create_seller(
            session, name, country, self._receiver_url, keys=self._keys, now=self._now, allow_private=True
        )
        made.store.event_url = f"{self._receiver_url}/{made.seller.slug}"
        session.add_all(
            PolicyOverride(
                seller_id=made.seller.id,
                name=key,
                value=value,
                legal_basis="Simulated buyers: nobody is called.",
                set_by="demo",
                set_at=self._now,
            )
            for key, value in {**DEMO_POLICY, **policy}.items()
        )
        return made

    def _invent(self, world: World, stores: Mapping[str, UUID]) -> None:
        invented = orders_of(world, 2 * _ORDERS, days=1, seed=_SEED)
        orders = [order for order in invented if order.country in stores][:_ORDERS]
        for index, order in enumerate(orders[:_PAST]):
            status = "turned_down" if index % 5 == 4 else "refused" if index % 7 == 3 else "delivered"
            self._live_through(stores[order.country], order.payload, status, 10 + index)
        for order in orders:
            self._receive(stores[order.country], order.payload, self._now, timedelta(minutes=5))

    def _bring(self, store_id: UUID, case: Case, place: int) -> None:
        for index, status in enumerate(case.past):
            self._live_through(store_id, case.orders[0].payload, status, 10 + 15 * index)
        for order in case.orders:
            # A moment apart, so that they are called in this order.
            at = self._now - timedelta(minutes=1) + timedelta(seconds=place)
            self._receive(store_id, order.payload, at, timedelta(minutes=order.minutes_ago))

    def _receive(self, store_id: UUID, payload: Mapping[str, Any], at: datetime, age: timedelta) -> None:
        with unit_of_work(self._engine) as session:
            self._take(session, store_id, payload, at, age)

    def _take(
        self, session: Session, store_id: UUID, payload: Mapping[str, Any], at: datetime, age: timedelta
    ) -> Order:
        items = [
            {**item, "image_url": f"{self._pictures}/{item['sku'].lower()}.svg"} for item in payload["items"]
        ]
        store = session.get_one(Store, store_id)
        placed = {**payload, "items": items, "placed_at": (at - age).isoformat()}
        draft = read_order(placed, zone=store.time_zone)
        cod = is_cod(draft.payment_method)
        received = receive_order(session, store, draft, now=at, keys=self._keys, cod=cod)
        return session.get_one(Order, received.order_id)

    def _live_through(self, store_id: UUID, payload: Mapping[str, Any], status: str, days: int) -> None:
        """An order of weeks ago, delivered, refused or turned down: buyers come with a past."""
        placed = self._now - timedelta(days=days)
        past = {**payload, "external_id": f"past-{days}-{payload['external_id']}"}
        with unit_of_work(self._engine) as session:
            order = self._take(session, store_id, past, placed, timedelta(minutes=5))
            if order.decision_id is not None:
                return
            if status == "turned_down":
                ruling = rejected(Via.whatsapp, DecisionReason.changed_mind)
            else:
                ruling = confirmed(Via.whatsapp, soft=False)
            decided_at = placed + timedelta(hours=1)
            decide(session, order, ruling, now=decided_at, actor="buyer", proof={"kind": "demo"})
            if ruling.verdict is Verdict.confirmed:
                report = CourierReport(status=status, at=placed + timedelta(days=3))
                report_shipment(session, order, report, now=placed + timedelta(days=3))


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
