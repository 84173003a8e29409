"""What choosing hours and channels rests on: buyers' counts, models learned, agents at work."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, id_column


class Habits(Base):
    """A buyer's past: counts by cell (`verification/slots/cells.py`), `{"97": 2}`; dropped to forget."""

    __tablename__ = "buyer_habits"

    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyers.id"), primary_key=True)
    cells: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    changed_at: Mapped[datetime]


class SlotModel(Base):
    """One version of what was learned of all buyers together.

    The one promoted last and not rolled back is used; without any, the cold one. `findings` is what it was
    compared and checked by. Nothing in it belongs to a person.
    """

    __tablename__ = "slot_models"
    __table_args__ = (
        Index("ix_slot_models_promoted", "promoted_at", postgresql_where=text("promoted_at IS NOT NULL")),
    )

    version: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    fitted_at: Mapped[datetime]
    fitted_by: Mapped[str]
    buyers: Mapped[int]
    contacts: Mapped[int]
    model: Mapped[dict[str, Any]]
    findings: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    promoted_at: Mapped[datetime | None]
    rolled_back_at: Mapped[datetime | None]
    rolled_back_by: Mapped[str | None]


class PlannerStop(Base):
    """While one stands, everybody is contacted by the fixed schedule."""

    __tablename__ = "planner_stops"
    __table_args__ = (
        Index(
            "uq_planner_stops_standing",
            text("(true)"),
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = id_column()
    began_at: Mapped[datetime]
    began_by: Mapped[str]
    why: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


class StaffedHour(Base):
    """How many agents are at work in an hour of the house's week (Monday is 0), and what each manages.

    Without any row nobody said, and nothing is bounded by it.
    """

    __tablename__ = "staffed_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
        CheckConstraint("agents BETWEEN 0 AND 10000", name="agents"),
        CheckConstraint("calls_an_hour BETWEEN 1 AND 60", name="calls_an_hour"),
    )

    weekday: Mapped[int] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    agents: Mapped[int]
    calls_an_hour: Mapped[int]


class AgentPrice(Base):
    """How many times its cost an agent's time counts in one hour, so that planned calls fit those at work.

    `begins_at` is the hour's beginning. In calls: `wanted` if agents' time counted once everywhere, `planned`
    at the price, the `room` there is for them.
    """

    __tablename__ = "agent_prices"

    begins_at: Mapped[datetime] = mapped_column(primary_key=True)
    price: Mapped[float]
    wanted: Mapped[float]
    planned: Mapped[float]
    room: Mapped[float]
    reckoned_at: Mapped[datetime]


class RefusalRate(Base):
    """The chance that a country's average parcel comes back when nobody asked its buyer; `parcels` of the
    house tell of it. Without a row, what is assumed of all countries holds."""

    __tablename__ = "refusal_rates"
    __table_args__ = (CheckConstraint("chance > 0 AND chance < 1", name="chance"),)

    country: Mapped[str] = mapped_column(primary_key=True)
    chance: Mapped[float]
    parcels: Mapped[int]
    reckoned_at: Mapped[datetime]
