"""Daphne's WebSocket protocol with bounds in both directions, before any queue.

Daphne queues every frame for the application and every frame for the client without
end. Here a frame beyond the rate or size never reaches the queue: the socket gets
`bye`, a close code, and is cut shortly afterwards. Measured on Daphne 4.2.3, a token
bucket inside the application does not help: the reactor reads faster than it runs.
"""

import time
from typing import Any, Final

from autobahn.websocket.types import ConnectionDeny
from daphne.ws_protocol import WebSocketProtocol
from django.conf import settings
from twisted.internet import reactor as _reactor

from core.clients import key_of
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
REFUSED_S: Final = 5.0
"""After a flood, before the same browser may open a socket to the same room again."""
MOST_REFUSED: Final = 4096


class Refusals:
    """Who flooded a moment ago, and is turned away before that costs anything.

    By address, cookies and room together: an office behind one address never pays for
    one of its people, who carry other cookies.
    """

    def __init__(self) -> None:
        self._until: dict[int, float] = {}

    def add(self, who: int, *, now: float) -> None:
        self._until = {each: end for each, end in self._until.items() if end > now}
        if len(self._until) < MOST_REFUSED:
            self._until[who] = now + REFUSED_S

    def __contains__(self, who: int) -> bool:
        return self._until.get(who, 0.0) > time.monotonic()


_refusals: Final = Refusals()


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
        self._who = _who_asks(request)
        self._refused = self._who in _refusals
        if self._refused:
            raise ConnectionDeny(429, "Too Many Requests")  # type: ignore[no-untyped-call]
        return super().onConnect(request)

    def onClose(self, *args: Any) -> None:  # noqa: N802
        # Daphne never heard of a connection that was turned away.
        if not getattr(self, "_refused", False):
            super().onClose(*args)

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
        if code == ERRORS[ErrorCode.FLOOD].close_code and not self._cut:
            self._cut = True
            self._turn_away()

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
        if code is ErrorCode.FLOOD:
            self._turn_away()
        else:
            self._linger()

    def _turn_away(self) -> None:
        """Take nothing more from the wire, nor out of what was read, nor a new socket."""
        _refusals.add(self._who, now=time.monotonic())
        self.transport.pauseProducing()
        self.data = b""
        self._linger()

    def _linger(self) -> None:
        self.dataReceived = _ignore
        reactor.callLater(CUT_LINGER_S, self.transport.abortConnection)


def _who_asks(request: Any) -> int:
    address = key_of(
        remote=request.peer.split(":", 1)[-1].rsplit(":", 1)[0],
        forwarded_for=request.headers.get("x-forwarded-for"),
        proxies=settings.TRUSTED_PROXIES,
    )
    return hash((address, request.headers.get("cookie"), request.path))


def _ignore(_data: bytes) -> None:
    """Read and drop: an unread buffer at close would turn `bye` into a reset."""
