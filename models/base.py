"""The common ground of all tables: names of constraints, types of columns, keys."""

import os
import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Dialect, MetaData, String, Text, TypeDecorator, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant; a naive one is refused, because its zone would be a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("naive datetime")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """A word of the vocabulary, stored as its text so that new words need no change of type."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        UUID: Uuid,
        str: Text,
        dict[str, Any]: JSONB,
        list[dict[str, Any]]: JSONB,
    }


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562): later ids sort later, which keeps index pages warm."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = (milliseconds & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | (random >> 68 & 0xFFF) << 64
    return UUID(int=value | 0b10 << 62 | random & 0x3FFFFFFFFFFFFFFF)


def one_of(column: str, words: type[StrEnum]) -> str:
    """The text of a check that holds a column to its vocabulary."""
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


def id_column() -> Mapped[UUID]:
    """The primary key of a table of things."""
    return mapped_column(primary_key=True, default=new_id)
