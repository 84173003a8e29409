"""The web application: `create_app()` for a WSGI server, and the `flask` commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix

from models.faults import NoDatabase
from scripts.commands import Commands
from settings import Settings, SettingsError
from web import access, assets, headers, logs, pages, problems
from web.admin.serving import admin
from web.board.pages import board
from web.buyer_page.serving import buyer_page
from web.context import NAME, Context
from web.counts import KeptGauges
from web.desk.serving import desk
from web.health import health
from web.home import home
from web.metrics import metrics
from web.openapi import openapi
from web.serving import api
from web.signing_in import signing_in
from web.twilio.serving import twilio_doors


def create_app(settings: Settings | None = None, *, clock: Callable[[], datetime] | None = None) -> Flask:
    """The application on these settings, by default the environment's.

    `clock` tells the time (aware UTC) that orders live in. The database is first met at the first request.
    """
    settings = settings or _settings()
    logs.configure()
    app = Flask(__name__, template_folder="web/templates", static_folder="web/static")
    app.json = _Json(app)
    app.extensions[NAME] = Context(
        settings,
        clock=clock or (lambda: datetime.now(UTC)),
        database_url=lambda: _database_url(settings),
        schema=_schema,
    )
    for part in (logs, headers, problems, assets, pages, access):
        part.register(app)
    gauges = KeptGauges()
    for blueprint in (
        health,
        api(),
        openapi,
        metrics(gauges),
        home(gauges),
        buyer_page(),
        signing_in(),
        desk(),
        board(),
        admin(),
        twilio_doors(),
    ):
        app.register_blueprint(blueprint)
    if settings.proxies:
        # Who comes is told by as many of our own proxies, never by the caller.
        through = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)
        app.wsgi_app = through  # type: ignore[method-assign]
    app.cli = Commands()
    return app


def _settings() -> Settings:
    """The environment's settings; one that cannot be used ends the process with its sentence."""
    try:
        return Settings.from_env()
    except SettingsError as error:
        raise SystemExit(f"takeed: {error}") from None


class _Json(DefaultJSONProvider):
    """Letters as they are, and fields in the order of the contract."""

    ensure_ascii = False
    sort_keys = False


def _database_url(settings: Settings) -> str:
    from scripts.embedded import running

    url = settings.database_url or running(settings.data)
    if url is None:
        raise NoDatabase
    return url


def _schema() -> str:
    from scripts.migrating import newest

    return newest()
