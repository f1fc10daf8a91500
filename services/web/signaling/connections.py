"""What the hub knows of one open socket, and how frames leave over it.

Owns: the mutable record of a connection (who, and where). What the peer
may do is decided by its session; who is in the room, by the roster.
"""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from uuid import UUID

from accounts.sessions import SessionRef
from rooms.queries import RoomPolicy
from signaling.effects import Event
from signaling.protocol.messages import Admission, PeerId, Role
from signaling.roster import Entry
from signaling.tickets import Identity

AsgiSend = Callable[[dict[str, Any]], Awaitable[None]]


class Notify(Protocol):
    async def __call__(self, event: Event) -> None: ...


class Connection:
    """Made when a socket opens; a *member* once `admit` has been called for its hello."""

    __slots__ = (
        "_notify",
        "_send",
        "admission",
        "entry",
        "ice_refresh_at",
        "identity",
        "name",
        "open",
        "policy",
        "role",
        "room_id",
        "session_ref",
        "shown_rev",
        "socket",
        "told",
    )

    def __init__(self, *, room_id: UUID, send: AsgiSend, notify: Notify) -> None:
        self.room_id = room_id
        self.socket = secrets.token_urlsafe(9)
        self.ice_refresh_at: float | None = None
        self._send = send
        self._notify = notify
        self.identity: Identity
        self.name: str
        self.role: Role
        self.policy: RoomPolicy
        self.admission: Admission
        self.session_ref: SessionRef | None = None
        self.entry: Entry | None = None
        self.open = True
        self.shown_rev = -1
        """Of the newest `room.state` that was sent over this socket."""
        self.told: tuple[object, ...] | None = None
        """What its `welcome` or `room.state` said last of the door."""

    @property
    def nameless(self) -> bool:
        """A guest who has not said a name: may look from the lobby, and not come in."""
        return self.role is Role.GUEST and not self.name

    @property
    def peer_id(self) -> PeerId:
        assert self.entry is not None
        return self.entry.peer_id

    async def deliver(self, frame: str) -> None:
        await self._send({"type": "websocket.send", "text": frame})

    async def close(self, code: int) -> None:
        self.open = False
        await self._send({"type": "websocket.close", "code": code})

    async def notify(self, event: Event) -> None:
        await self._notify(event)
