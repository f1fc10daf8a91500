"""The measurements, each on a freshly started contender; numbers out, no opinions."""

import threading
import time
from dataclasses import dataclass
from typing import Any, Self

from bench.signaling.contenders import Contender
from bench.signaling.load import Load
from bench.support.processes import Measured

PER_SECOND = 100
SETUP_ROUNDS = 3


@dataclass(slots=True)
class Scale:
    """How much of everything; --quick shrinks it."""

    pairs: int = 200
    idle_sockets: int = 2000
    idle_seconds: float = 60.0
    paced_seconds: float = 20.0
    closed_seconds: float = 3.0
    flood_seconds: float = 8.0

    @property
    def rooms(self) -> int:
        """The rooms that one whole run of the product takes."""
        return 4 * self.pairs + self.idle_sockets // 2 + 10


def busy(contender: Contender, scale: Scale, *, messages: str) -> dict[str, Any]:
    """Connect, set calls up, burst, relay as fast as it goes, relay at a pace."""
    with contender.running() as server:
        with Load() as first:
            # What is loaded once is not what one more person costs.
            first.do("connect", **contender.connection(), seats=contender.seats(5), perSecond=50)
        with Load() as load:
            return _busy(contender, server, load, scale, messages)


def _busy(
    contender: Contender, server: Measured, load: Load, scale: Scale, messages: str
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    with Spent(server) as connecting:
        seats = contender.seats(scale.pairs)
        result["connect"] = load.do(
            "connect", **contender.connection(), seats=seats, perSecond=PER_SECOND
        )
    require_everyone(contender, result["connect"])
    result["connect_cpu_ms"] = connecting.seconds / len(seats) * 1000

    with Spent(server) as setting_up:
        for _ in range(SETUP_ROUNDS):
            result["setups"] = load.do("setups", perSecond=PER_SECOND, messages=messages)
    result["setup_cpu_ms"] = setting_up.seconds / (SETUP_ROUNDS * scale.pairs) * 1000

    with Spent(server) as bursting:
        result["burst"] = load.do("burst")
    result["burst_cpu_us"] = bursting.seconds / result["burst"]["wanted"] * 1e6

    with Spent(server) as relaying:
        result["closed"] = load.do("closed", inFlight=1, seconds=scale.closed_seconds)
    relayed = result["closed"]["per_second"] * scale.closed_seconds
    result["closed_cpu_us"] = relaying.seconds / max(1, relayed) * 1e6

    result["paced"] = load.do("paced", perSecond=245, seconds=scale.paced_seconds)
    return result


class Spent:
    """The CPU time of a server over a block, its afterwork of half a second included."""

    def __init__(self, server: Measured) -> None:
        self._server = server
        self._start = 0.0
        self.seconds = 0.0

    def __enter__(self) -> Self:
        self._start = self._server.cpu_seconds
        return self

    def __exit__(self, *_: object) -> None:
        time.sleep(0.5)
        self.seconds = self._server.cpu_seconds - self._start


def require_everyone(contender: Contender, connected: dict[str, Any]) -> None:
    if connected["entered"] != connected["wanted"]:
        raise RuntimeError(f"{contender.name}: not everyone came in: {connected}")


def idle(contender: Contender, scale: Scale) -> dict[str, Any]:
    with contender.running() as server, Load() as load:
        seats = contender.seats(scale.idle_sockets // 2 + 5)
        # The first ones load what is loaded once.
        load.do("connect", **contender.connection(), seats=seats[:10], perSecond=50)
        time.sleep(1)
        before = server.rss_bytes
        connected = load.do(
            "connect", **contender.connection(), seats=seats[10:], perSecond=PER_SECOND
        )
        require_everyone(contender, connected)
        time.sleep(2)
        grown = server.rss_bytes - before
        spent = server.cpu_seconds
        time.sleep(scale.idle_seconds)
        spent = server.cpu_seconds - spent
        count = load.do("count")
        return {
            "kb_per_socket": grown / (len(seats) - 10) / 1000,
            "cpu_percent": spent / scale.idle_seconds * 100,
            "closed": count["of"] - count["open"],
            "connect": connected,
        }


def flood(contender: Contender, scale: Scale) -> dict[str, Any]:
    """Four sockets send without end and come back when cut; others talk meanwhile."""
    with contender.running() as server, Load() as others, Load() as attackers:
        seats = contender.seats(20)
        require_everyone(
            contender,
            others.do("connect", **contender.connection(), seats=seats, perSecond=PER_SECOND),
        )
        calm = others.do("paced", perSecond=245, seconds=scale.flood_seconds / 2)
        attackers.do("connect", **contender.connection(), seats=contender.seats(2), perSecond=20)
        watch = PeakMemory(server)
        others.begin("paced", perSecond=245, seconds=scale.flood_seconds)
        attackers.begin("flood", seconds=scale.flood_seconds, size=1000)
        victims, attack = others.answer(), attackers.answer()
        return {
            "calm": calm,
            "victims": victims,
            "attack": attack,
            "rss_growth_mb": watch.stop() / 1e6,
        }


class PeakMemory:
    """How far a process grew beyond where it stood, sampled every 20 ms."""

    def __init__(self, server: Measured) -> None:
        self._server = server
        self._start = self._peak = server.rss_bytes
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._done.wait(0.02):
            self._peak = max(self._peak, self._server.rss_bytes)

    def stop(self) -> int:
        self._done.set()
        self._thread.join()
        return self._peak - self._start


def across(contender: Contender, second: Contender, scale: Scale) -> dict[str, Any]:
    """Two processes of one product, the two people of every pair in different ones."""
    with contender.running(core=0) as one, second.running(core=1) as two, Load(core=None) as load:
        seats = contender.seats(scale.pairs, ports=(contender.port, second.port))
        connected = load.do("connect", **contender.connection(), seats=seats, perSecond=50)
        require_everyone(contender, connected)
        load.do("paced", perSecond=245, seconds=1)
        before = one.cpu_seconds + two.cpu_seconds
        result = load.do("paced", perSecond=245, seconds=scale.paced_seconds)
        result["cpu_us"] = (one.cpu_seconds + two.cpu_seconds - before) / result["wanted"] * 1e6
        return result
