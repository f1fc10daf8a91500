"""Database connections that stay open, for threads that outlive a request.

Opening one costs more than every query of an ordinary request together. Threads that
Django or asgiref make for one request keep none (CONN_MAX_AGE is 0 in the settings).
"""

from typing import Final

from django.db import DEFAULT_DB_ALIAS, connections

KEPT_S: Final = 300
"""A changed address of the database is followed at the latest after that."""


def keep_connection() -> None:
    """Give the running thread a connection with its own idea of how long it lives. It is
    asked whether it still works at each first use after `close_old_connections`."""
    kept = connections[DEFAULT_DB_ALIAS].copy()
    kept.settings_dict |= {"CONN_MAX_AGE": KEPT_S, "CONN_HEALTH_CHECKS": True}
    connections[DEFAULT_DB_ALIAS] = kept
