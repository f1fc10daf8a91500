"""The one WebSocket address; every other path is refused before the handshake."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from signaling.consumers import signaling_socket

_ROOM: Final = re.compile(r"/ws/rooms/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/")


async def socket_router(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
    match = _ROOM.fullmatch(scope["path"])
    if match is None:
        await receive()
        await send({"type": "websocket.close"})
        return
    await signaling_socket(scope, receive, send, room_id=UUID(match[1]))
