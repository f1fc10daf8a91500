"""How this service runs Daphne: bounded sockets, and an end that loses nobody.

On SIGTERM and SIGINT it stops accepting, tells every socket `bye restart` with a
jittered delay, closes with 1012, lets running requests finish, and ends within
DRAIN_S + REQUESTS_S. Daphne alone cuts every socket and runs no clean-up.
"""

import asyncio
import gc
import logging
import time
from collections.abc import Sequence
from typing import Any, Final

from daphne.server import Server  # first: it installs the asyncio reactor

from autobahn.twisted import websocket as autobahn_twisted  # isort: skip
from autobahn.websocket import protocol as autobahn_protocol  # isort: skip
from twisted.internet.defer import Deferred  # isort: skip

from signaling import process
from signaling.guard import MAX_FRAME_BYTES, GuardedProtocol
from signaling.http_guard import guard_requests

logger = logging.getLogger(__name__)

PING_INTERVAL_S: Final = 10
PING_TIMEOUT_S: Final = 10
HANDSHAKE_TIMEOUT_S: Final = 5
HTTP_TIMEOUT_S: Final = 60
DRAIN_S: Final = 3.0
REQUESTS_S: Final = 5.0
ENDLESS: Final = -1
"""A socket has no greatest age: leases and sessions end it."""
DEBUG_HELPERS: Final = (
    (autobahn_protocol, "hltype"),
    (autobahn_protocol, "hlval"),
    (autobahn_protocol, "pformat"),
    (autobahn_twisted, "hltype"),
    (autobahn_twisted, "hlval"),
)
"""What autobahn makes the texts of its debug messages with."""


def serve(application: Any, *, endpoints: Sequence[str], proxied: bool) -> None:
    """Run until a signal. `endpoints` are Twisted's server strings; `proxied`: behind
    a proxy that sets X-Forwarded-For on every request."""
    server = GracefulServer(
        application,
        endpoints=list(endpoints),
        ping_interval=PING_INTERVAL_S,
        ping_timeout=PING_TIMEOUT_S,
        http_timeout=HTTP_TIMEOUT_S,
        websocket_timeout=ENDLESS,
        websocket_connect_timeout=HANDSHAKE_TIMEOUT_S,
        websocket_handshake_timeout=HANDSHAKE_TIMEOUT_S,
        websocket_max_message_size=MAX_FRAME_BYTES,
        websocket_max_frame_size=MAX_FRAME_BYTES,
        proxy_forwarded_address_header="X-Forwarded-For" if proxied else None,
        server_name="",
    )
    server.ready_callable = server.guard
    _write_no_debug_texts()
    # What has been loaded by now stays; looking through all of it at each full garbage
    # collection stops every socket for 0.1 s.
    gc.collect()
    gc.freeze()
    server.run()


def _write_no_debug_texts() -> None:
    """autobahn colours and pretty-prints the arguments of its debug messages before its
    logger, whose level is above, throws them away: 0.9 ms of CPU for each connection and
    a fifth of each relayed frame. No option turns that off."""
    for module, helper in DEBUG_HELPERS:
        setattr(module, helper, _no_text)


def _no_text(_value: object) -> str:
    return ""


class GracefulServer(Server):  # type: ignore[misc]
    def guard(self) -> None:
        """Once the factories are made, before the first connection is taken."""
        self.ws_factory.protocol = GuardedProtocol
        guard_requests(self.http_factory)

    def kill_all_applications(self) -> Any:
        """Daphne's hook before the reactor stops."""
        return Deferred.fromFuture(asyncio.ensure_future(self._drain()))

    async def _drain(self) -> None:
        logger.info("draining")
        for listener in self.listeners:
            listener.addCallback(lambda port: port.stopListening())
        try:
            await process.dismiss_all(timeout_s=DRAIN_S)
            await self._finish_requests()
            await process.stop()
        except Exception:
            logger.exception("drain_failed")
        logger.info("drained")

    async def _finish_requests(self) -> None:
        deadline = time.monotonic() + REQUESTS_S
        while pending := self._pending():
            if time.monotonic() > deadline:
                for application in pending:
                    application.cancel()
                await asyncio.wait(pending, timeout=1)
                return
            await asyncio.wait(pending, timeout=0.1)

    def _pending(self) -> list["asyncio.Future[None]"]:
        instances = (d.get("application_instance") for d in self.connections.values())
        return [each for each in instances if each is not None and not each.done()]
