"""Runs the double as a process: `python -m scripts.twilio_double --port 4010 --public-url URL`.

It prints the three settings to start the product with, then one line for each callback it made, and takes
commands on standard input (`help` lists them): buyers who write and ring, outages that begin and end.
"""

import argparse
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

from scripts.twilio_double.delivering import Courier
from scripts.twilio_double.obeying import obey_all
from scripts.twilio_double.script import Script
from scripts.twilio_double.scripting import script_from
from scripts.twilio_double.serving import Double
from scripts.twilio_double.taken import Callback, first


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.twilio_double", description=__doc__)
    parser.add_argument("--port", type=int, default=4010, help="0 takes a free one (default 4010)")
    parser.add_argument("--account", default="AC" + "d0" * 16, help="the account's SID")
    parser.add_argument("--token", default="double", help="the account's auth token")
    parser.add_argument("--script", type=Path, help="a JSON file: what happens (docs/twilio-double.md)")
    parser.add_argument("--public-url", default="", help="the product, for what buyers begin")
    parser.add_argument("--number", action="append", default=[], help="a number that the account owns")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds that each answer takes")
    parser.add_argument("--quiet", action="store_true", help="say nothing of callbacks")
    return parser.parse_args()


def _say(callback: Callback, status: int) -> None:
    names = ("MessageStatus", "SmsStatus", "CallStatus", "RecordingStatus")
    state = next(filter(None, (first(callback.form, name) for name in names)), "fetched")
    print(
        f"{callback.at:%H:%M:%S} {status or 'no connection'} {state} {callback.path.split('?')[0]}",
        flush=True,
    )


def main() -> None:
    arguments = _arguments()
    try:
        script = script_from(arguments.script) if arguments.script else Script()
    except (OSError, ValueError) as error:
        sys.exit(f"{arguments.script}: {error}")

    def clock() -> datetime:
        return datetime.now(UTC)

    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Double(
        arguments.account,
        arguments.token,
        script=script,
        clock=clock,
        public_url=arguments.public_url,
        delay=arguments.delay,
        port=arguments.port,
    ) as double:
        for number in arguments.number:
            double.own(number)
        print(f"TWILIO_API_BASE={double.base}")
        print(f"TWILIO_ACCOUNT_SID={arguments.account}")
        print(f"TWILIO_AUTH_TOKEN={arguments.token}", flush=True)
        courier = Courier(double, clock, (lambda *_: None) if arguments.quiet else _say)
        Thread(target=obey_all, args=(double, sys.stdin), daemon=True).start()
        stop.wait()
        courier.stop()


if __name__ == "__main__":
    main()
