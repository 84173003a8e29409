"""How fast each API key calls."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ApiRate(Base):
    """When a key will have paid for all its calls so far. Unlogged: after a crash all start at zero."""

    __tablename__ = "api_rates"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    api_key_id: Mapped[str] = mapped_column(ForeignKey("api_keys.id"), primary_key=True)
    paid_at: Mapped[datetime]
