"""The `flask` commands: each file here is one command of the file's name and exports it as `command`.

A file named after a group and a verb (`slots_fit.py`) holds that part of the group, which adds it.
A command's file is read only when the command is called for, so that the others, and the web, start fast.
"""

from importlib import import_module
from pkgutil import iter_modules

import click


class Commands(click.Group):
    """All of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(module.name for module in iter_modules(__path__) if "_" not in module.name)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return command
