"""What was ordered, and what became of the parcel."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    and_,
    func,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Word, id_column, one_of
from models.vocabulary import Arm, DataClass, Outcome, ShipmentStatus


class Order(Base):
    """One order of one store. What was decided, what the last contact brought and what happens next are three
    separate things: `decision_id`, `last_outcome`, the live step. `wish` is what the next contact owes the
    buyer (a call at a time, an agent), kept until an agent has called. Contacts before `asked_since` were
    about what the order was before a correction: they count for no plan, and a yes to them is none. `arm`
    says by what its contacts are chosen, from the first plan on; `plan` is what the latest says of itself."""

    __tablename__ = "orders"
    __table_args__ = (
        # By digest: an index entry has no room for the longest id that a store may send.
        Index("uq_orders_store_external", "store_id", text("md5(external_id)"), unique=True),
        CheckConstraint("total_minor BETWEEN 0 AND 1000000000000", name="total"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint(one_of("arm", Arm), name="arm"),
        Index("ix_orders_seller_updated", "seller_id", "updated_at", "id"),
        Index("ix_orders_open_deadline", "decide_by", postgresql_where=text("decision_id IS NULL")),
        Index(
            "ix_orders_open_case",
            "buyer_id",
            "store_id",
            postgresql_where=text("decision_id IS NULL"),
        ),
        Index("ix_orders_buyer", "buyer_id", "created_at"),
        Index("ix_orders_created", "created_at", postgresql_using="brin"),
        Index("ix_orders_number_said", text("md5(lower(number))")),
        Index("ix_orders_external_id_said", text("md5(lower(external_id))")),
    )

    id: Mapped[UUID] = id_column()
    seller_id: Mapped[UUID] = mapped_column(ForeignKey("sellers.id"))
    store_id: Mapped[UUID] = mapped_column(ForeignKey("stores.id"))
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyers.id"))
    external_id: Mapped[str]
    number: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")
    fingerprint: Mapped[str]
    currency: Mapped[str]
    total_minor: Mapped[int] = mapped_column(BigInteger)
    payment_method: Mapped[str]
    country: Mapped[str]
    place: Mapped[str | None]
    language: Mapped[str | None]
    flags: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    ladder: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    arm: Mapped[Arm | None] = mapped_column(Word(Arm))
    plan: Mapped[dict[str, Any] | None]
    wish: Mapped[dict[str, Any] | None]
    asked_since: Mapped[datetime]
    last_outcome: Mapped[Outcome | None] = mapped_column(Word(Outcome))
    decision_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("decisions.id", use_alter=True, deferrable=True, initially="DEFERRED")
    )
    placed_at: Mapped[datetime]
    ship_by: Mapped[datetime | None]
    decide_by: Mapped[datetime]
    shipped_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    # Read when asked for: most of what happens to an order looks at neither.
    items: Mapped[list["Item"]] = relationship(order_by="Item.position", cascade="all, delete-orphan")
    details: Mapped["OrderDetails | None"] = relationship(cascade="all")

    @classmethod
    def is_called(cls, external_id: str) -> ColumnElement[bool]:
        """Whether an order has this external id, asked so that the index answers."""
        return and_(func.md5(cls.external_id) == func.md5(external_id), cls.external_id == external_id)

    @classmethod
    def is_named(cls, name: str) -> ColumnElement[bool]:
        """Whether an order has this number or external id in either case, asked so that indexes answer."""
        said = func.md5(func.lower(name))
        return or_(func.md5(func.lower(cls.number)) == said, func.md5(func.lower(cls.external_id)) == said)


class Item(Base):
    """One line of an order; prices in minor units of the order's currency."""

    __tablename__ = "items"
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 10000", name="quantity"),
        CheckConstraint("unit_price_minor BETWEEN 0 AND 1000000000000", name="unit_price"),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str | None]
    title: Mapped[str]
    variant: Mapped[str | None]
    quantity: Mapped[int]
    unit_price_minor: Mapped[int] = mapped_column(BigInteger)
    image_url: Mapped[str | None]
    product_url: Mapped[str | None]


class OrderDetails(Base):
    """The personal side of an order: who, where, and the words typed with it."""

    __tablename__ = "order_details"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    buyer_name: Mapped[str | None]
    phone_raw: Mapped[str]
    alternate_phone_raw: Mapped[str | None]
    note: Mapped[str | None]
    region: Mapped[str | None]
    city: Mapped[str | None]
    district: Mapped[str | None]
    street: Mapped[str | None]
    building: Mapped[str | None]
    short_address: Mapped[str | None]
    postal_code: Mapped[str | None]
    landmark: Mapped[str | None]
    data_class: Mapped[str] = mapped_column(server_default=DataClass.address.value)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class OrderContactPoint(Base):
    """A phone found on an order, in the order of trying; `refused_at`: it proved to be somebody else's."""

    __tablename__ = "order_contact_points"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    contact_point_id: Mapped[UUID] = mapped_column(
        ForeignKey("contact_points.id"), primary_key=True, index=True
    )
    position: Mapped[int]
    refused_at: Mapped[datetime | None]


class Shipment(Base):
    """A courier's report; the latest by `reported_at` is where the parcel stands."""

    __tablename__ = "shipments"
    __table_args__ = (
        Index("uq_shipments_report", "order_id", text("md5(status_raw)"), "reported_at", unique=True),
        CheckConstraint(one_of("status", ShipmentStatus), name="status"),
    )

    id: Mapped[UUID] = id_column()
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    status: Mapped[ShipmentStatus] = mapped_column(Word(ShipmentStatus))
    status_raw: Mapped[str]
    reason: Mapped[str | None]
    carrier: Mapped[str | None]
    tracking: Mapped[str | None]
    reported_at: Mapped[datetime]
    received_at: Mapped[datetime]
