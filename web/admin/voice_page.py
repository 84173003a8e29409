"""The voices: what our calls say in languages that no machine speaks, sentence by sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, abort, make_response, redirect, request
from flask.typing import ResponseReturnValue

from models.unit_of_work import Session
from verification.policy.owners import Owner, find_owner, list_sellers
from verification.refusals import NotFound
from verification.voice.clips import (
    LANGUAGES,
    MOST_BYTES,
    Clip,
    ClipRefused,
    add_clip,
    list_clips,
    remove_clip,
    sound_of,
)
from verification.voice.script import to_record
from verification.voice.sentences import RECORDED
from web.access import Visit
from web.admin.voice_words import language_name
from web.language import page_language
from web.pages import render_page
from web.translating import lazy

MOST_UPLOADED = MOST_BYTES + 64 * 1024
"""A recording with the form around it."""

_REFUSED = {
    "empty": lazy("Choose a file with the recording."),
    "too_large": lazy("The file is larger than 2 MB."),
    "no_sound": lazy("The file is neither MP3 nor WAV."),
}


@dataclass(frozen=True)
class Row:
    """One sentence: what to say, the recording that is heard, whether it is this seller's own."""

    name: str
    text: str
    clip: Clip | None
    is_own: bool
    rule: str | None


def show_voices(visit: Visit, session: Session) -> ResponseReturnValue:
    """All sentences of a language, for all sellers or for one."""
    return _render(session, *_whose(session, request.args))


def add_voice(visit: Visit, session: Session) -> ResponseReturnValue:
    """Take a recording in, or say beside its sentence why not."""
    language, owner = _whose(session, request.form)
    name = request.form.get("name", "")
    sent = request.files.get("sound")
    try:
        add_clip(
            session,
            sent.read() if sent else b"",
            language=language,
            name=name,
            seller_id=owner.id if owner else None,
            actor=visit.user.holder,
            now=visit.now,
        )
    except ClipRefused as refused:
        if refused.code not in _REFUSED:
            abort(404)
        return make_response(_render(session, language, owner, {name: str(_REFUSED[refused.code])}), 422)
    return _back(language, owner, "added", name)


def remove_voice(visit: Visit, session: Session, clip_id: UUID) -> ResponseReturnValue:
    """Forget a recording."""
    language, owner = _whose(session, request.form)
    try:
        gone = remove_clip(session, clip_id, actor=visit.user.holder, now=visit.now)
    except NotFound:
        return _back(language, owner, "gone", "")
    return _back(language, owner, "removed", gone.name)


def hear_voice(visit: Visit, session: Session, clip_id: UUID) -> ResponseReturnValue:
    """The sound of a recording."""
    sound = sound_of(session, clip_id)
    if sound is None:
        abort(404)
    return Response(sound.content, content_type=sound.content_type)


def _whose(session: Session, asked: Mapping[str, str]) -> tuple[str, Owner | None]:
    language = asked.get("language") or LANGUAGES[0]
    owner = find_owner(session, asked["seller"]) if asked.get("seller") else None
    if language not in LANGUAGES or (asked.get("seller") and owner is None):
        abort(404)
    return language, owner


def _back(language: str, owner: Owner | None, said: str, name: str) -> ResponseReturnValue:
    query = {"language": language, "seller": owner.slug if owner else "", "said": said}
    return redirect(f"/admin/voice?{urlencode(query)}#{name}", 303)


def _render(
    session: Session, language: str, owner: Owner | None, trouble: Mapping[str, str] | None = None
) -> str:
    clips = list_clips(session, language=language)
    for_all = {clip.name: clip for clip in clips if clip.seller_id is None}
    own = {clip.name: clip for clip in clips if owner and clip.seller_id == owner.id}
    told_in = "ar" if page_language() == "ar" else "en"
    rows = [
        Row(
            name,
            to_record(name, told_in, owner.name if owner else None),
            own.get(name) or for_all.get(name),
            name in own or owner is None,
            (trouble or {}).get(name),
        )
        for name in RECORDED
    ]
    return render_page(
        "admin/voice.html",
        rows=rows,
        missing=sum(row.clip is None for row in rows),
        spoken=language,
        languages=LANGUAGES,
        language_name=language_name,
        owner=owner,
        sellers=list_sellers(session),
        said=request.args.get("said") if trouble is None else None,
        refused=bool(trouble),
    )
