"""R15: a socket whose other end is there no more, and nobody said so."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from tests.support.caller import Caller
from tests.support.server import TraverseServer
from tests.support.world import Person, guest

AWAY_S: Final = 25.0
LATE_S: Final = 3.0
"""For a machine that boots servers and browsers at the same time."""
ROOT: Final = Path(__file__).parents[3]
SOMEBODY: Final = """\
import asyncio, sys
from types import SimpleNamespace
from uuid import UUID
import tests.environment
import django
django.setup()
from signaling.tickets import Identity
from tests.support.caller import Caller
from tests.support.world import Person

async def main(port, room, identity):
    at = f"//localhost:{port}"
    server = SimpleNamespace(origin=f"http:{at}", websocket=f"ws:{at}")
    async with Caller(server, UUID(room), Person(name="Bob", identity=Identity(identity))) as bob:
        await bob.enter()
        print(bob.peer_id, flush=True)
        await asyncio.sleep(3600)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def somebody() -> Person:
    return guest("Bob")


@pytest.fixture
def program(
    server: TraverseServer, room: UUID, somebody: Person
) -> Iterator[subprocess.Popen[str]]:
    """A browser of its own, so that it can be stopped whole."""
    with subprocess.Popen(
        [sys.executable, "-c", SOMEBODY, str(server.port), str(room), somebody.identity],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "services/web:."},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


async def test_a_browser_that_stands_still_is_away_within_25_seconds(
    server: TraverseServer, room: UUID, program: subprocess.Popen[str], somebody: Person
) -> None:
    """A page that its system froze: the kernel still takes what comes, nobody answers."""
    assert program.stdout is not None
    async with Caller(server, room, guest("Ada")) as ada:
        await ada.enter()
        bob = program.stdout.readline().strip()
        await ada.roster_with(ada.peer_id, bob)
        program.send_signal(signal.SIGSTOP)
        started = time.monotonic()
        while True:
            await ada.answers()
            states = [frame for frame in ada.seen if frame["type"] == "room.state"]
            peers = {peer["peer_id"]: peer["state"] for peer in states[-1]["peers"]}
            if peers[bob] == "away":
                break
            assert time.monotonic() - started < AWAY_S + LATE_S
            await asyncio.sleep(0.5)
        assert "peer.gone" not in [frame["type"] for frame in ada.seen], "the place is kept"
        # Who speaks to it meanwhile hurts nobody, and the other socket stays.
        await ada.describe(bob)
        await ada.answers()
