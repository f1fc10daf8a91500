"""The sockets' way to the database: one thread, one connection that stays open.

Owns that thread. Work is queued in order and keeps its caller's context; it must be short.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Final, ParamSpec, TypeVar

from django.db import close_old_connections

from core.connections import keep_connection

P = ParamSpec("P")
T = TypeVar("T")


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


_thread: Final = ThreadPoolExecutor(
    max_workers=1, thread_name_prefix="signaling-database", initializer=keep_connection
)
