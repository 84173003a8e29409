"""`flask reply`: how buyers' words are understood, for trying the word lists from a terminal."""

import json
import sys

import click

from verification.replies.reading import read_reply


@click.group("reply")
def command() -> None:
    """Replies: how buyers' words are understood."""


@command.command("read")
@click.option("--json", is_flag=True, expose_value=False, help="JSON is all it prints, with or without.")
def read() -> None:
    """Read one reply a line from standard input, as answers to "1 confirm, 2 cancel, 3 later".

    Prints one JSON line `{text, intent, soft}` for each line, also for an empty one. Bytes that are not UTF-8
    are replaced.
    """
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", errors="replace").removesuffix("\n").removesuffix("\r")
        understood = read_reply(text)
        answer = {"text": text, "intent": understood.intent.value, "soft": understood.soft}
        click.echo(json.dumps(answer, ensure_ascii=False).encode())
