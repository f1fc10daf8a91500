"""S7: requests that drip in, byte by byte, and hold a connection each."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from signaling.http_guard import IDLE_S, REQUEST_S
from tests.support.server import TraverseServer

ATTACKERS = 200
CLOSED_S = 15.0
DRIP_S = 0.5
HEAD = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\n"
FORM = HEAD + b"Content-Type: application/x-www-form-urlencoded\r\n"
UPGRADE = b"GET /ws/rooms/x/ HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
DRIPS = {
    "nothing": (b"", b""),
    "request line": (b"G", b"E"),
    "header": (HEAD + b"X-Drip: ", b"x"),
    "headers": (HEAD, b"X-Drip: x\r\n"),
    "upgrade": (UPGRADE, b"X-Drip: x\r\n"),
    "body": (FORM + b"Content-Length: 200000\r\n\r\n", b"a"),
    "chunks": (FORM + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
}


@asynccontextmanager
async def connection(
    server: TraverseServer,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


async def drip(server: TraverseServer, first: bytes, more: bytes) -> float:
    """Send until the server closes; return after how many seconds it did."""
    async with connection(server) as (reader, writer):
        closing = asyncio.create_task(reader.read())
        started = time.monotonic()
        writer.write(first)
        while not closing.done() and time.monotonic() - started < 2 * CLOSED_S:
            await asyncio.wait({closing}, timeout=DRIP_S)
            if not closing.done():
                writer.write(more)
        took = time.monotonic() - started
        closing.cancel()
        await asyncio.gather(closing, return_exceptions=True)
        return took


async def health(server: TraverseServer) -> float:
    """One request of somebody else's; return the seconds that it took."""
    started = time.monotonic()
    async with connection(server) as (reader, writer), asyncio.timeout(10):
        writer.write(b"GET /-/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    return time.monotonic() - started


async def test_two_hundred_dripping_requests_are_cut_while_others_are_served(
    server: TraverseServer,
) -> None:
    kinds = list(DRIPS.values())
    before = sorted([await health(server) for _ in range(20)])
    attacks = [
        asyncio.create_task(drip(server, *kinds[index % len(kinds)])) for index in range(ATTACKERS)
    ]
    during = []
    while not all(attack.done() for attack in attacks):
        during.append(await health(server))
        await asyncio.sleep(0.2)
    held = await asyncio.gather(*attacks)
    assert max(held) <= CLOSED_S
    assert min(held) > REQUEST_S / 2, "a slow line is not yet an attack"
    # A bound against starving alone: how much slower is a benchmark.
    assert sorted(during)[len(during) // 2] < before[-1] + 1.0


async def test_a_connection_is_kept_between_requests_and_the_next_one_must_come_in_time(
    server: TraverseServer,
) -> None:
    request = b"GET /-/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    async with connection(server) as (reader, writer):
        for pause in (0.0, REQUEST_S + 1):
            await asyncio.sleep(pause)
            writer.write(request)
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            await reader.readuntil(b"\r\n0\r\n\r\n")
        writer.write(request[:20])
        started = time.monotonic()
        assert await asyncio.wait_for(reader.read(), CLOSED_S) == b""
        assert REQUEST_S - 1 < time.monotonic() - started < IDLE_S / 2


@pytest.mark.parametrize("kind", ["body", "headers"])
async def test_a_slow_line_that_is_done_in_time_is_answered(
    server: TraverseServer, kind: str
) -> None:
    text = b"GET /-/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    if kind == "body":
        text = FORM + b"Content-Length: 10\r\n\r\n" + b"a" * 10
    step = -(-len(text) // 8)
    async with connection(server) as (reader, writer):
        for start in range(0, len(text), step):
            writer.write(text[start : start + step])
            await asyncio.sleep(0.5)
        status = (await reader.readline()).split()[1]
    assert status == (b"200" if kind == "headers" else b"403")
