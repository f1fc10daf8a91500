"""The signalling socket as a plain ASGI application: bytes in, effects out, no decisions.

Not a Channels consumer: docs/decisions/0001-plain-asgi-socket.md has the reason and the
measurement. Two coroutines per socket. The pump drains what the server received and
counts it, so that a slow store or database never lets frames pile up unseen; the worker
takes one frame at a time through codec, session and effects.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django.http import parse_cookie

from signaling import effects as do
from signaling import metrics, process
from signaling.buckets import FrameMeter
from signaling.connections import Connection
from signaling.protocol import limits
from signaling.protocol.codec import ProtocolError, decode_client
from signaling.protocol.errors import ErrorCode
from signaling.runner import Runner
from signaling.session import Session, handle

logger = logging.getLogger(__name__)

FINISH_S: Final = 5.0
"""For frames that were received before the socket closed."""
TURN_FRAMES: Final = 8
"""Then it is the others' turn: one socket's burst holds nobody else's frame up."""

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def signaling_socket(scope: Scope, receive: Receive, send: Send, *, room_id: UUID) -> None:
    await receive()  # websocket.connect
    offered: list[str] = scope.get("subprotocols", [])
    spoken = limits.PROTOCOL in offered
    # A browser drops a socket that answers none of its subprotocols, and with it `bye`.
    chosen = limits.PROTOCOL if spoken else next(iter(offered), None)
    await send({"type": "websocket.accept", "subprotocol": chosen})
    socket = Socket(scope, send, room_id)
    if not spoken:
        await socket.feed(do.Dismissed(ErrorCode.UNSUPPORTED_VERSION))
        return
    with process.registered(socket):
        await socket.serve(receive)


class Socket:
    def __init__(self, scope: Scope, send: Send, room_id: UUID) -> None:
        self._session = Session.new(now=time.monotonic())
        self._connection = Connection(room_id=room_id, send=send, notify=self.feed)
        self._cookies = _cookies(scope)
        self._runner: Runner | None = None
        self._inbox: deque[str | None] = deque()
        self._arrived = asyncio.Event()
        self._ended = False

    async def serve(self, receive: Receive) -> None:
        loop = asyncio.get_running_loop()
        worker = asyncio.create_task(self._work())
        overdue = loop.call_later(
            limits.HELLO_TIMEOUT_S,
            lambda: process.spawn(self.feed(do.HelloOverdue())),
        )
        try:
            await self._pump(receive)
        finally:
            overdue.cancel()
            await self._finish(worker)
            if self._runner is not None:
                await self._runner.lost()

    async def _finish(self, worker: asyncio.Task[None]) -> None:
        """A page that closes says `leave` last: what was said is still done, in time."""
        self._ended = True
        self._arrived.set()
        await asyncio.wait({worker}, timeout=FINISH_S)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)

    async def _pump(self, receive: Receive) -> None:
        meter = FrameMeter(now=time.monotonic())
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            now = time.monotonic()
            text = event.get("text")
            if not meter.accepts(len(text or event.get("bytes") or ""), now=now):
                self._inbox.clear()
                await self.feed(do.Dismissed(ErrorCode.FLOOD))
                continue
            self._inbox.append(text)
            self._arrived.set()

    async def _work(self) -> None:
        try:
            while self._inbox or not self._ended:
                taken = 0
                while self._inbox:
                    await self._take(self._inbox.popleft())
                    taken += 1
                    if taken % TURN_FRAMES == 0:
                        await asyncio.sleep(0)
                self._arrived.clear()
                if not self._ended:
                    await self._arrived.wait()
        except asyncio.CancelledError:
            raise
        except Exception:
            logger.exception("socket_failed")
            await self.feed(do.Dismissed(ErrorCode.INTERNAL, retry_after_ms=1000))

    async def _take(self, frame: str | None) -> None:
        try:
            message = decode_client(frame)
        except ProtocolError as problem:
            metrics.FRAMES.labels("malformed").inc()
            await self.feed(do.Unreadable(problem))
            return
        metrics.FRAMES.labels(message.type).inc()
        await self.feed(do.Received(message), re=message.id)

    async def feed(self, event: do.Event, *, re: str | None = None) -> None:
        """Let the session decide on `event`, and do what it asks for."""
        self._session, effects = handle(self._session, event, time.monotonic())
        for effect in effects:
            try:
                answer = await self._run(effect)
            except do.Refused as refused:
                failed = do.Failed(refused.code, re, refused.retry_after_ms)
                await self.feed(failed)
                return
            if answer is not None:
                await self.feed(answer, re=re)

    async def _run(self, effect: do.Effect) -> do.Event | None:
        if self._runner is None:
            hub = await process.hub()
            self._runner = Runner(hub=hub, connection=self._connection, cookies=self._cookies)
        return await self._runner.run(effect)


def _cookies(scope: Scope) -> dict[str, str]:
    raw = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    cookies: dict[str, str] = parse_cookie(raw.decode("latin1"))
    return cookies
