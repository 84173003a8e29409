"""Which model is in use."""

from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.slots import SlotModel
from verification.slots.model import Model, cold_model, from_json

COLD = 0
"""The version of the model before anything was learned."""
_CURRENT = (
    select(SlotModel.version)
    .where(SlotModel.promoted_at.is_not(None), SlotModel.rolled_back_at.is_(None))
    .order_by(SlotModel.promoted_at.desc(), SlotModel.version.desc())
    .limit(1)
)


class Current(NamedTuple):
    """A model and its version."""

    version: int
    model: Model


def current_version(session: Session) -> int:
    """The version promoted last and not rolled back; without one, 0 for the cold model."""
    return session.scalar(_CURRENT) or COLD


def current_model(session: Session) -> Current:
    """The model of that version; the cold one where another release kept it in a form of its own."""
    try:
        return model_of(session, current_version(session))
    except (KeyError, TypeError, ValueError):
        return model_of(session, COLD)


def model_of(session: Session, version: int) -> Current:
    """One version; raises `KeyError` for one that is not kept."""
    if version == COLD:
        return Current(COLD, _cold())
    known = _READ.get(version)
    if known is None:
        plain = session.scalar(select(SlotModel.model).where(SlotModel.version == version))
        if plain is None:
            raise KeyError(version)
        known = from_json(plain)
        if len(_READ) >= _MOST_READ:
            _READ.pop(next(iter(_READ)), None)
        _READ[version] = known
    return Current(version, known)


@lru_cache(maxsize=1)
def _cold() -> Model:
    return cold_model()


_MOST_READ = 3
# A version never changes; to parse one takes longer than a plan.
_READ: dict[int, Model] = {}
