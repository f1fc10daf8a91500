"""How often somebody may do something, counted across processes where Redis is.

Owns: counting. What a key is, and what a refusal looks like, is the caller's.
Fails open: a call must not fail because the counter is away, so an error of the
store admits the request, is counted as `traverse_ratelimit_errors_total`, and
the store is left alone for a few seconds so that no request waits for it.
"""

import hashlib
import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from django.conf import settings
from limits import RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from core import metrics

log: Final = logging.getLogger(__name__)
_REST_S: Final = 5.0
_TIMEOUT_S: Final = 0.5
_SWEEP_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most `amount` in any `seconds`, per key; `name` is the metric's label."""

    name: str
    amount: int
    seconds: int

    @property
    def item(self) -> RateLimitItemPerSecond:
        return RateLimitItemPerSecond(self.amount, self.seconds, namespace=f"rl:{self.name}")


class _OwnMemory(MemoryStorage):
    """Forgets what has expired once in a while; its base starts a thread for that at
    nearly every count, which costs more than the rest of the request's checks."""

    def __init__(self) -> None:
        self._sweep_at = 0.0
        super().__init__()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = time.time()
        if now >= self._sweep_at:
            self._sweep_at = now + _SWEEP_S
            for old in [key for key, end in tuple(self.expirations.items()) if end <= now]:
                self.clear(old)
        with self.locks[key]:
            count = self.get(key) + amount
            self.storage[key] = count
            if count == amount:
                self.expirations[key] = now + expiry
        return count


def _store(uri: str) -> Storage:
    if uri == "memory://":
        return _OwnMemory()
    options = {"socket_timeout": _TIMEOUT_S, "socket_connect_timeout": _TIMEOUT_S}
    return cast(Storage, storage_from_string(uri, wrap_exceptions=True, **options))


class RateLimiter:
    def __init__(self, uri: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(_store(uri))
        self._clock = clock
        self._lock = threading.Lock()
        self._rests_until = 0.0

    def hit(self, rate: Rate, key: str) -> int:
        """Counts one. 0: go on; otherwise the seconds to wait, as in Retry-After."""
        return self._ask(rate, key, self._limiter.hit)

    def peek(self, rate: Rate, key: str) -> int:
        """Like `hit`, and counts nothing."""
        return self._ask(rate, key, self._limiter.test)

    def _ask(self, rate: Rate, key: str, question: Callable[..., bool]) -> int:
        if self._clock() < self._rests_until:
            return 0
        item = rate.item
        # The store outlives the request and holds no address in clear.
        key = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
        try:
            if question(item, key):
                return 0
            reset_at = self._limiter.get_window_stats(item, key).reset_time
        except StorageError as error:
            self._rest(error)
            return 0
        metrics.RATE_LIMITED.labels(rate.name).inc()
        return max(1, math.ceil(reset_at - time.time()))

    def _rest(self, error: StorageError) -> None:
        metrics.RATE_LIMIT_ERRORS.inc()
        with self._lock:
            self._rests_until = self._clock() + _REST_S
        log.warning(
            "ratelimit.store_away",
            extra={"reason": type(error.storage_error).__name__, "rest_s": _REST_S},
        )


@lru_cache(maxsize=1)
def limiter() -> RateLimiter:
    """The one of this process, in the store that the settings name."""
    return RateLimiter(settings.REDIS_URL or "memory://")
