"""Tells a database that is away, full or locked from a question that it refuses."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

SQLITE_FAULTS = frozenset({5, 6, 7, 8, 9, 10, 13, 14, 15})  # busy, locked, no memory … full, cannot be opened
SERVER_FAULTS = frozenset({"08", "40", "53", "55", "57", "58"})  # classes of SQLSTATE


def is_away(fault: Exception) -> bool:
    """Whether the database itself is at fault (gone, full, locked), not what was asked of it."""
    if not isinstance(fault, DBAPIError):
        return isinstance(fault, NoneFree)  # no connection was free
    if fault.connection_invalidated:
        return True
    if (code := getattr(fault.orig, "sqlite_errorcode", None)) is not None:
        return code & 0xFF in SQLITE_FAULTS
    if (state := getattr(fault.orig, "sqlstate", None)) is not None:
        return str(state)[:2] in SERVER_FAULTS
    return fault.statement is None  # no connection could be made
