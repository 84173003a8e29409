"""The week of agents in the record of changes."""

from collections.abc import Callable, Mapping

from verification.audit import Audited
from web.formats import number
from web.translating import gettext, ngettext

SENTENCES: Mapping[str, Callable[[], str]] = {
    "staffing_set": lambda: gettext("Agents at work: the week"),
    "staffing_cleared": lambda: gettext("Agents at work: taken back, nothing is bounded"),
}


def staffing_lines(line: Audited, when: str) -> list[tuple[str, str]]:
    """The week `before` or `after` a change, in a line."""
    week = line.params[when]
    # Older lines do not say whether anybody was told of.
    if not week.get("told", week["hours"]):
        return [("", gettext("nobody said"))]
    if not week["hours"]:
        return [("", gettext("nobody is at work"))]
    told = ngettext(
        "%(count)s agent's hour",
        "%(count)s agents' hours",
        week["agent_hours"],
        count=number(week["agent_hours"]),
    )
    return [("", told)]
