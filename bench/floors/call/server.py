"""Serves the bare page and relays what one socket of a room sends to the others.

`server.py ADDRESS PORT`: no accounts, no validation, no limits; for the lab only.
"""

import asyncio
import sys
from collections import defaultdict
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

HERE = Path(__file__).parent
PAGES = {"/": ("index.html", "text/html"), "/floor.js": ("floor.js", "text/javascript")}
rooms: defaultdict[str, set[ServerConnection]] = defaultdict(set)


def page(_: ServerConnection, request: Request) -> Response | None:
    path = urlsplit(request.path).path
    if path == "/ws":
        return None
    if path not in PAGES:
        return Response(HTTPStatus.NOT_FOUND, "Not Found", Headers({"Content-Length": "0"}))
    name, kind = PAGES[path]
    body = (HERE / name).read_bytes()
    headers = Headers({"Content-Type": kind, "Content-Length": str(len(body))})
    return Response(HTTPStatus.OK, "OK", headers, body)


async def relay(socket: ServerConnection) -> None:
    assert socket.request is not None
    room = rooms[urlsplit(socket.request.path).query]
    room.add(socket)
    try:
        async for message in socket:
            broadcast(room - {socket}, message)
    finally:
        room.discard(socket)


async def main(address: str, port: int) -> None:
    async with serve(relay, address, port, process_request=page, compression=None) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
