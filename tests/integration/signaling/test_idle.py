"""R3: people who sit in their calls and say nothing."""

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from signaling.protocol import limits
from tests.support.caller import PRESENCE, Caller
from tests.support.server import TraverseServer
from tests.support.world import Person, World, guest

MEMORY_PER_SOCKET_KB: Final = 35
WARM_UP: Final = 40
"""Sockets before the count begins: what a process loads once is no one's."""
_TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")


@pytest.fixture
def fresh(world: World, tmp_path: Path) -> Iterator[TraverseServer]:
    """A process whose memory nobody else has grown."""
    with TraverseServer(tmp_path, world.url) as server:
        yield server
        assert server.problems() == []


@dataclass(frozen=True)
class Cost:
    kb_per_socket: float
    cpu: float
    """Of one core, while all were idle."""


def cpu_s(server: TraverseServer) -> float:
    stat = Path(f"/proc/{server.running[0].pid}/stat").read_text()
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICKS_PER_S


async def _seat(server: TraverseServer, rooms: list[UUID]) -> list[Caller]:
    """A full room of joined peers for each; its rosters read and forgotten."""
    callers: list[Caller] = []
    for room in rooms:
        for index in range(limits.ROOM_PEERS):
            caller = Caller(server, room, guest(f"P{index}"))
            await caller.connect()
            await caller.hello()
            await caller.send("join", presence=PRESENCE)
            await caller.expect("seat")
            callers.append(caller)
    return callers


async def _idle(
    server: TraverseServer, world: World, owner: Person, *, sockets: int, seconds: float
) -> Cost:
    count = (WARM_UP + sockets) // limits.ROOM_PEERS
    rooms = await world.arun(lambda: [world.room(owner) for _ in range(count)])
    warm = WARM_UP // limits.ROOM_PEERS
    callers: list[Caller] = []
    try:
        callers += await _seat(server, rooms[:warm])
        before = server.rss_kib()
        callers += await _seat(server, rooms[warm:])
        await asyncio.sleep(2)
        memory = (server.rss_kib() - before) * 1.024 / (len(callers) - WARM_UP)
        used, started = cpu_s(server), time.monotonic()
        await asyncio.sleep(seconds)
        cpu = (cpu_s(server) - used) / (time.monotonic() - started)
        # Not one was closed, none was taken for away, and each still answers.
        for caller in callers:
            await caller.answers()
        ends = [frame for c in callers for frame in c.seen if frame["type"] in ("bye", "peer.gone")]
        assert ends == []
        for first in callers[:: limits.ROOM_PEERS]:
            await first.send("ping", t=1, rev=0)
            state = await first.expect("room.state")
            assert [peer["state"] for peer in state["peers"]] == ["here"] * limits.ROOM_PEERS
        return Cost(kb_per_socket=memory, cpu=cpu)
    finally:
        await asyncio.gather(*(caller.close() for caller in callers))


async def test_two_hundred_idle_sockets_stay_and_cost_little(
    fresh: TraverseServer, world: World, owner: Person
) -> None:
    cost = await _idle(fresh, world, owner, sockets=200, seconds=25)
    # Few sockets share what the allocator takes at once; 2,000 are the measure.
    assert cost.kb_per_socket < 2 * MEMORY_PER_SOCKET_KB, cost
    assert cost.cpu < 0.2, cost


@pytest.mark.slow
@pytest.mark.timeout(1200)
async def test_two_thousand_idle_sockets_stay_for_ten_minutes(
    fresh: TraverseServer, world: World, owner: Person
) -> None:
    cost = await _idle(fresh, world, owner, sockets=2000, seconds=600)
    assert cost.kb_per_socket <= MEMORY_PER_SOCKET_KB, cost
    # The processor's share is a benchmark; this says that it does not grow out of hand.
    assert cost.cpu < 0.2, cost
