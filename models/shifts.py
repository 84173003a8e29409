"""What agents did with their time, as intervals from which everything else is counted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Word, id_column, one_of
from models.vocabulary import AgentState


class AgentInterval(Base):
    """One state of one agent, half-open; the intervals of a shift touch and never overlap.

    An open one ends by itself at `expires_at`, which the agent's page pushes ahead while it is there.
    """

    __tablename__ = "agent_intervals"
    __table_args__ = (
        CheckConstraint(one_of("state", AgentState), name="state"),
        CheckConstraint("ended_at >= began_at", name="forward"),
        Index("uq_agent_intervals_open", "user_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_agent_intervals_user", "user_id", "began_at"),
        Index("ix_agent_intervals_expiry", "expires_at", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[UUID] = id_column()
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    state: Mapped[AgentState] = mapped_column(Word(AgentState))
    step_id: Mapped[UUID | None] = mapped_column(ForeignKey("steps.id"))
    began_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
