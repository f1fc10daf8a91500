"""The one hub of this process: made at the first socket, kept until the process ends."""

import asyncio
import logging
import secrets
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

from channels.layers import get_channel_layer
from django.conf import settings

from signaling import hub as hubs
from signaling.beat import Beat
from signaling.effects import Dismissed, Event
from signaling.policies import PolicyWatch
from signaling.protocol.errors import ErrorCode
from signaling.roster import Roster
from signaling.roster_memory import MemoryRoster

logger = logging.getLogger(__name__)

RETURN_MS: Final = 2000
_lock = asyncio.Lock()


class Drainable(Protocol):
    async def feed(self, event: Event) -> None: ...


async def hub() -> hubs.Hub:
    running = hubs.running()
    if running is not None:
        return running
    async with _lock:
        running = hubs.running()
        return running if running is not None else await _start()


async def _start() -> hubs.Hub:
    hub = hubs.Hub(roster=make_roster(), layer=get_channel_layer() if settings.REDIS_URL else None)
    await hub.start()
    watch = PolicyWatch(hub)
    hub.on_policy_change = watch.reread
    hub.spawn(Beat(hub, watch).run())
    hubs.set_running(hub)
    return hub


def make_roster() -> Roster:
    if not settings.REDIS_URL:
        return MemoryRoster()
    from signaling.roster_redis import RedisRoster

    return RedisRoster.from_url(settings.REDIS_URL)


def spawn(work: Coroutine[Any, Any, None]) -> None:
    running = hubs.running()
    if running is not None:
        running.spawn(work)
    else:
        _early.add(task := asyncio.ensure_future(work))
        task.add_done_callback(_early.discard)


_early: set[asyncio.Task[None]] = set()
_open: set[Drainable] = set()


@contextmanager
def registered(socket: Drainable) -> Iterator[None]:
    """While open, a socket is told when the process ends."""
    _open.add(socket)
    try:
        yield
    finally:
        _open.discard(socket)


async def dismiss_all(*, timeout_s: float) -> None:
    """Ask every client to come back, spread over RETURN_MS, and wait for them to go."""
    deadline = time.monotonic() + timeout_s
    for socket in list(_open):
        delay = secrets.randbelow(RETURN_MS)
        await socket.feed(Dismissed(ErrorCode.RESTART, retry_after_ms=delay))
    while _open and time.monotonic() < deadline:  # noqa: ASYNC110 - once in a lifetime
        await asyncio.sleep(0.05)


async def stop() -> None:
    running = hubs.running()
    if running is not None:
        hubs.set_running(None)
        await running.stop()
