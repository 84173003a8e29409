"""Whether this process lives, and whether it can work."""

from flask import Blueprint, Response, jsonify

from models.faults import is_outage
from models.schema import schema_version
from web.access import Access, open_to
from web.context import context
from web.transaction import in_transaction

health = Blueprint("health", __name__)


@health.get("/healthz")
@open_to(Access.public)
def alive() -> Response:
    """Always 200: the process answers."""
    return jsonify(status="alive")


@health.get("/readyz")
@open_to(Access.public)
def ready() -> tuple[Response, int]:
    """200 when the database answers and has the schema that this code needs, else 503 with the reason."""
    try:
        found = in_transaction(schema_version)
    except Exception as error:
        if not is_outage(error):
            raise
        return jsonify(status="not_ready", reason="database_unavailable"), 503
    if found != context().expected_schema:
        return jsonify(status="not_ready", reason="database_not_migrated"), 503
    return jsonify(status="ready"), 200
