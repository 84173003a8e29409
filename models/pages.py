"""Links to the buyer's own page: who holds one may see and answer what one contact was about."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Word, one_of
from models.vocabulary import Purpose


class PageLink(Base):
    """The link that went out with one attempt. Only the digest of its token is kept.

    It opens the orders of the attempt's step for this purpose until `expires_at`; `used_at` is when it was
    first answered through.
    """

    __tablename__ = "page_links"
    __table_args__ = (CheckConstraint(one_of("purpose", Purpose), name="purpose"),)

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempts.id"), unique=True)
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
