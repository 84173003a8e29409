"""Who we are to buyers: the addresses that messages and calls come from, and how well each works."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Word, id_column, one_of
from models.vocabulary import SenderKind


class Sender(Base):
    """One address at the provider: a WhatsApp sender, an SMS sender id, a caller id.

    Without `seller_id` it serves all sellers, without `country` all countries; the narrowest that fits is
    taken. `address` is E.164, or letters for an SMS sender id, or a messaging service's sid; `trunk` the sid
    of a BYOC trunk that the call leaves by. `weight` (0 to 100) is what an operator gives it, `standing` (0
    to 100) the share of it that its failures have left. `next_slot_at` is when its rate of `per_second` next
    allows a contact; before `resting_until` it gets none.
    """

    __tablename__ = "senders"
    __table_args__ = (
        CheckConstraint(one_of("kind", SenderKind), name="kind"),
        CheckConstraint("weight BETWEEN 0 AND 100", name="weight"),
        CheckConstraint("standing BETWEEN 0 AND 100", name="standing"),
        CheckConstraint("per_second > 0", name="per_second"),
        Index(
            "uq_senders_address",
            "kind",
            "address",
            "seller_id",
            "country",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = id_column()
    kind: Mapped[SenderKind] = mapped_column(Word(SenderKind))
    seller_id: Mapped[UUID | None] = mapped_column(ForeignKey("sellers.id"))
    country: Mapped[str | None]
    address: Mapped[str]
    trunk: Mapped[str | None]
    weight: Mapped[int] = mapped_column(server_default="100")
    per_second: Mapped[Decimal] = mapped_column(Numeric(8, 3), server_default="1")
    standing: Mapped[int] = mapped_column(server_default="100")
    standing_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(server_default="0")
    resting_until: Mapped[datetime | None]
    next_slot_at: Mapped[datetime | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class ProviderState(Base):
    """How a provider itself does: out since `out_since`, next tried at `retry_at`; `failures` in a row."""

    __tablename__ = "provider_states"

    provider: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(server_default="0")
    out_since: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    last_code: Mapped[str | None]
    changed_at: Mapped[datetime]


class Alarm(Base):
    """Something that an operator must mend; `subject` tells alarms of one code apart.

    The same again raises `count` and `last_at` while it stands; it ends by itself or is put away.
    """

    __tablename__ = "alarms"
    __table_args__ = (
        Index(
            "uq_alarms_standing", "code", "subject", unique=True, postgresql_where=text("ended_at IS NULL")
        ),
    )

    id: Mapped[UUID] = id_column()
    code: Mapped[str]
    subject: Mapped[str]
    params: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    count: Mapped[int] = mapped_column(server_default="1")
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
