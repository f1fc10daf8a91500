"""R1: two hundred calls that start in the same instant."""

import asyncio
import json
from uuid import UUID

from tests.support.caller import PRESENCE, Caller
from tests.support.server import TraverseServer
from tests.support.world import Person, World, guest

CALLS = 200
CANDIDATES = 14


async def test_two_hundred_calls_at_once_lose_nothing(
    server: TraverseServer, world: World, owner: Person
) -> None:
    rooms = [world.room(owner) for _ in range(CALLS)]
    pairs = [(Caller(server, r, guest()), Caller(server, r, guest())) for r in rooms]
    gate = asyncio.Semaphore(20)

    async def prepare(room: UUID, pair: tuple[Caller, Caller]) -> None:
        async with gate:
            for caller in pair:
                await caller.connect()
                await caller.hello()
                await caller.send("join", presence=PRESENCE)
            await pair[0].roster_with(*(caller.peer_id for caller in pair))
            await pair[1].roster_with(*(caller.peer_id for caller in pair))

    async def call(sender: Caller, receiver: Caller, kind: str) -> None:
        to = receiver.peer_id
        answers = {"answers": 0} if kind == "answer" else {}
        await sender.send("peer.description", to=to, seq=0, kind=kind, sdp="s" * 3000, **answers)
        for seq in range(1, CANDIDATES + 1):
            await sender.send(
                "peer.candidates", to=to, seq=seq, candidates=[{"candidate": "c" * 200}]
            )

    async def heard(caller: Caller) -> list[int]:
        frames = [await caller.receive() for _ in range(CANDIDATES + 1)]
        return [frame.get("seq", json.dumps(frame)) for frame in frames]

    try:
        await asyncio.gather(*(prepare(r, p) for r, p in zip(rooms, pairs, strict=True)))
        everyone = [caller for pair in pairs for caller in pair]
        listening = [asyncio.create_task(heard(caller)) for caller in everyone]
        await asyncio.gather(
            *(call(a, b, "offer") for a, b in pairs), *(call(b, a, "answer") for a, b in pairs)
        )
        for got in await asyncio.gather(*listening):
            assert got == list(range(CANDIDATES + 1))
    finally:
        await asyncio.gather(*(caller.close() for pair in pairs for caller in pair))
