"""Telling what became of a case that an old form or page asks about."""

from uuid import UUID

from models.unit_of_work import Session
from models.vocabulary import Verdict, Via
from verification.desk.losing import How, Lost, holder_of, how_lost
from web.access import Visit
from web.context import context
from web.formats import hour
from web.translating import gettext


def whose(session: Session, step_id: UUID, visit: Visit) -> str | None:
    """What became of the case, as an answer to what can no longer be recorded; None for none of ours."""
    lost = how_lost(session, step_id)
    if lost is None:
        return None
    if lost.how is How.held and lost.holder == visit.user.holder:
        return gettext(
            "That was an older form of order %(number)s: nothing of it was recorded. This is how it stands.",
            number=lost.number,
        )
    return gettext("%(why)s Nothing of yours was recorded.", why=_why(lost, visit))


def why_lost(session: Session, step_id: UUID, visit: Visit) -> str | None:
    """Why a case is no longer in the agent's hands, and through whom; None for none of ours."""
    lost = how_lost(session, step_id)
    return _why(lost, visit) if lost else None


def in_whose_hands(session: Session, order_id: UUID, visit: Visit) -> str | None:
    """Which colleague has the order's buyer in hand; None when none has."""
    lost = holder_of(session, order_id)
    return _why(lost, visit) if lost and lost.by else None


def _why(lost: Lost, visit: Visit) -> str:
    number, name = lost.number, lost.by or "Takeed"
    match lost.how:
        case How.held:
            return gettext(
                "%(name)s has had order %(number)s in hand since %(since)s.",
                name=name,
                number=number,
                since=hour(lost.at, context().settings.time_zone) if lost.at else "",
            )
        case How.decided:
            return _decided(lost)
        case How.recorded if lost.holder == visit.user.holder:
            return gettext("You have recorded the outcome of order %(number)s already.", number=number)
        case How.recorded:
            return gettext("%(name)s has recorded the outcome of order %(number)s.", name=name, number=number)
        case How.changed:
            return gettext("Order %(number)s was changed, so its call was planned anew.", number=number)
        case How.queued:
            return gettext(
                "Order %(number)s went back to the queue: its time in your hands was over.", number=number
            )
        case How.over:
            return gettext("There is nothing to call about on order %(number)s any more.", number=number)


def _decided(lost: Lost) -> str:
    number, through = lost.number, _through(lost.via)
    if lost.verdict is Verdict.withdrawn:
        return gettext("The seller has withdrawn order %(number)s.", number=number)
    if through and lost.verdict is Verdict.confirmed:
        return gettext(
            "The buyer has just confirmed order %(number)s %(through)s.", number=number, through=through
        )
    if through and lost.verdict is Verdict.rejected:
        return gettext(
            "The buyer has just rejected order %(number)s %(through)s.", number=number, through=through
        )
    return gettext("Order %(number)s has just been decided.", number=number)


def _through(via: Via | None) -> str | None:
    match via:
        case Via.whatsapp:
            return gettext("over WhatsApp")
        case Via.sms:
            return gettext("by SMS")
        case Via.page:
            return gettext("on their own page")
        case Via.ivr:
            return gettext("in the automatic call")
        case Via.agent_call:
            return gettext("on the phone to an agent")
        case _:
            return None
