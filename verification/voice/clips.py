"""Recordings: which there are, taking one in, taking one away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.base import new_id
from models.calls import VoiceClip
from models.sellers import Seller
from verification import audit
from verification.alarms import end_alarm
from verification.refusals import NotFound
from verification.voice.languages import has_voice
from verification.voice.sentences import RECORDED

MOST_BYTES = 2 * 1024 * 1024
LANGUAGES: tuple[str, ...] = ("ckb", "ku", "ur", "hi", "bn", "fa", "tr", "fil", "ml", "ta", "ne", "si", "fr")
"""What buyers of our countries speak besides Arabic and English."""


class ClipRefused(Exception):
    """A recording that is not taken; `code`: `language`, `name`, `empty`, `too_large`, `no_sound`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Clip:
    """One recording, without its sound. Without `seller_id` it serves all sellers; `size` in bytes."""

    id: UUID
    seller_id: UUID | None
    seller: str | None
    language: str
    name: str
    content_type: str
    size: int
    uploaded_by: str
    uploaded_at: datetime


@dataclass(frozen=True)
class Sound:
    """The sound of a recording, to be played as `content_type`."""

    content: bytes
    content_type: str
    uploaded_at: datetime


def add_clip(
    session: Session,
    sound: bytes,
    *,
    language: str,
    name: str,
    seller_id: UUID | None,
    actor: str,
    now: datetime,
) -> UUID:
    """Keep the recording of one sentence or digit, in place of the one before; raises `ClipRefused`."""
    if language not in LANGUAGES:
        raise ClipRefused("language")
    if name not in RECORDED:
        raise ClipRefused("name")
    values = {
        "content_type": _kind_of(sound),
        "sound": sound,
        "uploaded_by": actor,
        "uploaded_at": now,
    }
    kept = session.scalars(
        insert(VoiceClip)
        .values(id=new_id(), seller_id=seller_id, language=language, name=name, **values)
        .on_conflict_do_update(index_elements=["seller_id", "language", "name"], set_=values)
        .returning(VoiceClip.id)
    ).one()
    _note(session, "voice_added", language, name, seller_id, actor, now)
    if has_voice(session, seller_id, language):
        end_alarm(session, "no_voice", now=now)
    return kept


def remove_clip(session: Session, clip_id: UUID, *, actor: str, now: datetime) -> Clip:
    """Forget a recording; raises `NotFound`."""
    found = session.get(VoiceClip, clip_id, with_for_update=True)
    if found is None:
        raise NotFound
    gone = next(each for each in list_clips(session, language=found.language) if each.id == clip_id)
    session.delete(found)
    _note(session, "voice_removed", gone.language, gone.name, gone.seller_id, actor, now)
    session.flush()
    return gone


def list_clips(session: Session, *, language: str | None = None) -> Sequence[Clip]:
    """All recordings, or those in a language, in the order in which sentences are listed."""
    asked = select(
        VoiceClip.id,
        VoiceClip.seller_id,
        Seller.slug,
        VoiceClip.language,
        VoiceClip.name,
        VoiceClip.content_type,
        func.octet_length(VoiceClip.sound),
        VoiceClip.uploaded_by,
        VoiceClip.uploaded_at,
    ).outerjoin(Seller, Seller.id == VoiceClip.seller_id)
    if language is not None:
        asked = asked.where(VoiceClip.language == language)
    found = [Clip(*row) for row in session.execute(asked)]
    return sorted(found, key=lambda clip: (clip.language, clip.seller or "", RECORDED.index(clip.name)))


def sound_of(session: Session, clip_id: UUID) -> Sound | None:
    """The sound itself."""
    found = session.get(VoiceClip, clip_id)
    return Sound(found.sound, found.content_type, found.uploaded_at) if found else None


def _kind_of(sound: bytes) -> str:
    """What kind of sound it is, by its first bytes: MP3 or WAV."""
    if not sound:
        raise ClipRefused("empty")
    if len(sound) > MOST_BYTES:
        raise ClipRefused("too_large")
    if sound[:4] == b"RIFF" and sound[8:12] == b"WAVE":
        return "audio/wav"
    if sound[:3] == b"ID3" or (sound[0] == 0xFF and len(sound) > 1 and sound[1] & 0xE6 == 0xE2):
        return "audio/mpeg"
    raise ClipRefused("no_sound")


def _note(
    session: Session, code: str, language: str, name: str, seller_id: UUID | None, actor: str, now: datetime
) -> None:
    params = {"language": language, "clip": name}
    if seller_id is not None:
        params |= {"scope": "seller", "id": str(seller_id)}
    audit.note(session, at=now, actor=actor, code=code, params=params)
