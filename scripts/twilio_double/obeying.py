"""What a person at the running double's terminal can have happen."""

from collections.abc import Iterable

from scripts.twilio_double.script import Behaves
from scripts.twilio_double.serving import Double

HELP = """\
write PHONE OUR_ADDRESS TEXT   somebody writes to us (whatsapp:+966… to whatsapp:+1…, or without both for SMS)
tap PHONE OUR_ADDRESS PAYLOAD  somebody taps the button with that id
ring PHONE OUR_NUMBER [KEYS]   somebody calls us and presses these keys, one a question
outage CODE                    every request is refused with this of Twilio's codes (20429, 20503)
hang                           every request is taken and never answered
down                           nobody listens any more
up                             all that is over"""

_NEEDS = {"write": 4, "tap": 4, "ring": 3, "outage": 2}


def obey_all(double: Double, lines: Iterable[str]) -> None:
    """Obey each line, and say how where one is not understood."""
    for line in lines:
        if line.strip() and not obey(double, line):
            print(HELP, flush=True)


def obey(double: Double, line: str) -> bool:
    """Obey one line; false when it is none of `HELP`."""
    words = line.split(maxsplit=3)
    command = words[0]
    if len(words) < _NEEDS.get(command, 1):
        return False
    if command == "write":
        double.writes(words[1], words[2], body=words[3].strip())
    elif command == "tap":
        double.writes(words[1], words[2], button_payload=words[3].strip())
    elif command == "ring":
        keys = tuple(words[3].split()) if len(words) > 3 else ()
        double.rings(words[1], words[2], Behaves(keys=keys))
    elif command == "outage" and words[1].isdigit():
        double.outage = Behaves(api="error", code=int(words[1]))
    elif command == "hang":
        double.outage = Behaves(api="hang")
    elif command == "down":
        double.refuse_connections()
    elif command == "up":
        double.outage = None
        double.accept_connections()
    else:
        return False
    return True
