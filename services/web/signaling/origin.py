"""Which pages may open a WebSocket: exactly ours, by scheme, host and port.

A browser sends the session cookie with a WebSocket to anyone who asks (cross-site
WebSocket hijacking, RFC 6455 10.2), so the Origin header is the only door. Channels'
own validator ignores scheme and port. A missing, repeated or `null` Origin is refused.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

Application = Callable[[Any, Any, Any], Awaitable[None]]


class ExactOrigin:
    def __init__(self, application: Application, *, allowed: Collection[str]) -> None:
        self._application = application
        self._allowed = frozenset(normal_origin(origin) for origin in allowed)

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        if len(origins) == 1 and normal_origin(origins[0].decode("latin1")) in self._allowed:
            await self._application(scope, receive, send)
        else:
            # Before the accept: the handshake is answered with a bare 403.
            await receive()
            await send({"type": "websocket.close"})


def normal_origin(origin: str) -> str:
    """Scheme, host and port (RFC 6454 section 4), or "" for what is no origin."""
    try:
        parts = urlsplit(origin)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return ""
    if not parts.hostname or parts.path or parts.query or parts.fragment or "@" in origin:
        return ""
    return f"{parts.scheme}://{parts.hostname}:{port}"
