"""Who ordered: buyers, the phones they answer, and how good they have been."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Word, id_column, one_of
from models.vocabulary import Channel, DataClass, Purpose, SignOfLife, Tier


class Buyer(Base):
    """A person behind one or more contact points; the tier is computed, `override` is set by a named user."""

    __tablename__ = "buyers"
    __table_args__ = (
        CheckConstraint(one_of("tier", Tier), name="tier"),
        CheckConstraint("override IN ('blocked', 'vip')", name="override"),
    )

    id: Mapped[UUID] = id_column()
    language: Mapped[str | None]
    tier: Mapped[Tier] = mapped_column(Word(Tier), server_default="new")
    tier_reasons: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    override: Mapped[str | None]
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class ContactPoint(Base):
    """One phone in E.164. Erasing drops the phone and leaves its keyed hash, so that opt-outs still hold."""

    __tablename__ = "contact_points"
    __table_args__ = (
        CheckConstraint("phone IS NULL OR phone ~ '^\\+[1-9][0-9]{6,14}$'", name="phone_e164"),
        CheckConstraint("phone IS NULL OR erased_at IS NULL", name="erased"),
    )

    id: Mapped[UUID] = id_column()
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyers.id"), index=True)
    phone: Mapped[str | None] = mapped_column(unique=True)
    phone_hash: Mapped[bytes] = mapped_column(unique=True)
    country: Mapped[str]
    line_type: Mapped[str]
    data_class: Mapped[str] = mapped_column(server_default=DataClass.contact_point.value)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class Reachability(Base):
    """What is known of one channel on one contact point."""

    __tablename__ = "reachability"
    __table_args__ = (CheckConstraint(one_of("channel", Channel), name="channel"),)

    contact_point_id: Mapped[UUID] = mapped_column(ForeignKey("contact_points.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(Word(Channel), primary_key=True)
    reachable: Mapped[bool]
    reason: Mapped[str]
    noted_at: Mapped[datetime]


class OptOut(Base):
    """A buyer's wish not to be contacted there again, under the phone's keyed hash: it outlives erasure."""

    __tablename__ = "opt_outs"
    __table_args__ = (
        CheckConstraint(one_of("channel", Channel), name="channel"),
        CheckConstraint(one_of("purpose", Purpose), name="purpose"),
    )

    phone_hash: Mapped[bytes] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column(Word(Channel), primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose), primary_key=True)
    opted_out_at: Mapped[datetime]


class SellerBuyer(Base):
    """The id under which a seller sees a buyer: different for each, so that sellers cannot compare."""

    __tablename__ = "seller_buyers"
    __table_args__ = (UniqueConstraint("seller_id", "buyer_id"),)

    id: Mapped[UUID] = id_column()
    seller_id: Mapped[UUID] = mapped_column(ForeignKey("sellers.id"))
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyers.id"), index=True)


class TierChange(Base):
    """A buyer's move from one tier to another, with the reasons and what caused it."""

    __tablename__ = "tier_changes"

    id: Mapped[UUID] = id_column()
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyers.id"), index=True)
    old: Mapped[Tier] = mapped_column(Word(Tier))
    new: Mapped[Tier] = mapped_column(Word(Tier))
    reasons: Mapped[list[dict[str, Any]]]
    cause: Mapped[str]
    changed_at: Mapped[datetime]


class BuyerSign(Base):
    """A passive sign of life: when a buyer ordered, read, used the page or called in.

    `counted_as` is the cell of the buyer's habits that counts it; none yet while it is new.
    """

    __tablename__ = "buyer_signs"
    __table_args__ = (
        CheckConstraint(one_of("kind", SignOfLife), name="kind"),
        Index("ix_buyer_signs_uncounted", "buyer_id", postgresql_where=text("counted_as IS NULL")),
    )

    id: Mapped[UUID] = id_column()
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyers.id"), index=True)
    kind: Mapped[SignOfLife] = mapped_column(Word(SignOfLife))
    seen_at: Mapped[datetime]
    counted_as: Mapped[int | None]
