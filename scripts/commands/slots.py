"""`flask slots`: choosing the hour and the channel, from a terminal."""

import json
import sys

import click

from scripts.commands.slots_explain import explained
from scripts.commands.slots_fit import fit
from scripts.commands.slots_report import report
from scripts.commands.slots_rollback import rollback
from scripts.commands.slots_switch import resume, stop
from scripts.commands.slots_versions import listing
from verification.slots.talking import Planner


@click.group("slots")
def command() -> None:
    """Slots: the right hour and channel for each buyer."""


command.add_command(explained)
command.add_command(fit)
command.add_command(listing)
command.add_command(report)
command.add_command(resume)
command.add_command(rollback)
command.add_command(stop)


@command.command("serve")
def serve() -> None:
    """Answer requests, one JSON object a line, on standard output: learn, fit, plan (docs/slots.md).

    One that cannot be understood is answered with {"error": …} and changes nothing.
    """
    planner = Planner()
    for line in sys.stdin:
        try:
            answer = planner.answer(json.loads(line))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer, separators=(",", ":")) + "\n")
        sys.stdout.flush()
