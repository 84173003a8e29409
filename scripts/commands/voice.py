"""`flask voice`: recordings for calls in languages that no machine speaks."""

from pathlib import Path
from uuid import UUID

import click

from models.unit_of_work import unit_of_work
from scripts.opening import answer, json_option, opened
from scripts.refusing import as_sentences
from verification.accounts.finding import seller_of
from verification.refusals import NotFound
from verification.voice.clips import LANGUAGES, ClipRefused, add_clip, list_clips, remove_clip
from verification.voice.script import to_record
from verification.voice.sentences import RECORDED

_REFUSED = {
    "name": "is named after no sentence: `flask voice list` shows their names",
    "empty": "is empty",
    "too_large": "is larger than 2 MB",
    "no_sound": "is neither MP3 nor WAV",
}

language_choice = click.Choice(LANGUAGES)


@click.group("voice")
def command() -> None:
    """Recordings for calls in languages that no machine speaks."""


@command.command("list")
@click.option("--language", type=language_choice, help="All languages when left out.")
@json_option
def listing(language: str | None, as_json: bool) -> None:
    """Show what is recorded, and in which languages calls can be made; with a language also what to say."""
    with opened() as house, unit_of_work(house.engine) as session:
        clips = list_clips(session, language=language)
    told = [
        {
            "id": str(clip.id),
            "language": clip.language,
            "name": clip.name,
            "seller": clip.seller,
            "content_type": clip.content_type,
            "bytes": clip.size,
            "uploaded_by": clip.uploaded_by,
            "uploaded_at": clip.uploaded_at.isoformat(),
        }
        for clip in clips
    ]
    lines = [f"{clip.id}  {clip.language}  {clip.name}  {clip.seller or 'all sellers'}" for clip in clips]
    found: dict[str, object] = {"clips": told}
    if language is not None:
        kept = {clip.name for clip in clips if clip.seller is None}
        missing = [name for name in RECORDED if name not in kept]
        found["missing"] = missing
        lines += [f"missing for all sellers: {name}  ({to_record(name, 'en')})" for name in missing]
    answer(found, "\n".join(lines) or "nothing is recorded", as_json=as_json)


@command.command("add")
@click.argument("language", type=language_choice)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--seller", help="An id or slug; for all sellers when left out.")
@json_option
def add(language: str, files: tuple[Path, ...], seller: str | None, as_json: bool) -> None:
    """Keep FILES (MP3 or WAV), each named after the sentence it says, such as greeting.mp3 or digit_0.wav.

    All are kept, or none.
    """
    with opened() as house, as_sentences(), unit_of_work(house.engine) as session:
        seller_id = seller_of(session, seller).id if seller else None
        added = []
        for file in files:
            try:
                kept = add_clip(
                    session,
                    file.read_bytes(),
                    language=language,
                    name=file.stem,
                    seller_id=seller_id,
                    actor="operator",
                    now=house.now(),
                )
            except ClipRefused as refused:
                raise click.ClickException(f"{file.name} {_REFUSED[refused.code]}") from None
            added.append({"id": str(kept), "name": file.stem})
    text = "\n".join(f"{each['name']} ({each['id']})" for each in added)
    answer({"language": language, "added": added}, text, as_json=as_json)


@command.command("remove")
@click.argument("clip_id", type=click.UUID, metavar="ID")
@json_option
def remove(clip_id: UUID, as_json: bool) -> None:
    """Forget a recording."""
    with opened() as house, unit_of_work(house.engine) as session:
        try:
            gone = remove_clip(session, clip_id, actor="operator", now=house.now())
        except NotFound:
            raise click.ClickException("there is no recording with this id") from None
    answer({"removed": str(clip_id)}, f"Removed: {gone.language} {gone.name}", as_json=as_json)
