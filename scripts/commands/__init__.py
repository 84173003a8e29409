"""The `flask` commands: each file here is one command of the file's name and exports it as `command`.

A command's file is read only when the command is called for, so that the others, and the web, start fast.
"""

from importlib import import_module
from pkgutil import iter_modules

import click


def names() -> list[str]:
    """The commands that exist."""
    return sorted(module.name.replace("_", "-") for module in iter_modules(__path__))


def load(name: str) -> click.Command | None:
    """The command of that name, or None."""
    if name not in names():
        return None
    command: click.Command = import_module(f"{__name__}.{name.replace('-', '_')}").command
    return command
