"""What a failed statement means: worth another try, or no database to ask."""

from sqlalchemy import exc


class NoDatabase(Exception):
    """No database is running, and none is named."""


# PostgreSQL, appendix A: serialization failure, deadlock, lock not available, a foreign or unique key gone.
_RACES = frozenset({"40001", "40P01", "55P03", "23503", "23505"})
# Shut down, crashed, starting; too many connections.
_OUTAGES = frozenset({"57P01", "57P02", "57P03", "53300"})


def is_passing(error: BaseException) -> bool:
    """Whether the same work may well succeed in a new transaction: it lost a race, or its old connection."""
    if not isinstance(error, exc.DBAPIError):
        return False
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _RACES


def is_outage(error: BaseException) -> bool:
    """Whether the database could not be reached or went away, so that the work is to be asked for later."""
    if isinstance(error, exc.TimeoutError | NoDatabase):
        return True
    if not isinstance(error, exc.DBAPIError):
        return False
    code = getattr(error.orig, "sqlstate", None)
    # A refused or broken connection has no code.
    nobody_answered = code is None and isinstance(error, exc.OperationalError)
    return error.connection_invalidated or nobody_answered or code in _OUTAGES
