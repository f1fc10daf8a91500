"""Whether this process lives, and whether it can serve: two different questions.

`/-/health`: the process answers. Nothing else is asked, because a restart cures
nothing that is wrong elsewhere. `/-/ready`: the database, the cache and the
channel layer answer, each within its own time-out; 503 takes the process out of
the load balancer. The relay is shown and never decides: calls without it are
better than no calls, and every process would leave at once.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from weakref import WeakKeyDictionary

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from core.metrics import metrics

Check = Callable[[], Awaitable[None]]
_TIMEOUT_S: Final = {"database": 2.0, "cache": 1.0, "layer": 1.0, "turn": 1.5}
_REMEMBER_S: Final = 10.0
_FAILURES: Final = (DatabaseError, RedisError, OSError, TimeoutError, RuntimeError)


class _Echo:
    """The channel by which one event loop talks to itself through the layer."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.channel: str | None = None


_echoes: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, _Echo]] = WeakKeyDictionary()


class State(StrEnum):
    OK = "ok"
    FAILED = "failed"
    TIMEOUT = "timeout"
    ABSENT = "absent"
    """Not configured, which is allowed."""


class Unhealthy(RuntimeError):
    """A part answered, and wrongly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    state: State
    elapsed_ms: float
    cause: str | None = None

    def as_json(self) -> dict[str, object]:
        body: dict[str, object] = {"state": self.state, "elapsed_ms": self.elapsed_ms}
        return body if self.cause is None else body | {"cause": self.cause}


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    return _answer({"status": "ok"}, status=200)


@require_safe
async def ready(request: HttpRequest) -> JsonResponse:
    names = ("database", "cache", "layer")
    checks: tuple[Check, ...] = (_database, _cache, _layer)
    *needed, relay = await asyncio.gather(
        *(_timed(name, check) for name, check in zip(names, checks, strict=True)), _relay()
    )
    parts = dict(zip(names, needed, strict=True))
    is_ready = all(part.state is State.OK for part in parts.values())
    body = {
        "status": "ok" if is_ready else "unavailable",
        "release": settings.RELEASE,
        "parts": {name: part.as_json() for name, part in (parts | {"turn": relay}).items()},
    }
    return _answer(body, status=200 if is_ready else 503)


def _answer(body: dict[str, Any], *, status: int) -> JsonResponse:
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})


async def _timed(name: str, check: Check) -> Part:
    started = time.monotonic()
    state, cause = State.OK, None
    try:
        async with asyncio.timeout(_TIMEOUT_S[name]):
            await check()
    except TimeoutError:
        state = State.TIMEOUT
    except _FAILURES as error:
        state, cause = State.FAILED, type(error).__name__
    return Part(state=state, elapsed_ms=_since(started), cause=cause)


async def _database() -> None:
    await sync_to_async(_select, thread_sensitive=False)()


def _select() -> None:
    # A thread of its own has a connection of its own, which must not stay.
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    finally:
        connection.close()


async def _cache() -> None:
    key = "health"
    await cache.aset(key, "1", timeout=30)
    if await cache.aget(key) != "1":
        raise Unhealthy("the cache forgets")


async def _layer() -> None:
    layer: Any = get_channel_layer()
    if layer is None:
        raise Unhealthy("there is no channel layer")
    # One channel and one check at a time: the layer never lets go of a channel by
    # itself, except of one whose reader was cancelled.
    echo = _echoes.setdefault(asyncio.get_running_loop(), _Echo())
    async with echo.lock:
        channel, echo.channel = echo.channel, None
        channel = channel or await layer.new_channel("health")
        await layer.send(channel, {"type": "health.ping"})
        message = await layer.receive(channel)
        echo.channel = channel
    if message.get("type") != "health.ping":
        raise Unhealthy("the channel layer mixes up messages")


class _RelayMemory:
    """One probe in ten seconds at most, however many ask: each is an allocation."""

    def __init__(self) -> None:
        self._part: Part | None = None
        self._until = 0.0

    async def part(self) -> Part:
        if self._part is not None and time.monotonic() < self._until:
            return self._part
        # Before the probe: whoever asks meanwhile hears what was found last.
        self._until = time.monotonic() + _REMEMBER_S
        self._part = await _probe_relay()
        return self._part

    def forget(self) -> None:
        self._part = None


relay_memory: Final = _RelayMemory()


async def _relay() -> Part:
    if not settings.TURN_HOST:
        return Part(state=State.ABSENT, elapsed_ms=0.0)
    return await relay_memory.part()


async def _probe_relay() -> Part:
    from turn.probe import Cause, probe_configured

    started = time.monotonic()
    results = await probe_configured(timeout_s=_TIMEOUT_S["turn"])
    failed = [result for result in results if not result.ok]
    if not failed:
        return Part(state=State.OK, elapsed_ms=_since(started))
    cause = ", ".join(f"{result.transport}: {result.cause}" for result in failed)
    state = State.TIMEOUT if failed[0].cause is Cause.TIMEOUT else State.FAILED
    return Part(state=state, elapsed_ms=_since(started), cause=cause)


def _since(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 1)


# Served by `core.middleware.OperationsMiddleware`; the patterns give them names.
OPERATIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "/-/health": health,
    "/-/ready": ready,
    "/-/metrics": metrics,
}
urlpatterns = [
    path(address.removeprefix("/"), view, name=address.removeprefix("/-/"))
    for address, view in OPERATIONS.items()
]
