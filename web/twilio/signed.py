"""The way in for Twilio's requests: a post, small, signed, and worked on in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from urllib.parse import parse_qsl, quote

import structlog
from flask import Blueprint, Response, abort, make_response, request
from flask.typing import ResponseReturnValue

from channels.twilio.account import Account
from channels.twilio.signing import is_signed
from models.unit_of_work import Session
from verification.alarms import raise_alarm
from web.access import Access, open_to
from web.bodies import raw_body
from web.context import context
from web.transaction import in_transaction

log = structlog.get_logger()

_MOST_BYTES = 64 * 1024
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Call:
    """One signed request: the `form` that it posts (empty for another kind of body), the `query` of the
    address that we gave out, the body `raw`, its `headers`, and when it came (aware UTC)."""

    account: Account
    form: Mapping[str, str]
    query: Mapping[str, str]
    raw: str
    headers: Mapping[str, str]
    now: datetime


View = Callable[[Session, Call], ResponseReturnValue]


def door(doors: Blueprint, path: str, view: View) -> None:
    """Let `view(session, call)` answer Twilio's posts to that path, in the transaction that its answer ends.

    Without an account there is no such address (404); what is not signed by it is refused (403).
    """

    @open_to(Access.provider)
    def serve() -> Response:
        account = context().account
        if account is None:
            abort(404)
        raw = raw_body(_MOST_BYTES).decode("utf-8", "replace")
        is_form = request.mimetype == _FORM
        headers = dict(request.headers)
        fields = parse_qsl(raw, keep_blank_values=True, errors="replace") if is_form else []
        if not is_signed(account, _asked(account), fields if is_form else raw, headers):
            _refuse(path)
        call = Call(account, dict(fields), request.args, raw, headers, context().clock())
        return in_transaction(lambda session: make_response(view(session, call)))

    doors.add_url_rule(path, view.__name__, serve, methods=["POST"], provide_automatic_options=False)


def _refuse(path: str) -> NoReturn:
    """Count it, without a word of what was sent: a wrong token or public address looks just like this."""
    log.warning("twilio_unsigned", path=path)
    in_transaction(lambda session: raise_alarm(session, "unsigned", path, now=context().clock()))
    abort(403)


def _asked(account: Account) -> str:
    """The address as Twilio was given it, whatever stands between Twilio and us."""
    query = request.query_string.decode("utf-8", "replace")
    return account.public_url + quote(request.path) + (f"?{query}" if query else "")
