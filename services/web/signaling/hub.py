"""Delivery between peers: the only place where a frame passes from one socket to another.

One hub per process. A peer whose socket is in this process gets its frame directly;
for a peer elsewhere the frame goes through the channel layer on the ONE channel of the
process that holds it. No groups, no receive loop per socket, and no client's words in
a layer `type`. The layer may lose messages: rosters heal by `rev` at each beat, links
heal by sending again.

Owns: the connections of this process and the newest view of their rooms.
The source of truth for who is in a room is the roster.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from channels.layers import BaseChannelLayer, get_channel_layer

from signaling import metrics
from signaling.connections import Connection
from signaling.effects import Dismissed, Entered, Refused
from signaling.protocol import messages as m
from signaling.protocol.codec import encode
from signaling.protocol.errors import ErrorCode
from signaling.room_frames import RoomFrames, door_of, is_joined, sees_roster
from signaling.roster import Entry, Gone, GoneReason, Phase, Roster, RosterUnavailable, View
from signaling.seats import seat_message
from signaling.wire import Wire

logger = logging.getLogger(__name__)

_FRAME: Final = "hub.frame"
_ROOM: Final = "hub.room"
_BYE: Final = "hub.bye"


@dataclass(slots=True)
class LocalRoom:
    connections: dict[m.PeerId, Connection] = field(default_factory=dict)
    view: View | None = None


class Hub:
    def __init__(self, *, roster: Roster, layer: BaseChannelLayer | None) -> None:
        self.roster = roster
        self.rooms: dict[UUID, LocalRoom] = {}
        self._wire = Wire(layer)
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self.on_policy_change: Callable[[UUID], Awaitable[None]] | None = None

    # --- Life ---------------------------------------------------------------------
    @property
    def channel(self) -> str:
        """Where other processes reach the sockets of this one."""
        return self._wire.channel

    async def start(self) -> None:
        await self._wire.open()
        self.spawn(self._wire.listen(self._hear))

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.roster.close()

    def spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("hub_task_failed", exc_info=task.exception())

    def connections(self) -> list[Connection]:
        return [c for room in self.rooms.values() for c in room.connections.values()]

    # --- Members --------------------------------------------------------------------
    async def add(self, connection: Connection, view: View) -> None:
        """The newest socket of a peer wins; the one before it is told `replaced`."""
        room = self.rooms.setdefault(connection.room_id, LocalRoom())
        peer_id = connection.peer_id
        older = room.connections.get(peer_id)
        room.connections[peer_id] = connection
        connection.told = door_of(connection)
        if older is not None and older is not connection:
            await older.notify(Dismissed(ErrorCode.REPLACED))
        await self.publish(connection.room_id, view)
        await self.show_to(connection, known_rev=connection.shown_rev)

    def discard(self, connection: Connection) -> bool:
        """Return whether this was still the peer's newest socket here."""
        room = self.rooms.get(connection.room_id)
        if room is None or connection.entry is None:
            return False
        if room.connections.get(connection.peer_id) is not connection:
            return False
        del room.connections[connection.peer_id]
        if not room.connections:
            del self.rooms[connection.room_id]
        return True

    # --- Frames between two peers -------------------------------------------------------
    async def relay(self, sender: Connection, to: m.PeerId, message: m.Part) -> None:
        """Raises Refused(PEER_GONE) unless both are joined in the sender's room."""
        target = await self._find(sender, to)
        frame = encode(message)
        local = self._local(sender.room_id, to)
        if local is not None:
            await local.deliver(frame)
            metrics.relayed("local")
        elif target.state is m.PeerState.HERE:
            await self._wire.send(
                target.channel,
                {"type": _FRAME, "room": sender.room_id.hex, "to": to, "frame": frame},
            )
            metrics.relayed("layer")
        else:
            # Away: the link sends its description again when it is still not stable.
            metrics.relayed("away")

    async def _find(self, sender: Connection, to: m.PeerId) -> Entry:
        room = self.rooms.get(sender.room_id)
        if room is None:
            raise Refused(ErrorCode.NOT_JOINED)
        entry = room.view.entries.get(to) if room.view else None
        if entry is None or self._has_moved(sender.room_id, entry):
            # Our view may be older than the sender's: look once more.
            view = await self.read(sender.room_id)
            await self.show(sender.room_id, view)
            entry = view.entries.get(to)
        if entry is None or entry.phase is not Phase.JOINED:
            raise Refused(ErrorCode.PEER_GONE)
        return entry

    def _has_moved(self, room_id: UUID, entry: Entry) -> bool:
        """Our view says that the peer is here, and it is not."""
        ours = entry.channel == self.channel and entry.state is m.PeerState.HERE
        return ours and self._local(room_id, entry.peer_id) is None

    def _local(self, room_id: UUID, peer_id: m.PeerId) -> Connection | None:
        room = self.rooms.get(room_id)
        connection = room.connections.get(peer_id) if room else None
        return connection if connection is not None and connection.open else None

    async def read(self, room_id: UUID) -> View:
        try:
            return await self.roster.read(room_id)
        except RosterUnavailable:
            raise Refused(ErrorCode.UNAVAILABLE, retry_after_ms=1000) from None

    # --- What a room looks like ------------------------------------------------------
    async def publish(self, room_id: UUID, view: View, *, policy: bool = False) -> None:
        """Show a changed room to everyone in it, here and on the other processes."""
        await self.show(room_id, view)
        if not (view.changed or view.gone or policy):
            return
        channels = {entry.channel for entry in view.entries.values()}
        channels |= {gone.entry.channel for gone in view.gone}
        notice = {
            "type": _ROOM,
            "room": room_id.hex,
            "policy": policy,
            "gone": [
                [gone.entry.peer_id, gone.reason, gone.entry.phase.value] for gone in view.gone
            ],
        }
        for channel in channels - {self.channel}:
            await self._wire.send(channel, notice)

    async def show(self, room_id: UUID, view: View) -> None:
        """Bring the sockets of this process up to `view`, unless they are beyond it."""
        await self._dismiss_gone(room_id, view.gone)
        room = self.rooms.get(room_id)
        if room is None:
            return
        if room.view is not None and room.view.rev >= view.rev:
            return
        before, room.view = room.view, view
        await self._follow(room, before, view)
        frames = RoomFrames(view)
        for connection in list(room.connections.values()):
            if connection.shown_rev >= view.rev:
                continue
            door = door_of(connection)
            if sees_roster(connection) or connection.told != door:
                connection.shown_rev, connection.told = view.rev, door
                await connection.deliver(frames.for_(connection))

    async def show_to(self, connection: Connection, *, known_rev: int) -> None:
        room = self.rooms.get(connection.room_id)
        if room is None or room.view is None or not sees_roster(connection):
            return
        if known_rev < room.view.rev:
            connection.shown_rev = room.view.rev
            await connection.deliver(RoomFrames(room.view).for_(connection))

    async def _follow(self, room: LocalRoom, before: View | None, view: View) -> None:
        """Tell sessions what the new view says of themselves and of who knocks."""
        for connection in list(room.connections.values()):
            entry = view.entries.get(connection.peer_id)
            if entry is None:
                continue
            was, connection.entry = connection.entry, entry
            if was and was.phase is Phase.WAITING and entry.phase is Phase.JOINED:
                connection.admission = m.Admission.OPEN
                seat = seat_message(connection, entry, epoch=view.epoch)
                await connection.notify(Entered(seat, admitted=True))
        known = {entry.peer_id for entry in before.waiting()} if before else set()
        knocks = [
            encode(m.RoomKnock(peer_id=entry.peer_id, name=entry.name))
            for entry in view.waiting()
            if entry.peer_id not in known
        ]
        if knocks:
            for connection in list(room.connections.values()):
                if connection.role is m.Role.OWNER and is_joined(connection):
                    for knock in knocks:
                        await connection.deliver(knock)

    async def _dismiss_gone(self, room_id: UUID, gone: Iterable[Gone]) -> None:
        for item in gone:
            await self._gone(
                room_id, item.entry.peer_id, item.reason, item.entry.phase is Phase.JOINED
            )

    async def _gone(
        self, room_id: UUID, peer_id: m.PeerId, reason: GoneReason, joined: bool
    ) -> None:
        room = self.rooms.get(room_id)
        if room is None:
            return
        own = room.connections.get(peer_id)
        if own is not None and reason != "left":
            await own.notify(Dismissed(_CODE_OF_GONE[reason]))
        if not joined:
            return
        frame = encode(m.PeerGone(peer_id=peer_id, reason=reason))
        for connection in list(room.connections.values()):
            if connection is not own and sees_roster(connection):
                await connection.deliver(frame)

    # --- Between processes -------------------------------------------------------------
    async def dismiss(self, room_id: UUID, entry: Entry, code: ErrorCode) -> None:
        """End the socket of a peer, wherever it is."""
        await self._bye(room_id, entry.peer_id, entry.socket, code)
        if entry.channel != self.channel:
            await self._wire.send(
                entry.channel,
                {
                    "type": _BYE,
                    "room": room_id.hex,
                    "peer": entry.peer_id,
                    "socket": entry.socket,
                    "code": code.value,
                },
            )

    async def _bye(self, room_id: UUID, peer_id: m.PeerId, socket: str, code: ErrorCode) -> None:
        room = self.rooms.get(room_id)
        connection = room.connections.get(peer_id) if room else None
        if connection is not None and connection.socket == socket:
            await connection.notify(Dismissed(code))

    async def _hear(self, message: dict[str, Any]) -> None:
        room_id = UUID(hex=message["room"])
        match message["type"]:
            case "hub.frame":
                connection = self._local(room_id, message["to"])
                if connection is not None and is_joined(connection):
                    await connection.deliver(message["frame"])
            case "hub.room":
                # In its own task: a slow store must not hold up frames.
                self.spawn(self._room_changed(room_id, message["gone"], message["policy"]))
            case "hub.bye":
                await self._bye(
                    room_id, message["peer"], message["socket"], ErrorCode(message["code"])
                )

    async def _room_changed(self, room_id: UUID, gone: list[list[str]], policy: bool) -> None:
        for peer_id, reason, phase in gone:
            await self._gone(
                room_id, m.PeerId(peer_id), _REASONS[reason], phase == Phase.JOINED.value
            )
        if room_id not in self.rooms:
            return
        if policy and self.on_policy_change is not None:
            await self.on_policy_change(room_id)
        try:
            await self.show(room_id, await self.roster.read(room_id))
        except RosterUnavailable:
            logger.warning("roster_unavailable")

    # --- Announcements from the rest of the site ----------------------------------------
    def announce_from_thread(self, room_id: UUID) -> None:
        # In a context of its own: the thread's would make asgiref see a deadlock when
        # the announcement itself uses a thread.
        self._loop.call_soon_threadsafe(
            lambda: self.spawn(self.announce(room_id)), context=Context()
        )

    async def announce(self, room_id: UUID) -> None:
        """The room's policy changed: every process with a socket in it reads it again."""
        if self.on_policy_change is not None and room_id in self.rooms:
            await self.on_policy_change(room_id)
        try:
            await self.publish(room_id, await self.roster.bump(room_id), policy=True)
        except RosterUnavailable:
            logger.warning("roster_unavailable")


_CODE_OF_GONE: Final[dict[GoneReason, ErrorCode]] = {
    "left": ErrorCode.LEFT,
    "removed": ErrorCode.REMOVED,
    "replaced": ErrorCode.REPLACED,
    "expired": ErrorCode.RESUME_REFUSED,
}
_REASONS: Final[dict[str, GoneReason]] = {reason: reason for reason in _CODE_OF_GONE}

_running: Hub | None = None


def running() -> Hub | None:
    """The hub of this process, once its first socket has opened."""
    return _running


def set_running(hub: Hub | None) -> None:
    global _running  # noqa: PLW0603 - views run in other threads and have no scope to ask
    _running = hub


async def announce_without_hub(room_id: UUID) -> None:
    """From a process that holds no sockets."""
    from signaling.process import make_roster

    hub = Hub(roster=make_roster(), layer=get_channel_layer())
    try:
        await hub.announce(room_id)
    finally:
        await hub.stop()
