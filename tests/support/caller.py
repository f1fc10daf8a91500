"""A person's browser as far as signalling goes: one real WebSocket, typed expectations."""

import asyncio
import json
from types import TracebackType
from typing import Any, Final
from uuid import UUID

import websockets
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.support.server import TraverseServer
from tests.support.world import Person, ticket

PATIENCE_S: Final = 10.0
PRESENCE: Final = {"audio": True, "video": True, "screen": False, "hand": False}
Frame = dict[str, Any]


class Caller:
    """Use as `async with Caller(server, room, person) as caller`."""

    def __init__(
        self,
        server: TraverseServer,
        room_id: UUID,
        person: Person,
        *,
        port: int | None = None,
        origin: str | None = None,
        subprotocols: list[str] | None = None,
        cookie: str | None = None,
    ) -> None:
        self.person = person
        self.room_id = room_id
        self.server = server
        self.seen: list[Frame] = []
        self.unread: list[Frame] = []
        self.welcome: Frame = {}
        self.seat: str | None = None
        self._origin = origin if origin is not None else server.origin
        self._subprotocols = ["call.v1"] if subprotocols is None else subprotocols
        self._cookie = cookie if cookie is not None else person.cookie
        self._socket: ClientConnection | None = None

    @property
    def socket(self) -> ClientConnection:
        assert self._socket is not None
        return self._socket

    @property
    def peer_id(self) -> str:
        peer_id: str = self.welcome["peer_id"]
        return peer_id

    async def __aenter__(self) -> "Caller":
        await self.connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def connect(self) -> None:
        headers = {"Cookie": self._cookie} if self._cookie else {}
        self._socket = await connect(
            f"{self.server.websocket}/ws/rooms/{self.room_id}/",
            origin=Origin(self._origin) if self._origin else None,
            subprotocols=[Subprotocol(each) for each in self._subprotocols] or None,
            additional_headers=headers,
            max_size=None,
            max_queue=None,
            compression=None,
            # No browser sends pings of its own.
            ping_interval=None,
            proxy=None,
        )

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()

    def abort(self) -> None:
        """As a dead network does: no close frame, no FIN that the server could see soon."""
        assert self.socket.transport is not None
        self.socket.transport.abort()

    # --- Saying -----------------------------------------------------------------------
    async def send(self, type_: str, /, **fields: Any) -> None:
        await self.socket.send(json.dumps({"type": type_, **fields}))

    async def hello(self, **fields: Any) -> Frame:
        """Say hello with a good ticket; `ticket=None` says it without."""
        values = {"ticket": ticket(self.person, self.room_id), "name": self.person.name, **fields}
        await self.send("hello", **{k: v for k, v in values.items() if v is not None})
        self.welcome = await self.expect("welcome")
        self.seat = self.welcome["seat_token"]
        return self.welcome

    async def enter(self, **fields: Any) -> Frame:
        """Hello and join; return the first roster that holds this peer."""
        await self.hello(**fields)
        await self.send("join", presence=PRESENCE)
        self.seat = (await self.expect("seat"))["seat_token"]
        while True:
            state = await self.expect("room.state")
            if any(peer["peer_id"] == self.peer_id for peer in state["peers"]):
                return state

    async def describe(self, to: str, seq: int = 1, **fields: Any) -> None:
        await self.send("peer.description", to=to, seq=seq, kind="offer", sdp="v=0", **fields)

    # --- Hearing ----------------------------------------------------------------------
    async def receive(self) -> Frame:
        if self.unread:
            return self.unread.pop(0)
        text = await asyncio.wait_for(self.socket.recv(), PATIENCE_S)
        frame: Frame = json.loads(text)
        self.seen.append(frame)
        return frame

    async def expect(self, type_: str, **fields: Any) -> Frame:
        """The next frame of this type (with these values); others before it are passed."""
        passed: list[Frame] = []
        try:
            while True:
                frame = await self.receive()
                if frame["type"] == type_ and all(
                    frame.get(name) == value for name, value in fields.items()
                ):
                    return frame
                passed.append(frame)
        except (TimeoutError, websockets.ConnectionClosed) as error:
            shown = [each.get("code", each["type"]) for each in passed]
            raise AssertionError(f"no {type_} {fields}; saw {shown}, then {error!r}") from error

    async def roster_with(self, *peer_ids: str) -> Frame:
        """The next `room.state` that lists exactly these peers."""
        while True:
            frame = await self.expect("room.state")
            if {peer["peer_id"] for peer in frame["peers"]} == set(peer_ids):
                return frame

    async def error(self, code: str) -> Frame:
        return await self.expect("error", code=code)

    async def bye(self, code: str) -> int | None:
        """Wait for `bye` with this code and the close behind it; return the close code."""
        await self.expect("bye", code=code)
        return await self.closed()

    async def closed(self) -> int | None:
        try:
            while True:
                await self.receive()
        except websockets.ConnectionClosed:
            return self.socket.close_code

    async def answers(self) -> Frame:
        """Prove that the socket is alive and everything sent before was handled."""
        mark = float(len(self.seen) + 1)
        await self.send("ping", t=mark)
        return await self.expect("pong", t=mark)

    async def silence(self, seconds: float = 0.2) -> list[Frame]:
        """What arrives until a ping is answered and `seconds` have passed."""
        await asyncio.sleep(seconds)
        start = len(self.seen)
        await self.send("ping", t=0.5)
        await self.expect("pong", t=0.5)
        return [frame for frame in self.seen[start:] if frame["type"] != "pong"]
