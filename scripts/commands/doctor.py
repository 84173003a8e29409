"""`flask doctor`: what is wrong, in words."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta

import click

from channels.twilio.account import account_of
from models.unit_of_work import unit_of_work
from scripts.examining import Check, look_at_contacts, look_at_provider
from scripts.opening import Opened, answer, json_option, opened
from settings import Settings, SettingsError
from verification.health import LATE, Health, read_health

_CLOCKS_MAY_DIFFER = timedelta(seconds=5)
_SILENCE = timedelta(minutes=2)


@click.command("doctor")
@json_option
def command(as_json: bool) -> None:
    """Look at settings, database, providers, clocks, jobs and events; exit code 1 when something is wrong."""
    checks = list(_examine())
    ok = all(check.ok for check in checks)
    lines = [f"{'ok   ' if check.ok else 'WRONG'}  {check.name}: {check.detail}" for check in checks]
    answer({"ok": ok, "checks": [asdict(check) for check in checks]}, "\n".join(lines), as_json=as_json)
    sys.exit(0 if ok else 1)


def _examine() -> Iterator[Check]:
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        yield Check("settings", False, str(error))
        return
    yield Check("settings", True, f"the data folder is {settings.data}")
    yield _providers(settings)
    account = account_of(settings)
    if account is not None:
        yield from look_at_provider(account)
    try:
        with opened() as house:
            found = list(_look_inside(house))
    except click.ClickException as error:
        yield Check("database", False, error.message)
    else:
        yield from found


def _providers(settings: Settings) -> Check:
    if settings.sandbox:
        return Check("providers", True, "the sandbox: buyers are simulated and nobody is contacted")
    base = settings.twilio_api_base
    return Check("providers", True, f"Twilio, or what stands in its place at {base}" if base else "Twilio")


def _look_inside(house: Opened) -> Iterator[Check]:
    where = "embedded" if house.settings.database_url is None else "of DATABASE_URL"
    with unit_of_work(house.engine) as session:
        now = house.now()
        health = read_health(session, house.keys, now=now)
    yield Check("database", True, f"PostgreSQL {health.server_version} ({where}), schema up to date")
    yield _secret_key(health)
    yield _clocks(health, now)
    yield _jobs(health, now)
    yield _policy(health)
    yield _orders(health)
    yield _events(health)
    yield _quarantine(health)
    if not house.settings.sandbox:
        yield from look_at_contacts(house.engine, now)


def _secret_key(health: Health) -> Check:
    if health.unreadable_stores:
        detail = f"it cannot open the secrets of {health.unreadable_stores} stores: it is another one's"
        return Check("secret key", False, detail)
    return Check("secret key", True, "it opens every stored secret")


def _clocks(health: Health, now: datetime) -> Check:
    if abs(health.clock_ahead) > _CLOCKS_MAY_DIFFER:
        seconds = round(health.clock_ahead.total_seconds())
        return Check("clocks", False, f"the database's clock is {seconds:+d} seconds from this machine's")
    ahead = max(health.job_runs.values(), default=now)
    if ahead > now + _CLOCKS_MAY_DIFFER:
        detail = f"the jobs were run for {ahead.isoformat()}, which is still to come (tick --now)"
        return Check("clocks", False, detail)
    return Check("clocks", True, "this machine's and the database's agree")


def _jobs(health: Health, now: datetime) -> Check:
    last = max(health.job_runs.values(), default=None)
    if last is None:
        return Check("scheduler", not health.has_orders, "it has never run")
    if now - last > _SILENCE:
        return Check("scheduler", not health.has_orders, f"it last ran at {last.isoformat()}")
    return Check("scheduler", True, f"it ran at {last.isoformat()}")


def _policy(health: Health) -> Check:
    if names := health.unusable_overrides:
        detail = f"{len(names)} stored values cannot be used: {', '.join(dict.fromkeys(names))}"
        return Check("policy", False, f"{detail}; what would hold without them holds")
    return Check("policy", True, "every stored value can be used")


def _orders(health: Health) -> Check:
    if health.stranded:
        return Check("orders", False, f"{health.stranded} have neither a next contact nor a decision")
    return Check("orders", True, "each has a next contact or a decision")


def _events(health: Health) -> Check:
    wrong = [
        f"{count} {what}"
        for count, what in (
            (health.failed_events, "were given up (flask outbox list --state failed)"),
            (health.late_events, f"should have been sent more than {LATE.seconds // 60} minutes ago"),
            (health.disabled_stores, "stores asked us to stop (flask seller webhook sets a URL again)"),
        )
        if count
    ]
    return Check("events", not wrong, "; ".join(wrong) or "none is late or given up")


def _quarantine(health: Health) -> Check:
    if health.quarantined:
        detail = f"{health.quarantined} messages came in that were not understood; they are kept"
        return Check("quarantine", False, detail)
    return Check("quarantine", True, "every message that came in was understood")
