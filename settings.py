"""The only reader of the environment: one typed line per setting."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent
_SID, _TOKEN = "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"


class SettingsError(ValueError):
    """A setting cannot be used. The text names the variable and the rule, never a secret value."""


def _folder(text: str) -> Path:
    return Path(text).expanduser().resolve()


def _database(text: str) -> str:
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise ValueError("must be a PostgreSQL address: postgresql://user:password@host/database")
    return f"postgresql+psycopg://{rest}"


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        named = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        named = False
    if not named or parts.query or parts.fragment or len(text.split()) > 1:
        raise ValueError("must be a web address such as https://takeed.example.com")
    return text.rstrip("/")


def _switch(text: str) -> bool:
    switches = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False}
    try:
        return switches[text.lower()]
    except KeyError:
        raise ValueError("must be 1 or 0") from None


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ValueError("must be a whole number, 0 or more")
    return int(text)


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a name of the time zone database such as Asia/Riyadh") from None


def _secret(text: str) -> str:
    if len(text) < 32:
        raise ValueError("must have at least 32 characters")
    return text


def _threads(text: str) -> int:
    number = _number(text)
    if not 1 <= number <= 100:
        raise ValueError("must be a whole number from 1 to 100")
    return number


def _shared_keys(text: str) -> tuple[tuple[str, str], ...]:
    parts = [each.strip().partition(":") for each in text.split(",")]
    keys = tuple((name, secret) for name, _, secret in parts)
    if not all(name and secret for name, secret in keys) or len(dict(keys)) < len(keys):
        raise ValueError("must be ids and secrets, each id once: id:secret,id:secret")
    return keys


def _setting(variable: str, read: Callable[[str], object], default: object, *, shown: bool = True) -> Any:
    return field(default=default, repr=shown, metadata={"variable": variable, "read": read})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How this installation runs. Build it with `from_env` at start; tests name the fields they need."""

    data: Path = _setting("TAKEED_DATA", _folder, ROOT / "var")
    database_url: str | None = _setting("DATABASE_URL", _database, None, shown=False)
    public_url: str = _setting("TAKEED_PUBLIC_URL", _address, "http://127.0.0.1:8000")
    secret_key: str = _setting("TAKEED_SECRET_KEY", _secret, "", shown=False)
    webhook_allow_private: bool = _setting("TAKEED_WEBHOOK_ALLOW_PRIVATE", _switch, False)
    api_rate: int = _setting("TAKEED_API_RATE", _number, 50)
    proxies: int = _setting("TAKEED_PROXIES", _number, 0)
    time_zone: str = _setting("TAKEED_TIME_ZONE", _zone, "Asia/Riyadh")
    demo: bool = _setting("TAKEED_DEMO", _switch, False)
    world: Path = _setting("TAKEED_WORLD", _folder, ROOT / "worlds" / "gulf-weekday.json")
    twilio_account_sid: str | None = _setting(_SID, str, None)
    twilio_auth_token: str | None = _setting(_TOKEN, str, None, shown=False)
    twilio_api_base: str | None = _setting("TWILIO_API_BASE", _address, None)
    twilio_webhook_keys: tuple[tuple[str, str], ...] = _setting(
        "TWILIO_WEBHOOK_KEYS", _shared_keys, (), shown=False
    )
    contact_threads: int = _setting("TAKEED_CONTACT_THREADS", _threads, 4)

    def __post_init__(self) -> None:
        if not self.secret_key:
            object.__setattr__(self, "secret_key", _kept_secret(self.data))

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Reads every setting; an unset or blank variable takes its default.

        Raises SettingsError, naming the variable, for a value that breaks its rule.
        """
        values: dict[str, Any] = {}
        for each in fields(cls):
            variable: str = each.metadata["variable"]
            if text := environ.get(variable, "").strip():
                try:
                    values[each.name] = each.metadata["read"](text)
                except ValueError as error:
                    raise SettingsError(f"{variable} {error}") from None
        for given, missing in ((_SID, _TOKEN), (_TOKEN, _SID)):
            if given.lower() in values and missing.lower() not in values:
                raise SettingsError(f"{missing} is missing although {given} is set")
        return cls(**values)

    def page_at(self, token: str) -> str:
        """The address of a buyer's page."""
        return f"{self.public_url}/c/{token}"

    @property
    def sandbox(self) -> bool:
        """Whether the channels are simulated, because no provider's credentials are set."""
        return self.twilio_account_sid is None


def _kept_secret(data: Path) -> str:
    """The installation's own key, made at the first start. Processes that start together get the same one."""
    path = data / "secret_key"
    try:
        data.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingsError(f"TAKEED_DATA cannot keep the secret key: {error.strerror}") from error


def _write_once(path: Path, text: str) -> None:
    # Only a complete file gets the name, and a link never replaces the one that was first.
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
