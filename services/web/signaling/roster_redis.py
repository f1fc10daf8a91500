"""The roster of any number of processes: one Redis hash per room, one script per change.

Every script loads the room, evicts, changes and answers in one atomic step, by the
store's own clock (lua/room.lua runs before each). Losing the store loses presence and
nothing else: hubs put their own peers back at the next beat, under a new epoch.
"""

import secrets
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

from signaling.protocol import limits
from signaling.protocol.messages import PeerId, PeerState, Presence, Role, SeatId
from signaling.roster import (
    Entry,
    Gone,
    GoneReason,
    PeerUnknown,
    Phase,
    ResumeRefused,
    RoomIsFull,
    RosterUnavailable,
    View,
)
from signaling.tickets import Identity

TIMEOUT_S: Final = 2.0
CONNECTIONS: Final = 16
_LUA: Final = Path(__file__).parent / "lua"
_REFUSALS: Final = {"unknown": PeerUnknown, "full": RoomIsFull, "resume": ResumeRefused}


class RedisRoster:
    def __init__(
        self,
        client: Redis,
        *,
        lease_s: float = limits.LEASE_S,
        grace_s: float = limits.GRACE_S,
    ) -> None:
        self._client = client
        self._bounds = {"lease_ms": int(lease_s * 1000), "grace_ms": int(grace_s * 1000)}
        prelude = (_LUA / "room.lua").read_text(encoding="utf-8")
        self._scripts: dict[str, AsyncScript] = {
            path.stem: client.register_script(prelude + path.read_text(encoding="utf-8"))
            for path in _LUA.glob("*.lua")
            if path.stem != "room"
        }

    @classmethod
    def from_url(cls, url: str, **bounds: float) -> "RedisRoster":
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=TIMEOUT_S,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            # A connection that died while idle is found out by its first command.
            retry=Retry(ConstantBackoff(0.05), 1),
        )
        return cls(Redis(connection_pool=pool), **bounds)

    async def read(self, room_id: UUID) -> View:
        return await self._run("read", room_id, peek=True)

    async def bump(self, room_id: UUID) -> View:
        return await self._run("bump", room_id)

    async def arrive(
        self, room_id: UUID, entry: Entry, *, capacity: int = limits.ROOM_PEERS
    ) -> View:
        return await self._run(
            "arrive",
            room_id,
            entry=_fields(entry),
            capacity=capacity,
            lobby=limits.LOBBY_PEERS,
            tabs=limits.LOBBY_TABS,
        )

    async def restore(self, room_id: UUID, entry: Entry, *, capacity: int | None = None) -> View:
        bound = {} if capacity is None else {"capacity": capacity}
        return await self._run("restore", room_id, entry=_fields(entry), **bound)

    async def resume(
        self,
        room_id: UUID,
        peer_id: PeerId,
        *,
        identity: Identity,
        presented: str,
        fresh: str,
        channel: str,
        socket: str,
    ) -> View:
        return await self._run(
            "resume",
            room_id,
            peer_id=peer_id,
            identity=identity,
            presented=presented,
            fresh=fresh,
            channel=channel,
            socket=socket,
        )

    async def confirm(self, room_id: UUID, peer_id: PeerId, *, socket: str) -> View:
        return await self._run("confirm", room_id, peer_id=peer_id, socket=socket)

    async def join(
        self,
        room_id: UUID,
        peer_id: PeerId,
        *,
        presence: Presence | None,
        capacity: int,
        admit: bool = False,
    ) -> View:
        shown = {} if presence is None else {"presence": presence.model_dump()}
        return await self._run(
            "join", room_id, peer_id=peer_id, capacity=capacity, admit=admit, **shown
        )

    async def wait(self, room_id: UUID, peer_id: PeerId, *, presence: Presence) -> View:
        return await self._run("wait", room_id, peer_id=peer_id, presence=presence.model_dump())

    async def set_presence(
        self, room_id: UUID, peer_id: PeerId, *, presence: Presence, revision: int
    ) -> View:
        return await self._run(
            "presence",
            room_id,
            peer_id=peer_id,
            presence=presence.model_dump(),
            revision=revision,
        )

    async def touch(self, room_id: UUID, peer_ids: Collection[PeerId]) -> View:
        return await self._run("touch", room_id, peer_ids=list(peer_ids))

    async def detach(self, room_id: UUID, peer_id: PeerId, *, socket: str) -> View:
        return await self._run("detach", room_id, peer_id=peer_id, socket=socket)

    async def remove(self, room_id: UUID, peer_id: PeerId, *, reason: GoneReason) -> View:
        return await self._run("remove", room_id, peer_id=peer_id, reason=reason)

    async def close(self) -> None:
        await self._client.aclose(close_connection_pool=True)

    async def _run(self, name: str, room_id: UUID, **arguments: Any) -> View:
        call = {"epoch": secrets.token_urlsafe(9), **self._bounds, **arguments}
        try:
            answer: bytes = await self._scripts[name](
                keys=[f"traverse:room:{room_id.hex}", "traverse:epoch"],
                args=[orjson.dumps(call)],
            )
        except (RedisError, OSError, TimeoutError) as error:
            raise RosterUnavailable(type(error).__name__) from error
        fields = orjson.loads(answer)
        if "refused" in fields:
            raise _REFUSALS[fields["refused"]]
        return _view(fields)


def _fields(entry: Entry) -> dict[str, Any]:
    """None is left out: Lua's cjson has a null of its own that is not nil."""
    return {name: value for name, value in asdict(entry).items() if value is not None}


def _view(fields: dict[str, Any]) -> View:
    # An empty Lua table is written as an object, also where a list is meant.
    entries = [_entry(each) for each in fields["entries"] or ()]
    before = fields.get("before")
    return View(
        epoch=fields["epoch"],
        epoch_age_ms=int(fields["epoch_age_ms"]),
        rev=int(fields["rev"]),
        entries={entry.peer_id: entry for entry in entries},
        changed=fields["changed"],
        gone=tuple(Gone(_entry(each["entry"]), each["reason"]) for each in fields["gone"] or ()),
        before=_entry(before) if before else None,
    )


def _entry(fields: dict[str, Any]) -> Entry:
    order = fields.get("order")
    return Entry(
        **{
            **fields,
            "peer_id": PeerId(fields["peer_id"]),
            "seat_id": SeatId(fields["seat_id"]),
            "role": Role(fields["role"]),
            "phase": Phase(fields["phase"]),
            "state": PeerState(fields["state"]),
            "order": None if order is None else int(order),
            "revision": int(fields["revision"]),
            "since_ms": int(fields["since_ms"]),
        }
    )
