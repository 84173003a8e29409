"""The senders: who we are to buyers, how well each address works, and which one would be used."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode
from uuid import UUID

from flask import abort, make_response, redirect, request
from flask.typing import ResponseReturnValue

from models.countries import SERVED
from models.unit_of_work import Session
from models.vocabulary import SenderKind
from verification.policy.owners import Owner, find_owner, list_sellers
from verification.routing.outages import outages
from verification.routing.route import Routed, route
from verification.routing.stored import SenderRefused, add_sender, list_senders, remove_sender, set_sender
from verification.routing.taking import candidates
from web.access import Visit
from web.admin.sender_words import KINDS, REFUSED, Told, explain
from web.board.words import country_name
from web.context import context
from web.pages import render_page

_NEW = "new"
_SAID = frozenset({"added", "set", "removed", "gone"})
_EMPTY = {
    "kind": "",
    "address": "",
    "seller": "",
    "country": "",
    "weight": "100",
    "per_second": "1",
    "trunk": "",
}


@dataclass(frozen=True)
class Trouble:
    """A rule that stands beside a field of one sender's form, or of the new one's."""

    where: str
    field: str
    rule: str


@dataclass(frozen=True)
class Explained:
    """Which senders would take such contacts now."""

    kind: SenderKind
    country: str
    slug: str
    routed: Routed
    told: list[Told]


def show_senders(visit: Visit, session: Session) -> ResponseReturnValue:
    """All senders; and which of them would take a contact, when the address asks."""
    return _render(visit, session)


def add_new_sender(visit: Visit, session: Session) -> ResponseReturnValue:
    """Keep a new sender, or show its form again with the rule that was broken."""
    form = request.form
    kind = _kind(form.get("kind", ""))
    owner = _owner(session, form.get("seller", ""))

    def add() -> None:
        add_sender(
            session,
            kind=kind,
            address=form.get("address", ""),
            seller_id=owner.id if owner else None,
            country=form.get("country") or None,
            trunk=form.get("trunk", "").strip() or None,
            weight=_weight(form),
            per_second=_rate(form),
            actor=visit.user.holder,
            now=visit.now,
        )

    return _done(visit, session, add, "added", _NEW)


def change_sender(visit: Visit, session: Session, sender_id: UUID) -> ResponseReturnValue:
    """Change weight, rate and trunk of a sender."""
    form = request.form

    def change() -> None:
        set_sender(
            session,
            str(sender_id),
            weight=_weight(form),
            per_second=_rate(form),
            trunk=form["trunk"].strip() if "trunk" in form else None,
            actor=visit.user.holder,
            now=visit.now,
        )

    return _done(visit, session, change, "set", str(sender_id))


def drop_sender(visit: Visit, session: Session, sender_id: UUID) -> ResponseReturnValue:
    """Have a sender make no more contacts."""

    def drop() -> None:
        remove_sender(session, str(sender_id), actor=visit.user.holder, now=visit.now)

    return _done(visit, session, drop, "removed", str(sender_id))


def _done(
    visit: Visit, session: Session, change: Callable[[], None], said: str, where: str
) -> ResponseReturnValue:
    try:
        # What the database refuses is undone alone, so that the page can still be shown.
        with session.begin_nested():
            change()
    except SenderRefused as refused:
        if refused.code not in REFUSED:
            return redirect("/admin/senders?said=gone", 303)
        field, rule = REFUSED[refused.code]
        return make_response(_render(visit, session, Trouble(where, field, str(rule))), 422)
    return redirect(f"/admin/senders?{urlencode({'said': said})}", 303)


def _render(visit: Visit, session: Session, trouble: Trouble | None = None) -> str:
    asked = request.args
    said = asked.get("said", "")
    return render_page(
        "admin/senders.html",
        senders=list_senders(session, visit.now),
        outages=outages(session) if context().account else [],
        explained=_explained(visit, session) if asked.get("kind") else None,
        typed={**_EMPTY, **request.form} if trouble and trouble.where == _NEW else _EMPTY,
        trouble=trouble,
        is_wrong=lambda where, field: (
            trouble is not None and (trouble.where, trouble.field) == (where, field)
        ),
        changed=request.form,
        kinds=KINDS,
        countries=sorted(SERVED, key=country_name),
        country_name=country_name,
        sellers=list_sellers(session),
        names=dict(list_sellers(session)),
        said=said if said in _SAID and trouble is None else "",
        is_sandbox=context().settings.sandbox,
    )


def _explained(visit: Visit, session: Session) -> Explained:
    kind, country = _kind(request.args["kind"]), request.args.get("country", "")
    owner = _owner(session, request.args.get("seller", ""))
    if country not in SERVED:
        abort(404)
    known = candidates(session, kind, visit.now)
    routed = route(
        known,
        kind=kind,
        seller_id=owner.id if owner else None,
        country=country,
        key="",
        now=visit.now,
    )
    return Explained(kind, country, owner.slug if owner else "", routed, explain(known, routed))


def _kind(code: str) -> SenderKind:
    try:
        return SenderKind(code)
    except ValueError:
        abort(404)


def _owner(session: Session, slug: str) -> Owner | None:
    owner = find_owner(session, slug) if slug else None
    if slug and owner is None:
        abort(404)
    return owner


def _weight(form: Mapping[str, str]) -> int:
    text = form.get("weight", "").strip()
    if not text.isdecimal() or len(text) > 4:
        raise SenderRefused("weight_out_of_range")
    return int(text)


def _rate(form: Mapping[str, str]) -> Decimal:
    try:
        return Decimal(form.get("per_second", "").strip())
    except InvalidOperation:
        raise SenderRefused("rate_out_of_range") from None
