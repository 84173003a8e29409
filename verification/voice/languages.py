"""In which language a call can be made, and with whose voice."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.calls import VoiceClip
from verification.voice.script import is_read_out
from verification.voice.sentences import RECORDED


def spoken_form(language: str | None) -> str:
    """The language itself, without its region: "ar-SA" and "AR" are "ar"; Arabic where none is known."""
    return (language or "ar").replace("_", "-").partition("-")[0].casefold()


def has_voice(session: Session, seller_id: UUID | None, language: str) -> bool:
    """Whether a buyer can be called in the language: a machine speaks it, or all of it is recorded."""
    named = spoken_form(language)
    return is_read_out(named) or set(RECORDED) <= clips_of(session, seller_id, named).keys()


def voice_of(session: Session, seller_id: UUID, language: str | None) -> tuple[str, Mapping[str, UUID]]:
    """The language to speak in, Arabic where there is no voice for the buyer's, and its recordings."""
    named = spoken_form(language)
    if is_read_out(named):
        return named, {}
    clips = clips_of(session, seller_id, named)
    return (named, clips) if set(RECORDED) <= clips.keys() else ("ar", {})


def clips_of(session: Session, seller_id: UUID | None, language: str) -> Mapping[str, UUID]:
    """The recordings that a seller's buyers hear, by name: the seller's own, else those that serve all."""
    found = session.execute(
        select(VoiceClip.name, VoiceClip.id)
        .where(
            VoiceClip.language == language,
            or_(VoiceClip.seller_id.is_(None), VoiceClip.seller_id == seller_id),
        )
        .order_by(VoiceClip.seller_id.is_not(None))
    )
    return {clip.name: clip.id for clip in found}
