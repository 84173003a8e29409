"""Telling whose case it is now that an old form asked about."""

from uuid import UUID

from models.unit_of_work import Session
from verification.desk.case import show_case
from web.access import Visit
from web.context import context
from web.formats import hour
from web.translating import gettext


def whose(session: Session, step_id: UUID, visit: Visit) -> str | None:
    """In whose hands the case is and since when; None when it is in nobody's."""
    case = show_case(session, step_id, visit.user, now=visit.now)
    if case is None:
        return None
    number = case.orders[0].number if case.orders else ""
    since = hour(case.claimed_at, context().settings.time_zone)
    if case.is_mine:
        return gettext(
            "That was an older form of order %(number)s: nothing of it was recorded. This is how it stands.",
            number=number,
        )
    return gettext(
        "%(name)s has had order %(number)s in hand since %(since)s. Nothing of yours was recorded.",
        name=case.holder_name,
        number=number,
        since=since,
    )
