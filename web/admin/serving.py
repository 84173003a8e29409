"""The addresses of the admin's pages."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from models.unit_of_work import Session
from verification import audit
from verification.policy.calendars import list_overrides
from verification.policy.describing import values
from verification.policy.owners import count_overrides, owner_names
from verification.policy.stored import unusable_overrides
from web.access import Capability, Visit, page
from web.admin.audit_words import tell_change, whose_of
from web.admin.calendar_page import add_to_calendar, remove_from_calendar, show_calendar
from web.admin.policy_page import change_policy, show_policies
from web.admin.sender_page import add_new_sender, change_sender, drop_sender, show_senders
from web.admin.staffing_page import change_staffing, show_staffing
from web.admin.template_page import (
    add_default_templates,
    add_template,
    preview_template,
    retire_template,
    show_new_template,
    show_template,
    show_templates,
    submit_template,
)
from web.admin.value_words import title_of
from web.admin.voice_page import MOST_UPLOADED, add_voice, hear_voice, remove_voice, show_voices
from web.pages import render_page

_LATEST, _ON_A_PAGE = 8, 50


def admin() -> Blueprint:
    """The overview, and a page for each thing that admins set; the record of changes."""
    blueprint = Blueprint("admin", __name__)
    for method, path, view in (
        ("GET", "/admin", show_overview),
        ("GET", "/admin/calendar", show_calendar),
        ("POST", "/admin/calendar", add_to_calendar),
        ("POST", "/admin/calendar/<uuid:override_id>/remove", remove_from_calendar),
        ("GET", "/admin/policies", show_policies),
        ("POST", "/admin/policies", change_policy),
        ("GET", "/admin/staffing", show_staffing),
        ("POST", "/admin/staffing", change_staffing),
        ("GET", "/admin/voice", show_voices),
        ("GET", "/admin/voice/<uuid:clip_id>", hear_voice),
        ("POST", "/admin/voice/<uuid:clip_id>/remove", remove_voice),
        ("GET", "/admin/templates", show_templates),
        ("POST", "/admin/templates/defaults", add_default_templates),
        ("GET", "/admin/templates/new", show_new_template),
        ("POST", "/admin/templates/new", add_template),
        ("GET", "/admin/templates/<uuid:template_id>", show_template),
        ("POST", "/admin/templates/<uuid:template_id>/submit", submit_template),
        ("POST", "/admin/templates/<uuid:template_id>/retire", retire_template),
        ("POST", "/admin/templates/<uuid:template_id>/preview", preview_template),
        ("GET", "/admin/senders", show_senders),
        ("POST", "/admin/senders", add_new_sender),
        ("POST", "/admin/senders/<uuid:sender_id>/set", change_sender),
        ("POST", "/admin/senders/<uuid:sender_id>/remove", drop_sender),
        ("GET", "/admin/audit", show_audit),
    ):
        page(blueprint, method, path, needs=Capability.manage)(view)
    page(blueprint, "POST", "/admin/voice", needs=Capability.manage, most_bytes=MOST_UPLOADED)(add_voice)
    return blueprint


def show_overview(visit: Visit, session: Session) -> ResponseReturnValue:
    """What stands, and what was changed lately."""
    return render_page(
        "admin/overview.html",
        standing=len(list_overrides(session)),
        counts=count_overrides(session),
        unusable=unusable_overrides(session),
        **_lines(session, limit=_LATEST),
    )


def show_audit(visit: Visit, session: Session) -> ResponseReturnValue:
    """Every change, newest first, a page at a time; of one value of one scope when the address says so."""
    asked = {name: request.args[name] for name in ("scope", "id", "name") if request.args.get(name)}
    if any("\0" in text for text in asked.values()) or asked.get("name", "call_hours") not in values():
        abort(404)
    try:
        after = UUID(request.args["after"]) if request.args.get("after") else None
    except ValueError:
        abort(404)
    return render_page(
        "admin/audit.html",
        asked=asked,
        title=title_of(asked["name"]) if "name" in asked else None,
        is_first=after is None,
        **_lines(session, limit=_ON_A_PAGE, after=after, params=asked),
    )


def _lines(session: Session, **wanted: Any) -> dict[str, Any]:
    found = audit.lines(session, **wanted)
    owners = owner_names(session, found.lines)
    return {
        "changes": [(line, tell_change(line), whose_of(line, owners)) for line in found.lines],
        "following": found.following,
    }
