"""What `flask doctor` finds out about the real channels: the provider, our senders, texts and voices."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.twilio.account import PROVIDER, Account
from models.unit_of_work import Engine, unit_of_work
from verification.alarms import StandingAlarm, standing_alarms
from verification.readiness import Readiness, read_readiness
from verification.routing.outages import Outage, outages

_MOST_NAMED = 10
_ONLY_TWILIO = "that Twilio reaches it only Twilio can prove (flask contact try)"


@dataclass(frozen=True)
class Check:
    """One thing looked at, and what was found."""

    name: str
    ok: bool
    detail: str


_FOUND: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    "unreachable": ("twilio", lambda it: f"it does not answer ({it['code']})"),
    "credentials_refused": (
        "twilio",
        lambda it: f"it refuses TWILIO_ACCOUNT_SID or TWILIO_AUTH_TOKEN ({it['code']})",
    ),
    "account_active": ("twilio", lambda it: "the credentials are right and the account is active"),
    "account_inactive": ("twilio", lambda it: f"the account is {it['status']}"),
    "account_trial": (
        "twilio",
        lambda it: "a trial account, which reaches only phones that were verified with Twilio",
    ),
    "balance": ("balance", lambda it: f"{it['amount']} {it['currency']}"),
    "balance_empty": ("balance", lambda it: f"{it['amount']} {it['currency']}: nothing can be sent"),
    "numbers": ("numbers", lambda it: f"the account owns {it['count']}"),
    "voice_door": ("webhooks", lambda it: f"calls to {it['number']} {_leads(it)} {it['wanted']}"),
    "messages_door": ("webhooks", lambda it: f"messages to {it['number']} {_leads(it)} {it['wanted']}"),
    "public_url": ("public address", lambda it: f"{it['url']} answers from here; {_ONLY_TWILIO}"),
    "public_url_not_https": (
        "public address",
        lambda it: f"TAKEED_PUBLIC_URL is {it['url']}; Twilio calls back only at https://",
    ),
    "public_url_silent": (
        "public address",
        lambda it: f"{it['url']}/healthz does not answer from here ({it['code']}); {_ONLY_TWILIO}",
    ),
}


def look_at_provider(account: Account) -> Iterator[Check]:
    """The account, its numbers and where they lead, and our own address."""
    # Here, because the provider's library takes a while to read and most commands do without it.
    from channels.twilio.examining import examine, examine_address

    for found in (*examine_address(account), *examine(account)):
        name, say = _FOUND[found.code]
        yield Check(name, found.ok, say({**found.params, "ok": found.ok}))


def look_at_contacts(engine: Engine, now: datetime) -> Iterator[Check]:
    """Senders, texts and voices of the sellers that there are; what stands wrong at this moment."""
    with unit_of_work(engine) as session:
        ready = read_readiness(session, provider=PROVIDER, now=now)
        alarms, out = standing_alarms(session), outages(session)
    yield from _senders(ready)
    yield from _texts(ready)
    yield _voices(ready)
    yield from _outages(ready, out)
    yield from _alarms(alarms)


def _senders(ready: Readiness) -> Iterator[Check]:
    if not ready.senders:
        detail = "which are needed is known once there is a seller (flask seller create)"
        yield Check("senders", False, detail)
    for kind, countries in ready.senders.items():
        missing = [
            f"{country} ({_named(sellers)})" for country, sellers in sorted(countries.items()) if sellers
        ]
        if missing:
            detail = f"none for {', '.join(missing)} (flask sender add --kind {kind})"
        else:
            detail = f"there for {', '.join(sorted(countries))}"
        yield Check(f"{kind} senders", not missing, detail)


def _texts(ready: Readiness) -> Iterator[Check]:
    if ready.without_text:
        detail = f"WhatsApp has approved none of {_named(ready.without_text)} (flask template submit)"
        yield Check("templates", False, detail)
        return
    told = [f"{slug}: {', '.join(languages)}" for slug, languages in ready.texts.items()]
    more = f" and {len(told) - _MOST_NAMED} more sellers" if len(told) > _MOST_NAMED else ""
    detail = f"approved for {'; '.join(told[:_MOST_NAMED])}{more}" if told else "none is needed"
    yield Check("templates", True, detail)


def _voices(ready: Readiness) -> Check:
    told = [f"{language}: {count} of {ready.sentences}" for language, count in ready.voices.items()]
    recorded = f"recorded are {', '.join(told)}" if told else "nothing is recorded for other languages"
    return Check("voices", True, f"Arabic and English are spoken by machine; {recorded}")


def _outages(ready: Readiness, out: list[Outage]) -> Iterator[Check]:
    for each in out:
        again = f"{each.retry_at:%H:%M:%S} UTC" if each.retry_at else "once"
        detail = f"out since {each.since:%Y-%m-%d %H:%M} UTC ({each.code}), {ready.parked} contacts wait, "
        yield Check("outage", False, f"{each.provider} is {detail}next try {again}")


def _alarms(alarms: list[StandingAlarm]) -> Iterator[Check]:
    from web.board.alarm_words import tell_alarm

    standing = [each for each in alarms if each.code != "provider_out"]
    if not standing:
        yield Check("alarms", True, "none stands")
    for alarm in standing:
        told = tell_alarm(alarm)
        more = " · ".join(filter(None, (told.apart, told.detail)))
        code = f" ({more})" if more else ""
        times = f"{told.count} times since {told.since:%Y-%m-%d %H:%M} UTC"
        yield Check("alarm", False, f"{told.wrong}{code}, {times}. {told.to_do}")


def _leads(it: Mapping[str, Any]) -> str:
    return "lead to" if it["ok"] else "do not lead to"


def _named(slugs: tuple[str, ...]) -> str:
    more = len(slugs) - _MOST_NAMED
    return ", ".join(slugs[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
