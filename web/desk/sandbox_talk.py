"""The buyer's side of a simulated call, so that a newcomer can work a whole shift in the sandbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from channels.sandbox.talking import talk
from models.attempts import Attempt
from models.unit_of_work import Session
from models.vocabulary import Outcome
from verification.contact.beginning import Begun, contact_of
from verification.desk.shown import ShownCase
from web.context import context


@dataclass(frozen=True)
class TalkLine:
    """One line; `speaker` is `buyer`, or `line` for what the telephone does; `gloss` only where it helps."""

    speaker: str
    text: str
    language: str
    gloss: str | None


def outcome_of(session: Session, begun: Begun) -> Outcome:
    """How the simulated call turns out: the same as the lines tell."""
    installation = context()
    attempt = session.get_one(Attempt, begun.attempt_id)
    return talk(installation.world, installation.world_seed, contact_of(session, attempt), {}).outcome


def talk_lines(session: Session, case: ShownCase, language: str) -> Sequence[TalkLine]:
    """What the simulated buyer says in the call that has begun: the same at every look."""
    installation = context()
    if installation.account is not None or case.attempt_id is None or not case.is_mine:
        return ()
    attempt = session.get(Attempt, case.attempt_id)
    if attempt is None or attempt.contact_point_id is None:
        return ()
    missing = {order.id: order.missing for order in case.orders}
    told = talk(installation.world, installation.world_seed, contact_of(session, attempt), missing)
    return tuple(
        TalkLine(
            line.speaker,
            line.text,
            line.language,
            None if line.language == language else (line.gloss_ar if language == "ar" else line.gloss_en),
        )
        for line in told.lines
    )
