"""The addresses of the API, each with its view and with what the published contract says of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from web.bodies import ONE_MIB
from web.call import Answer

PREFIX = "/api/v1"

View = Callable[..., Answer]


@dataclass(frozen=True)
class Route:
    """One method of one address under /api/v1.

    The view takes the call, the request's session and the parts of the address; one with `own_transactions`
    takes no session. `takes` is the shape of the body (`patches`: a merge patch of it), `gives` the shape of
    the answer by status, `problems` the codes beyond those that every address has, `queries` the JSON schema
    of each query parameter.
    """

    method: str
    path: str
    view: View
    takes: type[BaseModel] | None
    patches: bool
    gives: Mapping[int, type[BaseModel]]
    problems: Sequence[str]
    queries: Mapping[str, Mapping[str, Any]]
    most_bytes: int
    own_transactions: bool

    @property
    def writes(self) -> bool:
        """Whether the request has a body and may come twice."""
        return self.method != "GET"


ROUTES: list[Route] = []
"""All of them, in the order in which they are described."""


def route(
    method: str,
    path: str,
    *,
    gives: Mapping[int, type[BaseModel]],
    takes: type[BaseModel] | None = None,
    patches: bool = False,
    problems: Sequence[str] = (),
    queries: Mapping[str, Mapping[str, Any]] | None = None,
    most_bytes: int = ONE_MIB,
    own_transactions: bool = False,
) -> Callable[[View], View]:
    """Make a function the view of an address; the words of the contract are its docstring."""

    def add(view: View) -> View:
        ROUTES.append(
            Route(
                method=method,
                path=path,
                view=view,
                takes=takes,
                patches=patches,
                gives=gives,
                problems=problems,
                queries=queries or {},
                most_bytes=most_bytes,
                own_transactions=own_transactions,
            )
        )
        return view

    return add
