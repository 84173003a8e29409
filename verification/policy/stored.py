"""The policy that holds for a store: country default, then country, seller and store overrides."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.policies import PolicyOverride
from models.sellers import Store
from verification.policy.values import Policy, PolicyRefused, default_policy, is_usable, with_overrides

_columns = PolicyOverride.__table__.c
# Built once and of bare columns, because every claim asks it.
_OVERRIDES = select(_columns.country, _columns.seller_id, _columns.store_id, _columns.name, _columns.value)


class PolicyBook:
    """All overrides at one moment, so that a batch of steps needs one small query for its policies.

    Each is given as the scope (the id of a store or seller, or a country), the name and the value.
    """

    def __init__(self, overrides: Iterable[tuple[object, str, Any]]) -> None:
        self._by_scope: dict[object, dict[str, Any]] = {}
        for scope, name, value in overrides:
            self._by_scope.setdefault(scope, {})[name] = value
        self._built: dict[tuple[UUID | None, str], Policy] = {}

    def policy(self, *, country: str, store_id: UUID | None = None, seller_id: UUID | None = None) -> Policy:
        """The values for one store and shipping country, the narrowest override winning.

        Without a store and its seller those of the country itself. An override that cannot be used any more
        is passed over (`unusable_overrides` names it), so that contacts go on.
        """
        if not self._by_scope:
            return default_policy(country)
        known = self._built.get((store_id, country))
        if known is None:
            none: Mapping[str, Any] = {}
            layers = [self._by_scope.get(scope, none) for scope in (country, seller_id, store_id)]
            known = self._built[store_id, country] = _layered(default_policy(country), layers)
        return known


def _layered(policy: Policy, layers: Iterable[Mapping[str, Any]]) -> Policy:
    overrides = [(name, value) for layer in layers for name, value in layer.items()]
    try:
        return with_overrides(policy, dict(overrides))
    except PolicyRefused:
        return with_overrides(policy, {name: value for name, value in overrides if is_usable(name, value)})


def policy_book(session: Session) -> PolicyBook:
    """All overrides as they stand."""
    return PolicyBook(
        (store_id or seller_id or country, name, value)
        for country, seller_id, store_id, name, value in session.execute(_OVERRIDES)
    )


def policy_for(session: Session, store: Store, country: str) -> Policy:
    """The values for one store and shipping country."""
    return policy_book(session).policy(store_id=store.id, seller_id=store.seller_id, country=country)


def unusable_overrides(session: Session) -> tuple[str, ...]:
    """The names of the overrides that no policy may have, one for each, which are passed over."""
    rows = session.execute(_OVERRIDES.order_by(_columns.name))
    return tuple(row.name for row in rows if not is_usable(row.name, row.value))
