"""When each of the scheduler's jobs last ran."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class JobRun(Base):
    """The latest instant a job was run for; `tick` is the instant no later tick may go behind."""

    __tablename__ = "job_runs"

    job: Mapped[str] = mapped_column(primary_key=True)
    ran_at: Mapped[datetime]
