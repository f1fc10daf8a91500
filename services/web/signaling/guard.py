"""Daphne's WebSocket protocol with bounds in both directions, before any queue.

Daphne queues every frame for the application and every frame for the client without
end. Here a frame beyond the rate or size never reaches the queue: the socket gets
`bye`, a close code, and is cut shortly afterwards. Measured on Daphne 4.2.3, a token
bucket inside the application does not help: the reactor reads faster than it runs.
"""

import time
from typing import Any, Final

from daphne.ws_protocol import WebSocketProtocol
from twisted.internet import reactor as _reactor

from signaling import metrics
from signaling.buckets import FrameMeter
from signaling.protocol import limits
from signaling.protocol.codec import encode
from signaling.protocol.errors import ERRORS, ErrorCode
from signaling.protocol.messages import Bye

reactor: Any = _reactor
MAX_FRAME_BYTES: Final = limits.FRAME_BYTES + 4096
"""A little above our own limit, so that the codec's `too_large` answers first."""
CUT_LINGER_S: Final = 0.5
"""For `bye` and the close frame to arrive; nothing more is read meanwhile."""


class Backlog:
    """Told by the transport when its buffer is full (IPushProducer), counts from then."""

    __slots__ = ("frames", "full", "octets")

    def __init__(self) -> None:
        self.full = False
        self.frames = 0
        self.octets = 0

    def pauseProducing(self) -> None:  # noqa: N802 - the name is Twisted's
        self.full = True

    def resumeProducing(self) -> None:  # noqa: N802
        self.full = False
        self.frames = self.octets = 0

    def stopProducing(self) -> None:  # noqa: N802
        self.full = False

    def overflows(self, size: int) -> bool:
        if not self.full:
            return False
        self.frames += 1
        self.octets += size
        return self.frames > limits.QUEUED_FRAMES or self.octets > limits.QUEUED_BYTES


class GuardedProtocol(WebSocketProtocol):  # type: ignore[misc]
    def onConnect(self, request: Any) -> Any:  # noqa: N802
        self._cut = False
        self._backlog = Backlog()
        self._meter = FrameMeter(now=time.monotonic())
        return super().onConnect(request)

    def onOpen(self) -> None:  # noqa: N802
        # The HTTP channel of the handshake is still registered; it would stop reading
        # from a slow reader instead of counting, and it keeps its request alive.
        self.transport.unregisterProducer()
        self.transport.registerProducer(self._backlog, True)
        super().onOpen()

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803
        if self._cut:
            return
        if self._meter.accepts(len(payload), now=time.monotonic()):
            super().onMessage(payload, isBinary)
        else:
            self._cut_off(ErrorCode.FLOOD)

    def onPing(self, payload: bytes) -> None:  # noqa: N802
        if self._cut:
            return
        if self._meter.accepts(len(payload), now=time.monotonic()):
            super().onPing(payload)
        else:
            self._cut_off(ErrorCode.FLOOD)

    def sendMessage(self, payload: bytes, *args: Any, **kwargs: Any) -> None:  # noqa: N802
        if self._cut or self.state != self.STATE_OPEN:
            return
        if self._backlog.overflows(len(payload)):
            self._cut_off(ErrorCode.SLOW_READER)
        else:
            super().sendMessage(payload, *args, **kwargs)

    def serverClose(self, code: int | None = None) -> None:  # noqa: N802
        """As Daphne's, but 1011 to 1013 may be sent, too (RFC 6455 7.4.1, IANA)."""
        self.sendCloseFrame(code=code or 1000, isReply=False)

    def _max_message_size_exceeded(self, *_: object) -> None:
        self.failedByMe = True  # autobahn keeps nothing of what still arrives
        self._cut_off(ErrorCode.TOO_LARGE)

    def _cut_off(self, code: ErrorCode) -> None:
        if self._cut:
            return
        if self.state == self.STATE_OPEN:
            info = ERRORS[code]
            bye = Bye(code=code, action=info.action, message=info.message)
            super().sendMessage(encode(bye).encode(), False)
            self.sendCloseFrame(code=info.close_code, isReply=False)
        self._cut = True
        metrics.CUT.labels(code.value).inc()
        metrics.refused("bye", code)
        self.dataReceived = _ignore
        reactor.callLater(CUT_LINGER_S, self.transport.abortConnection)


def _ignore(_data: bytes) -> None:
    """Read and drop: an unread buffer at close would turn `bye` into a reset."""
