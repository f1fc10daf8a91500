"""The floor of signalling on Daphne: a hub in one ASGI application and nothing else.

Hands each frame to the other sockets of the same path. No accounts, no validation,
no limits, one process. `daphne floors.relay_asgi:application` from bench/.
"""

from collections import defaultdict
from typing import Any

rooms: defaultdict[str, set[Any]] = defaultdict(set)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    room = rooms[scope["path"]]
    await receive()
    await send({"type": "websocket.accept"})
    room.add(send)
    try:
        while (event := await receive())["type"] == "websocket.receive":
            frame = {"type": "websocket.send", "text": event["text"]}
            for other in room:
                if other is not send:
                    await other(frame)
    finally:
        room.discard(send)
