"""Setting and clearing the values of a country, a seller or a store; every change is an audit line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.countries import SERVED
from models.policies import PolicyOverride
from models.sellers import Store
from verification import audit
from verification.policy.describing import values
from verification.policy.values import Policy, PolicyRefused, default_policy, is_usable, with_overrides
from verification.refusals import NotFound

SHORTEST_BASIS, LONGEST_BASIS = 10, 1_000

# Changes are taken one after the other, so that each line tells what really stood before.
_ONE_AT_A_TIME = 0x706F6C6963790000


class LegalBasisRefused(PolicyRefused):
    """Hours of a seller's or a store's own without what they rest upon, or a text that cannot be kept."""


@dataclass(frozen=True)
class Scope:
    """For whom a value holds: buyers in one `country`, or one seller's, or one store's."""

    country: str | None = None
    seller_id: UUID | None = None
    store_id: UUID | None = None

    @property
    def kind(self) -> str:
        """`country`, `seller` or `store`."""
        return "country" if self.country else "seller" if self.seller_id else "store"

    @property
    def key(self) -> str:
        """The country's code, or the id of the seller or store."""
        return str(self.country or self.seller_id or self.store_id)


@dataclass(frozen=True)
class Standing:
    """A value as it holds: `origin` is `default`, `country`, `seller` or `store`; the rest is who set it.

    Values are as JSON has them.
    """

    name: str
    value: Any
    default: Any
    origin: str
    legal_basis: str | None
    set_by: str | None
    set_by_name: str | None
    set_at: datetime | None


def standing(
    session: Session, *, country: str, seller_id: UUID | None = None, store_id: UUID | None = None
) -> list[Standing]:
    """Every value for buyers in a country: the default, the country's, the seller's or the store's."""
    widening = (Scope(store_id=store_id), Scope(seller_id=seller_id), Scope(country=country))
    layers = [(scope.kind, _usable(session, scope)) for scope in widening if scope != Scope()]
    names = audit.names_of(session, (row.set_by for _, layer in layers for row in layer.values()))
    default, found = _as_json(default_policy(country)), []
    for name in values():
        origin, row = next(
            ((kind, layer[name]) for kind, layer in layers if name in layer), ("default", None)
        )
        if row is None:
            found.append(Standing(name, default[name], default[name], origin, None, None, None, None))
            continue
        who = names.get(row.set_by)
        found.append(
            Standing(name, row.value, default[name], origin, row.legal_basis, row.set_by, who, row.set_at)
        )
    return found


def set_value(
    session: Session,
    *,
    scope: Scope,
    name: str,
    value: Any,
    legal_basis: str | None = None,
    actor: str,
    now: datetime,
) -> Any:
    """Set one value from now on, also to what holds anyway; returns it as it is kept.

    Raises `PolicyRefused` with the place of the trouble ("call_hours.fri.0"), `LegalBasisRefused`, and
    `NotFound` for a country that is not served.
    """
    if name not in values():
        raise PolicyRefused(name, "there is no value of this name")
    basis = _basis(scope, name, legal_basis)
    country, held = _held(session, scope)
    kept = _as_json(with_overrides(default_policy(country), {name: value}))[name]
    row = _overrides(session, scope).get(name)
    if row is None:
        row = PolicyOverride(
            country=scope.country, seller_id=scope.seller_id, store_id=scope.store_id, name=name
        )
        session.add(row)
    row.value, row.legal_basis, row.set_by, row.set_at = kept, basis, actor, now
    _note(session, "policy_set", scope, name, now, actor, before=held[name], after=kept, basis=basis)
    session.flush()
    return kept


def clear_value(session: Session, *, scope: Scope, name: str, actor: str, now: datetime) -> bool:
    """Let the wider scope's value hold again; False when none of the scope's own was set."""
    _, held = _held(session, scope)
    row = _overrides(session, scope).get(name)
    if row is None and name not in values():
        raise PolicyRefused(name, "there is no value of this name")
    if row is None:
        return False
    session.delete(row)
    session.flush()
    _, after = _held(session, scope)
    # Nothing holds after a name that only an older release knew.
    _note(session, "policy_cleared", scope, name, now, actor, before=held[name], after=after.get(name))
    return True


def history(
    session: Session, scope: Scope, name: str | None = None, *, limit: int = 50
) -> list[audit.Audited]:
    """The changes of a scope's values, or of one of them, newest first."""
    told = {"scope": scope.kind, "id": scope.key, **({"name": name} if name else {})}
    return list(audit.lines(session, limit=limit, params=told).lines)


def _basis(scope: Scope, name: str, legal_basis: str | None) -> str | None:
    basis = " ".join((legal_basis or "").split()) or None
    if basis and (len(basis) > LONGEST_BASIS or "\0" in basis):
        raise LegalBasisRefused(
            name, f"the legal basis is longer than {LONGEST_BASIS:,} characters", "too_long"
        )
    if not scope.country and values()[name].needs_legal_basis and len(basis or "") < SHORTEST_BASIS:
        raise LegalBasisRefused(
            name, f"hours of a seller's or a store's own need their legal basis ({SHORTEST_BASIS} characters)"
        )
    return basis


def _held(session: Session, scope: Scope) -> tuple[str, dict[str, Any]]:
    """The scope's country and what holds in it, nobody changing that until the transaction ends.

    It is not held against the rules, so that what an older release kept can be set right.
    """
    session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    if scope.country:
        if scope.country not in SERVED:
            raise NotFound
        country, layers = scope.country, [scope]
    else:
        store = _store(session, scope)
        country = store.country
        layers = [Scope(country=country), Scope(seller_id=store.seller_id)]
        layers += [scope] if scope.store_id else []
    rows = {name: row.value for each in layers for name, row in _overrides(session, each).items()}
    return country, _as_json(default_policy(country)) | rows


def _store(session: Session, scope: Scope) -> Store:
    """The store, or the seller's first."""
    of = Store.id == scope.store_id if scope.store_id else Store.seller_id == scope.seller_id
    store = session.scalars(select(Store).where(of).order_by(Store.id).limit(1)).one_or_none()
    if store is None:
        raise NotFound
    return store


def _overrides(session: Session, scope: Scope) -> Mapping[str, PolicyOverride]:
    row = PolicyOverride
    of = {"country": row.country, "seller": row.seller_id, "store": row.store_id}[scope.kind]
    key = scope.country or scope.seller_id or scope.store_id
    return {each.name: each for each in session.scalars(select(row).where(of == key))}


def _usable(session: Session, scope: Scope) -> Mapping[str, PolicyOverride]:
    return {name: row for name, row in _overrides(session, scope).items() if is_usable(name, row.value)}


def _as_json(policy: Policy) -> dict[str, Any]:
    return policy.model_dump(mode="json")


def _note(
    session: Session,
    code: str,
    scope: Scope,
    name: str,
    now: datetime,
    actor: str,
    *,
    before: Any,
    after: Any,
    basis: str | None = None,
) -> None:
    params = {"scope": scope.kind, "id": scope.key, "name": name, "before": before, "after": after}
    audit.note(
        session,
        at=now,
        actor=actor,
        code=code,
        params={**params, **({"legal_basis": basis} if basis else {})},
    )
