"""`flask slots stop` and `resume`: the kill switch, and every open case planned anew."""

import click

from models.unit_of_work import unit_of_work
from scripts.opening import Opened, answer, json_option, opened, progress
from verification.planning.replanning import count_waiting, plan_anew
from verification.trial.switching import release_switch, throw_switch

_OPERATOR = "operator"


@click.command("stop")
@click.option("--why", help="Kept on record; nothing of a buyer.")
@json_option
def stop(why: str | None, as_json: bool) -> None:
    """Put everybody on the fixed schedule now, and plan all open cases anew by it.

    Contacts being made go on, promised call-backs keep their time, and orders that come meanwhile stay on the
    fixed schedule for good.
    """
    with opened() as house:
        with unit_of_work(house.engine) as session:
            turned = throw_switch(session, actor=_OPERATOR, why=why, now=house.now())
        planned = _follow(house, as_json)
    said = "stopped: everybody is on the fixed schedule" if turned else "it was stopped already"
    answer(
        {"stopped": True, "turned": turned, "planned_anew": planned}, _line(said, planned), as_json=as_json
    )


@click.command("resume")
@json_option
def resume(as_json: bool) -> None:
    """Let what was learned choose again, and plan the open cases of its orders anew."""
    with opened() as house:
        with unit_of_work(house.engine) as session:
            turned = release_switch(session, actor=_OPERATOR, now=house.now())
        planned = _follow(house, as_json)
    said = "resumed: what was learned chooses again" if turned else "it was not stopped"
    answer(
        {"stopped": False, "turned": turned, "planned_anew": planned}, _line(said, planned), as_json=as_json
    )


def _follow(house: Opened, is_quiet: bool) -> int:
    with unit_of_work(house.engine) as session:
        waiting = count_waiting(session)
    with progress(waiting, "Planning anew", hidden=is_quiet or not waiting) as show:
        return plan_anew(house.engine, house.now, show)


def _line(said: str, planned: int) -> str:
    return f"{said}; open cases planned anew: {planned}"
