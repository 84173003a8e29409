"""The policies: each value with where it comes from, and the form that changes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import abort, make_response, redirect, request
from flask.typing import ResponseReturnValue

from models.countries import SERVED
from models.unit_of_work import Session
from verification.policy.changing import Scope, Standing, clear_value, set_value, standing
from verification.policy.countries import source_of
from verification.policy.describing import Kind, Value, values
from verification.policy.owners import Owner, find_owner, list_sellers
from verification.policy.values import PolicyRefused
from web.access import Visit
from web.admin.telling import Line, choice_name, part_name, told, unit_of
from web.admin.value_form import BASIS, field_of, fields_of, read, rule_of, written
from web.admin.value_words import groups, sense_of, title_of
from web.board.words import country_name
from web.pages import render_page

_FIRST = next(iter(SERVED))


@dataclass(frozen=True)
class Whose:
    """Whose values the page shows: buyers of a country, of all sellers, of one, or of one of its stores."""

    country: str
    owner: Owner | None
    store: str | None

    @property
    def scope(self) -> Scope:
        """Where a change goes: the narrowest that is chosen."""
        if self.owner is None:
            return Scope(country=self.country)
        if self.store is None:
            return Scope(seller_id=self.owner.id)
        return Scope(store_id=self.owner.stores[self.store])

    @property
    def query(self) -> dict[str, str]:
        """How addresses name it."""
        chosen = {"country": self.country, "seller": self.owner and self.owner.slug, "store": self.store}
        return {name: text for name, text in chosen.items() if text}


@dataclass(frozen=True)
class Refused:
    """A form that was not taken: what was typed, the field with the trouble, the rule."""

    name: str
    typed: Mapping[str, str]
    field: str
    rule: str


@dataclass(frozen=True)
class Row:
    """One value as the page shows it; `fields` is what stands in the form."""

    value: Value
    held: Standing
    now: list[Line]
    default: list[Line]
    source: str | None
    fields: Mapping[str, str]
    refused: Refused | None
    is_own: bool
    needs_basis: bool
    parts: tuple[str, ...] = field(default=())


def show_policies(visit: Visit, session: Session) -> ResponseReturnValue:
    """All values as they hold."""
    return _render(session, _whose(session, request.args))


def change_policy(visit: Visit, session: Session) -> ResponseReturnValue:
    """Set or reset one value, or show its form again with the rule that was broken."""
    form, value = request.form, values().get(request.form.get("name", ""))
    whose = _whose(session, form)
    if value is None:
        abort(404)
    made = {"scope": whose.scope, "name": value.name, "actor": visit.user.holder, "now": visit.now}
    if form.get("act") == "clear":
        cleared = clear_value(session, **made)  # type: ignore[arg-type]
        return _back(whose, value, "cleared" if cleared else "unset")
    try:
        set_value(session, value=read(value, form), legal_basis=form.get(BASIS), **made)  # type: ignore[arg-type]
    except PolicyRefused as refused:
        trouble = Refused(value.name, form, field_of(value, refused), rule_of(value, refused))
        return make_response(_render(session, whose, trouble), 422)
    return _back(whose, value, "set")


def _back(whose: Whose, value: Value, said: str) -> ResponseReturnValue:
    query = urlencode({**whose.query, "said": said, "name": value.name})
    return redirect(f"/admin/policies?{query}#{value.name}", 303)


def _whose(session: Session, asked: Mapping[str, str]) -> Whose:
    owner = find_owner(session, asked["seller"]) if asked.get("seller") else None
    if asked.get("seller") and owner is None:
        abort(404)
    country = asked.get("country") or (owner.country if owner and owner.country in SERVED else _FIRST)
    if country not in SERVED:
        abort(404)
    # A store that stayed chosen when another seller was is none of the new one's.
    store = asked.get("store") if owner and asked.get("store") in owner.stores else None
    return Whose(country, owner, store)


def _render(session: Session, whose: Whose, refused: Refused | None = None) -> str:
    owner, scope = whose.owner, whose.scope
    held = standing(
        session, country=whose.country, seller_id=owner.id if owner else None, store_id=scope.store_id
    )
    rows = {each.name: _row(values()[each.name], each, whose, refused) for each in held}
    changed = request.args.get("name", "")
    return render_page(
        "admin/policies.html",
        whose=whose,
        scope=scope,
        groups=[(group, [rows[value.name] for value in group.values]) for group in groups()],
        countries=tuple(SERVED),
        sellers=list_sellers(session),
        said=request.args.get("said") if changed in rows and refused is None else None,
        changed=changed,
        refused=refused,
        title_of=title_of,
        sense_of=sense_of,
        country_name=country_name,
        choice_name=choice_name,
        part_name=part_name,
        unit_of=unit_of,
        kinds=Kind,
    )


def _row(value: Value, held: Standing, whose: Whose, refused: Refused | None) -> Row:
    mine = refused if refused and refused.name == value.name else None
    return Row(
        value=value,
        held=held,
        now=told(value.name, held.value, whose.country),
        default=told(value.name, held.default, whose.country),
        source=source_of(whose.country, value.name),
        fields=mine.typed if mine else _filled(value, held, whose),
        refused=mine,
        is_own=held.origin == whose.scope.kind,
        needs_basis=value.needs_legal_basis and whose.owner is not None,
        parts=fields_of(value),
    )


def _filled(value: Value, held: Standing, whose: Whose) -> dict[str, str]:
    # What another scope rests upon is no basis for this one.
    basis = held.legal_basis if held.origin == whose.scope.kind else None
    return {**written(value, held.value), BASIS: basis or ""}
