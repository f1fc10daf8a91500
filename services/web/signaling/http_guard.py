"""Daphne's HTTP request with bounds, before a byte of it is kept.

Daphne holds a whole body in memory or on disk before the application is asked, and
lets any client choose the path that the site is mounted at. Here a body beyond
MAX_BODY_BYTES is answered with 413 and read no further, and headers that only a proxy
of Daphne's own kind would send, or that it cannot read, do not get in. A request that
is not whole within REQUEST_S ends its connection, however steadily its bytes drip.
"""

from typing import Any, Final

import daphne.server  # noqa: F401 - first: it installs the asyncio reactor
from daphne.http_protocol import WebRequest
from twisted.internet import reactor as _reactor
from twisted.web.http import HTTPChannel

reactor: Any = _reactor
MAX_BODY_BYTES: Final = 1024 * 1024
"""Above Django's DATA_UPLOAD_MAX_MEMORY_SIZE, whose answer is a page."""
REQUEST_S: Final = 12
"""From the first byte of a request (of the first: from the connection) to its last."""
IDLE_S: Final = 60
"""Between two requests."""
LINGER_S: Final = 0.5
"""For the answer to arrive: an unread buffer at close would turn it into a reset."""
_TOO_LARGE: Final = (
    b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)
_ROOT_PATH: Final = b"daphne-root-path"
_SUBPROTOCOLS: Final = b"sec-websocket-protocol"


class GuardedChannel(HTTPChannel):
    """Twisted's own timeout begins anew with every byte."""

    _between = False

    def connectionMade(self) -> None:  # noqa: N802 - the names are Twisted's
        super().connectionMade()  # type: ignore[no-untyped-call]
        self.setTimeout(REQUEST_S)  # type: ignore[no-untyped-call]

    def resetTimeout(self) -> None:  # noqa: N802
        if self._between:
            self._between = False
            self.setTimeout(REQUEST_S)  # type: ignore[no-untyped-call]

    def allContentReceived(self) -> None:  # noqa: N802
        # Stopped while the request is answered, then set to this value.
        self.timeOut = IDLE_S
        super().allContentReceived()  # type: ignore[no-untyped-call]

    def requestDone(self, request: Any) -> None:  # noqa: N802
        self._between = True
        super().requestDone(request)  # type: ignore[no-untyped-call]


class GuardedRequest(WebRequest):  # type: ignore[misc]
    def gotLength(self, length: int | None) -> None:  # noqa: N802
        self._received = 0
        self._refused = False
        if length is not None and length > MAX_BODY_BYTES:
            self._refuse()
            length = 0
        super().gotLength(length)

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        self._received += len(data)
        if self._received > MAX_BODY_BYTES:
            self._refuse()
        if not self._refused:
            super().handleContentChunk(data)

    def process(self) -> Any:
        if self._refused:
            return None
        self.requestHeaders.removeHeader(_ROOT_PATH)
        if not all(v.isascii() for v in self.requestHeaders.getRawHeaders(_SUBPROTOCOLS, [])):
            self.basic_error(400, b"Bad Request", "Invalid header value")
            return None
        return super().process()

    def _refuse(self) -> None:
        if self._refused:
            return
        self._refused = True
        channel = self.channel
        channel.transport.write(_TOO_LARGE)
        channel.dataReceived = _ignore
        reactor.callLater(LINGER_S, channel.transport.abortConnection)


def _ignore(_data: bytes) -> None:
    """Read and drop."""


def guard_requests(factory: Any) -> None:
    """Let the requests of Daphne's HTTP factory be guarded ones.

    Its channels choose between HTTP/1 and HTTP/2 by ALPN; TLS never ends here.
    """
    factory.protocol = GuardedChannel
    build = factory.buildProtocol

    def build_guarded(address: object) -> Any:
        protocol = build(address)
        protocol.requestFactory = GuardedRequest
        return protocol

    factory.buildProtocol = build_guarded
