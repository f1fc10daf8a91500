"""Token buckets as values: time is passed in, nothing sleeps, nothing is shared."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rate:
    per_second: float
    burst: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """Starts full; holds at most `rate.burst` tokens."""

    rate: Rate
    tokens: float
    at: float

    @classmethod
    def full(cls, rate: Rate, *, now: float) -> "Bucket":
        return cls(rate, rate.burst, now)

    def take(self, cost: float, *, now: float) -> tuple["Bucket", float]:
        """Return the bucket afterwards and 0, or unchanged in tokens and the seconds to
        wait until `cost` fits. A clock that steps back gives no tokens."""
        elapsed = max(0.0, now - self.at)
        tokens = min(self.rate.burst, self.tokens + elapsed * self.rate.per_second)
        if cost <= tokens:
            return Bucket(self.rate, tokens - cost, now), 0.0
        return Bucket(self.rate, tokens, now), (cost - tokens) / self.rate.per_second


# What one socket may send before anything is read: a join with seven offers is 83 kB at
# once, a restart of seven links about as much again.
SOCKET_FRAMES: Final = Rate(per_second=100, burst=500)
SOCKET_BYTES: Final = Rate(per_second=256 * 1024, burst=2 * 1024 * 1024)


class FrameMeter:
    """Counts what a socket sends before it is read: frames and bytes, mutable for speed."""

    __slots__ = ("_at", "_byte_rate", "_bytes", "_frame_rate", "_frames")

    def __init__(
        self, *, now: float, frames: Rate = SOCKET_FRAMES, octets: Rate = SOCKET_BYTES
    ) -> None:
        self._frame_rate = frames
        self._byte_rate = octets
        self._frames = frames.burst
        self._bytes = octets.burst
        self._at = now

    def accepts(self, size: int, *, now: float) -> bool:
        elapsed = max(0.0, now - self._at)
        self._at = now
        frames = self._frames + elapsed * self._frame_rate.per_second
        octets = self._bytes + elapsed * self._byte_rate.per_second
        self._frames = min(self._frame_rate.burst, frames) - 1
        self._bytes = min(self._byte_rate.burst, octets) - size
        return self._frames >= 0 and self._bytes >= 0
