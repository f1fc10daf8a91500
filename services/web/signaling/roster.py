"""Who is in each room right now: the interface, and the values that travel over it.

The only place that knows how presence is stored is a Roster: `roster_memory` (the
embedded default, one process) or `roster_redis` (any number of processes). Each change
is atomic, evicts what has gone stale, raises `rev`, and returns the room as it then is.

A peer holds a *lease*. Unless it is renewed within LEASE_S the peer is away (in the
lobby: gone); after GRACE_S away it is gone and its seat is free. Nothing depends on a
socket being seen to close. `rev` starts from the clock, so it rises even over a loss of
the store; `epoch`, which is the store's and not a room's, tells that such a loss happened.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol
from uuid import UUID

from signaling.protocol import limits
from signaling.protocol.messages import PeerId, PeerState, Presence, Role, SeatId
from signaling.tickets import Identity

GoneReason = Literal["left", "removed", "replaced", "expired"]


class Phase(StrEnum):
    LOBBY = "lobby"
    WAITING = "waiting"
    """Asked to come in; the owner decides."""
    JOINED = "joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One peer. Whoever has an `order` occupies a place, joined or reloading."""

    peer_id: PeerId
    seat_id: SeatId
    identity: Identity
    name: str
    role: Role
    channel: str
    """Of the process that holds the socket."""
    socket: str
    """Which of the peer's sockets is the newest."""
    resume_hash: str
    previous_hash: str = ""
    """Good until the first frame over the newest socket."""
    admitted: bool = False
    phase: Phase = Phase.LOBBY
    order: int | None = None
    state: PeerState = PeerState.HERE
    audio: bool = False
    video: bool = False
    screen: bool = False
    hand: bool = False
    revision: int = 0
    since_ms: int = 0
    """Store's clock: when the lease was renewed last, or when it went away."""

    @property
    def seatless(self) -> bool:
        """In the lobby, and not on the way back into a seat."""
        return self.phase is Phase.LOBBY and self.order is None


@dataclass(frozen=True, slots=True)
class Gone:
    """A peer that this change found expired, or took out."""

    entry: Entry
    reason: GoneReason


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A room at one moment."""

    epoch: str
    epoch_age_ms: int
    """Since the store was made or lost; a room that was left empty begins no epoch."""
    rev: int
    entries: Mapping[PeerId, Entry]
    changed: bool = False
    """Whether the call that returned this view raised `rev`."""
    gone: tuple[Gone, ...] = field(default=())
    before: Entry | None = None
    """After `resume`: the peer with the socket that it had until now."""

    def joined(self) -> list[Entry]:
        """In the order of their seats."""
        inside = [entry for entry in self.entries.values() if entry.phase is Phase.JOINED]
        return sorted(inside, key=lambda entry: (entry.order or 0, entry.peer_id))

    def waiting(self) -> list[Entry]:
        return [
            entry
            for entry in self.entries.values()
            if entry.phase is Phase.WAITING and entry.state is PeerState.HERE
        ]

    def holder_of(self, seat_id: SeatId) -> Entry | None:
        return next((e for e in self.entries.values() if e.seat_id == seat_id), None)


class RosterUnavailable(Exception):
    """The store did not answer in time."""


class RoomIsFull(Exception):
    pass


class PeerUnknown(Exception):
    """There is no such peer in this room, or not in the phase that the change needs."""


class ResumeRefused(Exception):
    """The peer is known, but the token is not one of its two."""


class Roster(Protocol):
    """Every method may raise RosterUnavailable."""

    async def read(self, room_id: UUID) -> View:
        """As stored. Evicts nothing: what a change found gone must be told to others."""

    async def arrive(
        self, room_id: UUID, entry: Entry, *, capacity: int = limits.ROOM_PEERS
    ) -> View:
        """Put a new peer into the lobby; whoever held its seat is gone (`replaced`). An
        order that it brings is void when the seats of the room are taken.

        Raises RoomIsFull when LOBBY_PEERS wait there without a seat, or LOBBY_TABS of
        the same person.
        """

    async def restore(self, room_id: UUID, entry: Entry, *, capacity: int | None = None) -> View:
        """Put a peer back as it was, unless it is there; its order stands. None: it held
        its place in this very process, so it is not counted again. Raises RoomIsFull."""

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
        """Move a peer to a new socket: its hash becomes `fresh`, `presented` stays good
        until `confirm`. Raises PeerUnknown, ResumeRefused."""

    async def confirm(self, room_id: UUID, peer_id: PeerId, *, socket: str) -> View:
        """Forget the previous hash."""

    async def join(
        self,
        room_id: UUID,
        peer_id: PeerId,
        *,
        presence: Presence | None,
        capacity: int,
        admit: bool = False,
    ) -> View:
        """Seat a peer: `order` is kept, or max(last in the room + 1, unix ms). `admit`:
        the peer must be waiting. Raises PeerUnknown, RoomIsFull."""

    async def wait(self, room_id: UUID, peer_id: PeerId, *, presence: Presence) -> View:
        """Raises PeerUnknown."""

    async def set_presence(
        self, room_id: UUID, peer_id: PeerId, *, presence: Presence, revision: int
    ) -> View:
        """The highest revision wins. Raises PeerUnknown."""

    async def touch(self, room_id: UUID, peer_ids: Collection[PeerId]) -> View:
        """Renew leases; a touched peer that was away is here. Peers that are not in the
        room are passed over."""

    async def detach(self, room_id: UUID, peer_id: PeerId, *, socket: str) -> View:
        """The socket closed. Only the peer's newest socket counts; a lobby peer without
        an order is taken out."""

    async def remove(self, room_id: UUID, peer_id: PeerId, *, reason: GoneReason) -> View: ...

    async def bump(self, room_id: UUID) -> View:
        """Raise `rev` because something beside presence changed, such as the name."""

    async def close(self) -> None: ...
