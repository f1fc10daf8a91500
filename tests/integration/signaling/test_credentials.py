"""A relay credential is replaced well before it ends, without being asked for."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest

from rooms.models import Access
from signaling.beat import BEAT_S
from tests.support.caller import PRESENCE, Caller
from tests.support.clock import MovedClock
from tests.support.server import TraverseServer
from tests.support.world import Person, World, guest

LIFE_S: Final = 600
PUSHED_AT_S: Final = 480
"""80 % of it."""


@pytest.fixture
def clock(tmp_path: Path) -> MovedClock:
    return MovedClock(tmp_path / "clock")


@pytest.fixture
def server(world: World, tmp_path: Path, clock: MovedClock) -> Iterator[TraverseServer]:
    env = {**clock.environment, "TURN_TTL_SECONDS": str(LIFE_S)}
    with TraverseServer(tmp_path, world.url, env=env) as server:
        yield server


def usernames(frame: dict[str, Any]) -> set[str]:
    return {each["username"] for each in frame["ice_servers"] if "username" in each}


def expiry(frame: dict[str, Any]) -> int:
    """As said, which must be what coturn will read in the name."""
    at: int = frame["ice_expires_at"]
    assert {int(name.partition(":")[0]) for name in usernames(frame)} == {at}
    return at


async def test_each_gets_a_fresh_credential_at_four_fifths_of_its_life(
    server: TraverseServer, clock: MovedClock, room: UUID
) -> None:
    started = time.time()
    async with Caller(server, room, guest()) as ada, Caller(server, room, guest()) as bob:
        await ada.enter()
        await bob.enter()
        first = expiry(ada.welcome)
        assert LIFE_S - 1 <= first - started <= LIFE_S + 30
        clock.ahead(PUSHED_AT_S - 60)
        for caller in (ada, bob):
            quiet = await caller.silence(2 * BEAT_S)
            assert "ice.servers" not in [frame["type"] for frame in quiet]
        clock.ahead(PUSHED_AT_S + 1)
        pushed = {}
        for caller in (ada, bob):
            pushed = await caller.expect("ice.servers")
            assert "re" not in pushed
            assert expiry(pushed) - expiry(caller.welcome) >= PUSHED_AT_S - 60
            assert usernames(pushed).isdisjoint(usernames(caller.welcome))
        # Once, not with every beat; and again when four fifths of the new one have passed.
        quiet = await ada.silence(2 * BEAT_S)
        assert "ice.servers" not in [frame["type"] for frame in quiet]
        clock.ahead(2 * PUSHED_AT_S + 15)
        assert expiry(await ada.expect("ice.servers")) - expiry(pushed) >= PUSHED_AT_S - 60


async def test_a_clock_that_is_set_right_costs_nobody_a_call(
    server: TraverseServer, clock: MovedClock, room: UUID
) -> None:
    """R16: by far more than lease and grace, in both directions."""
    async with Caller(server, room, guest()) as ada, Caller(server, room, guest()) as bob:
        await ada.enter()
        await bob.enter()
        await ada.roster_with(ada.peer_id, bob.peer_id)
        for ahead in (400, -400):
            clock.ahead(ahead)
            heard = await ada.silence(2 * BEAT_S)
            assert {frame["type"] for frame in heard} <= {"ice.servers"}
            await ada.describe(bob.peer_id, seq=ahead + 400)
            await bob.expect("peer.description")
        bob.abort()
        state = await ada.roster_with(ada.peer_id, bob.peer_id)
        assert [peer["state"] for peer in state["peers"]] == ["here", "away"]


async def test_who_waits_at_the_door_is_given_none(
    server: TraverseServer, clock: MovedClock, world: World, owner: Person
) -> None:
    room = await world.arun(lambda: world.room(owner, access=Access.ASK))
    async with Caller(server, room, guest()) as caller:
        welcome = await caller.hello()
        assert welcome["ice_servers"] == []
        await caller.send("join", presence=PRESENCE)
        await caller.expect("room.waiting")
        clock.ahead(PUSHED_AT_S + 1)
        heard = await caller.silence(2 * BEAT_S)
        assert "ice.servers" not in [frame["type"] for frame in heard]
