"""The published contract: OpenAPI 3.1, generated from the routes and the shapes they declare."""

import re
from collections import defaultdict
from collections.abc import Mapping
from http import HTTPStatus
from inspect import getdoc
from typing import Any

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from models.vocabulary import EventType
from web.access import Access, open_to
from web.context import context
from web.problems import PROBLEMS
from web.routes import PREFIX, ROUTES, Route
from web.shapes import EventOut, ProblemOut

openapi = Blueprint("openapi", __name__)

Schema = dict[str, Any]

_REFERENCE = "#/components/schemas/{model}"
_EVERYWHERE = ("unauthorized", "too_many_requests", "internal_error", "database_unavailable")
_WITH_BODY = (
    "unreadable_json",
    "broken_body",
    "nested_too_deep",
    "body_too_large",
    "idempotency_key_invalid",
    "idempotency_key_running",
    "idempotency_key_reused",
)
_TEXT: Schema = {"type": "string"}
_HEADERS: Mapping[int, tuple[str, ...]] = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


@openapi.get("/api/openapi.json")
@open_to(Access.public)
def show_contract() -> Response:
    """The contract of this installation."""
    return jsonify(document(context().settings.public_url))


def document(server: str) -> Schema:
    """The whole contract as served at that address."""
    paths: dict[str, Schema] = defaultdict(dict)
    for route in ROUTES:
        address = PREFIX + re.sub(r"<(\w+)>", r"{\1}", route.path)
        paths[address][route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Takeed",
            "version": "1",
            "description": "Cash-on-delivery orders are verified with their buyers before they ship.",
        },
        "servers": [{"url": server}],
        "security": [{"key": []}],
        "paths": dict(paths),
        "webhooks": {"event": {"post": _event()}},
        "components": {
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "tk_<key id>_<secret>"}
            },
            "schemas": _schemas(),
        },
    }


def _schemas() -> Schema:
    models: set[type[BaseModel]] = {ProblemOut, EventOut}
    for route in ROUTES:
        models |= {*route.gives.values()} | ({route.takes} if route.takes else set())
    _, found = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda each: each.__name__)],
        ref_template=_REFERENCE,
    )
    schemas: Schema = found["$defs"]
    for route in ROUTES:
        if route.patches and route.takes:
            schemas[_patch_name(route.takes)] = _patch(schemas[route.takes.__name__], schemas)
    return schemas


def _patch(schema: Schema, schemas: Schema) -> Schema:
    """What a merge patch of the schema may hold: the same fields, none of them required."""
    if name := schema.get("$ref"):
        return _patch(schemas[name.rpartition("/")[2]], schemas)
    loose = {key: value for key, value in schema.items() if key not in ("required", "properties")}
    fields = schema.get("properties", {})
    # A list is replaced as a whole, so what is in it stays as strict as it was.
    return loose | (
        {"properties": {name: _patch(each, schemas) for name, each in fields.items()}} if fields else {}
    )


def _patch_name(model: type[BaseModel]) -> str:
    return f"{model.__name__}Patch"


def _operation(route: Route) -> Schema:
    summary, _, more = (getdoc(route.view) or "").partition("\n")
    operation: Schema = {
        "operationId": route.view.__name__,
        "summary": summary,
        "parameters": _parameters(route),
        "responses": _responses(route),
    }
    if more.strip():
        operation["description"] = more.strip()
    if route.takes:
        operation["requestBody"] = _request_body(route, route.takes)
    return operation


def _request_body(route: Route, model: type[BaseModel]) -> Schema:
    kind = "application/merge-patch+json" if route.patches else "application/json"
    name = _patch_name(model) if route.patches else model.__name__
    needed = any(field.is_required() for field in model.model_fields.values())
    return {"required": needed, "content": {kind: {"schema": _reference(name)}}}


def _parameters(route: Route) -> list[Schema]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": {**_TEXT, "format": "uuid"}}
        for name in re.findall(r"<(\w+)>", route.path)
    ]
    found += [{"name": name, "in": "query", "schema": schema} for name, schema in route.queries.items()]
    found.append(
        {
            "name": "Accept-Language",
            "in": "header",
            "schema": _TEXT,
            "description": "Of every `text`: en or ar.",
        }
    )
    if route.writes:
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "schema": {**_TEXT, "minLength": 1, "maxLength": 255},
                "description": "The same request again under the same key is answered as the first was.",
            }
        )
    return found


def _responses(route: Route) -> Schema:
    responses: Schema = {
        str(status): {
            "description": HTTPStatus(status).phrase,
            "headers": _headers(("Location",) * (status == 201) + ("Idempotent-Replayed",) * route.writes),
            "content": {"application/json": {"schema": _reference(model.__name__)}},
        }
        for status, model in route.gives.items()
    }
    codes: dict[int, list[str]] = defaultdict(list)
    for code in (*route.problems, *_EVERYWHERE, *(_WITH_BODY if route.writes else ())):
        codes[PROBLEMS[code][0]].append(code)
    for status, known in sorted(codes.items()):
        responses[str(status)] = {
            "description": " ".join(f"`{code}`: {PROBLEMS[code][1]}" for code in known),
            "headers": _headers(_HEADERS.get(status, ())),
            "content": {"application/problem+json": {"schema": _reference(ProblemOut.__name__)}},
        }
    return responses


def _headers(names: tuple[str, ...]) -> Schema:
    return {name: {"schema": _TEXT} for name in names}


def _event() -> Schema:
    return {
        "operationId": "event",
        "summary": "What became of an order, told to the store's own address.",
        "description": "Signed as Standard Webhooks says; types: " + ", ".join(EventType) + ".",
        "security": [],
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": _TEXT}
            for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _reference(EventOut.__name__)}},
        },
        "responses": {"2XX": {"description": "Taken."}, "410": {"description": "Send no more events."}},
    }


def _reference(name: str) -> Schema:
    return {"$ref": _REFERENCE.format(model=name)}
