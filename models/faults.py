"""What a failed statement means: lost to another process, or no database to ask."""

from sqlalchemy import exc

# PostgreSQL, appendix A: serialization failure, deadlock, lock not available, a foreign or unique key gone.
_RACES = frozenset({"40001", "40P01", "55P03", "23503", "23505"})
# Shut down, crashed, starting; too many connections.
_OUTAGES = frozenset({"57P01", "57P02", "57P03", "53300"})


def lost_a_race(error: BaseException) -> bool:
    """Whether the same work may well succeed in a new transaction, now that the other one has ended."""
    return isinstance(error, exc.DBAPIError) and getattr(error.orig, "sqlstate", None) in _RACES


def is_outage(error: BaseException) -> bool:
    """Whether the database could not be reached or went away, so that the work is to be asked for later."""
    if isinstance(error, exc.TimeoutError):
        return True
    if not isinstance(error, exc.DBAPIError):
        return False
    code = getattr(error.orig, "sqlstate", None)
    # A refused or broken connection has no code.
    nobody_answered = code is None and isinstance(error, exc.OperationalError)
    return error.connection_invalidated or nobody_answered or code in _OUTAGES
