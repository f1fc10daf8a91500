"""The sockets' way to the database: one thread, one connection that stays open.

Owns that connection. A page's request has a thread of its own that ends with it, so
pages keep none (CONN_MAX_AGE is 0); opening one costs more than every query of a hello
together. Work is queued in order and keeps its caller's context; it must be short.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Final, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, close_old_connections, connections

P = ParamSpec("P")
T = TypeVar("T")

KEPT_S: Final = 300
"""A changed address of the database is followed at the latest after that."""


async def in_database(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work` beside the event loop."""
    call = partial(copy_context().run, _with_connection, partial(work, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(_thread, call)


def _with_connection(work: Callable[[], T]) -> T:
    # Before: one that grew old or broke meanwhile. After: one that broke now.
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()


def _keep_connection() -> None:
    """Give this thread a connection with its own idea of how long it lives."""
    kept = connections[DEFAULT_DB_ALIAS].copy()
    kept.settings_dict |= {"CONN_MAX_AGE": KEPT_S, "CONN_HEALTH_CHECKS": True}
    connections[DEFAULT_DB_ALIAS] = kept


_thread: Final = ThreadPoolExecutor(
    max_workers=1, thread_name_prefix="signaling-database", initializer=_keep_connection
)
