"""What plans and habits say of themselves, in the page's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from babel import Locale

from models.vocabulary import Arm, Chooser, Regime
from verification.habits.picturing import BuyerWeek
from verification.habits.telling import Heard
from verification.telling.plan import ToldPlan
from verification.wording.rendering import render_seen
from web.language import page_language
from web.translating import gettext, lazy, ngettext

_STOPS: Mapping[str, object] = {
    "deadline": lazy("The deadline ends it."),
    "caps_spent": lazy("The order has had all the contacts that it may have."),
    "not_worth": lazy("Not worth another contact: it would cost more than it is likely to bring."),
    "no_time": lazy("No allowed time is left before the deadline."),
}
_SEMICOLON = {"en": "; ", "ar": "؛ "}


def stop_word(stop: str) -> str:
    """Why a plan ends; a code that has no words yet as it is."""
    return str(_STOPS.get(stop, stop))


def chooser_word(plan: ToldPlan, *, is_decided: bool) -> str:
    """What chose the hours and channels of an order; nothing for an order planned before that was kept.

    Of one that `is_decided` the plan stays as it was, whatever stands now.
    """
    # An order that came to an open case is contacted with it, whatever it drew itself.
    if plan.arm is Arm.control and plan.chooser is not Chooser.learned:
        return gettext("Kept on the fixed schedule, to compare with.")
    if plan.stopped and is_decided:
        return gettext("By the fixed schedule: choosing was stopped for everybody.")
    if plan.stopped:
        return gettext("By the fixed schedule: choosing is stopped for everybody.")
    if plan.chooser is Chooser.learned and plan.model:
        return gettext("Chosen for this buyer by what was learned, version %(version)s.", version=plan.model)
    if plan.chooser is Chooser.learned:
        return gettext("Chosen for this buyer; nothing has been learned yet, so by what is usual.")
    return gettext("By the fixed schedule.") if plan.chooser else ""


def knowledge(week: BuyerWeek) -> str:
    """How much a buyer's week rests on: "From 7 contacts, 2 orders and 1 sign of life of this buyer."."""
    if not (week.contacts or week.signs):
        return gettext("Nothing was tried with this buyer yet: these are the chances of buyers like them.")
    parts = [ngettext("%(num)s contact", "%(num)s contacts", week.contacts)]
    if week.orders:
        parts.append(ngettext("%(num)s order", "%(num)s orders", week.orders))
    if week.signs:
        parts.append(ngettext("%(num)s sign of life", "%(num)s signs of life", week.signs))
    return gettext("Known of this buyer: %(counts)s.", counts=_listed(parts))


def season(week: BuyerWeek) -> str:
    """What part of the year the week is of; nothing for a normal one."""
    if week.regime is Regime.ramadan:
        return gettext("A week in Ramadan.")
    return gettext("A week with an Eid.") if week.regime is Regime.eid else ""


def facts_said(facts: Iterable[Heard]) -> str:
    """What the counts of a buyer say plainly, in a row."""
    return seen_said({"kind": each.kind.value, "hour": each.hour, "times": each.times} for each in facts)


def seen_said(facts: Iterable[Mapping[str, Any]]) -> str:
    """What was seen of a buyer, as plans keep it, in a row."""
    said = (render_seen(fact, page_language()) for fact in facts)
    return _SEMICOLON[page_language()].join(fact for fact in said if fact)


def weekday_name(weekday: int, *, is_short: bool = True) -> str:
    """A weekday (Monday is 0) as the page's language calls it."""
    names = Locale(page_language()).days["stand-alone"]
    # Arabic has no shorter names that anybody uses.
    return str(names["abbreviated" if is_short else "wide"][weekday])


def week_days() -> tuple[int, ...]:
    """The weekdays from Sunday on, as calendars in our countries show them."""
    return (6, 0, 1, 2, 3, 4, 5)


def _listed(parts: list[str]) -> str:
    comma = {"en": ", ", "ar": "، "}[page_language()]
    return comma.join(parts)
