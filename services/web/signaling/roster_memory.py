"""The roster of the embedded default: one process, lost with it.

The lock of each change is the event loop itself: no method awaits anything.
"""

import secrets
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from uuid import UUID

from signaling.protocol import limits
from signaling.protocol.messages import PeerId, PeerState, Presence
from signaling.roster import (
    Entry,
    Gone,
    GoneReason,
    PeerUnknown,
    Phase,
    ResumeRefused,
    RoomIsFull,
    View,
)
from signaling.tickets import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounds:
    lease_ms: int
    grace_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Epoch:
    since_ms: int
    name: str = field(default_factory=lambda: secrets.token_urlsafe(9))

    def age_ms(self, now_ms: int) -> int:
        return max(0, now_ms - self.since_ms)


@dataclass(slots=True)
class _Room:
    epoch: _Epoch
    rev: int = 0
    last_order: int = 0
    entries: dict[PeerId, Entry] = field(default_factory=dict)


class _Change:
    """One change of one room: evicts on the way in, answers with a View on the way out."""

    def __init__(self, room: _Room, now_ms: int, bounds: _Bounds) -> None:
        self.room = room
        self.bounds = bounds
        self.now_ms = now_ms
        self.changed = False
        self.gone: list[Gone] = []
        for entry in list(room.entries.values()):
            self._evict(entry)

    def _evict(self, entry: Entry) -> None:
        lease_ended_ms = entry.since_ms + self.bounds.lease_ms
        if entry.state is PeerState.HERE and self.now_ms > lease_ended_ms:
            if entry.seatless:
                self.take(entry, "expired")
                return
            entry = replace(entry, state=PeerState.AWAY, since_ms=lease_ended_ms)
            self.put(entry)
        if entry.state is PeerState.AWAY and self.now_ms - entry.since_ms > self.bounds.grace_ms:
            self.take(entry, "expired")

    def get(self, peer_id: PeerId) -> Entry:
        try:
            return self.room.entries[peer_id]
        except KeyError:
            raise PeerUnknown from None

    def put(self, entry: Entry, *, visible: bool = True) -> None:
        """Who is only in the lobby is in nobody's roster: no new `rev` for that."""
        self.room.entries[entry.peer_id] = entry
        self.changed = self.changed or (visible and entry.phase is not Phase.LOBBY)

    def take(self, entry: Entry, reason: GoneReason) -> None:
        del self.room.entries[entry.peer_id]
        self.gone.append(Gone(entry, reason))
        self.changed = self.changed or entry.phase is not Phase.LOBBY

    def seated(self, *, beside: PeerId) -> int:
        entries = self.room.entries.values()
        return sum(e.order is not None for e in entries if e.peer_id != beside)

    def view(self) -> View:
        if self.changed or not self.room.rev:
            self.room.rev = max(self.room.rev + 1, self.now_ms)
        return View(
            epoch=self.room.epoch.name,
            epoch_age_ms=self.room.epoch.age_ms(self.now_ms),
            rev=self.room.rev,
            entries=dict(self.room.entries),
            changed=self.changed,
            gone=tuple(self.gone),
        )


def steady_clock() -> Callable[[], float]:
    """Unix seconds that no correction of the machine's clock moves: a step of two
    minutes would otherwise end every lease and grace at once."""
    started = time.time() - time.monotonic()
    return lambda: started + time.monotonic()


class MemoryRoster:
    def __init__(
        self,
        *,
        clock: Callable[[], float] | None = None,
        lease_s: float = limits.LEASE_S,
        grace_s: float = limits.GRACE_S,
    ) -> None:
        self._clock = clock or steady_clock()
        self._bounds = _Bounds(lease_ms=int(lease_s * 1000), grace_ms=int(grace_s * 1000))
        self._rooms: dict[UUID, _Room] = {}
        self._epoch = _Epoch(since_ms=self._now_ms())
        self._swept_ms = self._now_ms()

    def __len__(self) -> int:
        """How many rooms are kept."""
        return len(self._rooms)

    async def read(self, room_id: UUID) -> View:
        room = self._rooms.get(room_id) or _Room(self._epoch)
        return View(
            epoch=room.epoch.name,
            epoch_age_ms=room.epoch.age_ms(self._now_ms()),
            rev=room.rev,
            entries=dict(room.entries),
        )

    async def arrive(
        self, room_id: UUID, entry: Entry, *, capacity: int = limits.ROOM_PEERS
    ) -> View:
        self._sweep()
        change = self._open(room_id)
        for other in list(change.room.entries.values()):
            if other.seat_id == entry.seat_id:
                change.take(other, "replaced")
        if change.seated(beside=entry.peer_id) >= capacity:
            entry = replace(entry, order=None, admitted=False)
        if entry.order is None:
            seatless = [e for e in change.room.entries.values() if e.order is None]
            own = sum(e.identity == entry.identity for e in seatless)
            if len(seatless) >= limits.LOBBY_PEERS or own >= limits.LOBBY_TABS:
                raise RoomIsFull
        change.put(replace(entry, since_ms=change.now_ms))
        return self._finish(room_id, change)

    async def restore(self, room_id: UUID, entry: Entry, *, capacity: int | None = None) -> View:
        change = self._open(room_id)
        if entry.peer_id not in change.room.entries:
            if capacity is not None and change.seated(beside=entry.peer_id) >= capacity:
                raise RoomIsFull
            change.put(replace(entry, state=PeerState.HERE, since_ms=change.now_ms))
            change.room.last_order = max(change.room.last_order, entry.order or 0)
        return self._finish(room_id, change)

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
        change = self._open(room_id)
        entry = change.get(peer_id)
        if entry.identity != identity or not _matches(entry, presented):
            raise ResumeRefused
        change.put(
            replace(
                entry,
                resume_hash=fresh,
                previous_hash=presented,
                channel=channel,
                socket=socket,
                state=PeerState.HERE,
                since_ms=change.now_ms,
            )
        )
        return replace(self._finish(room_id, change), before=entry)

    async def confirm(self, room_id: UUID, peer_id: PeerId, *, socket: str) -> View:
        change = self._open(room_id)
        entry = change.room.entries.get(peer_id)
        if entry is not None and entry.socket == socket:
            change.put(replace(entry, previous_hash=""), visible=False)
        return self._finish(room_id, change)

    async def join(
        self,
        room_id: UUID,
        peer_id: PeerId,
        *,
        presence: Presence | None,
        capacity: int,
        admit: bool = False,
    ) -> View:
        change = self._open(room_id)
        entry = change.get(peer_id)
        if admit and entry.phase is not Phase.WAITING:
            raise PeerUnknown
        if change.seated(beside=peer_id) >= capacity:
            raise RoomIsFull
        if entry.order is None:
            order = max(change.room.last_order + 1, change.now_ms)
            entry = replace(entry, order=order)
        change.room.last_order = max(change.room.last_order, entry.order or 0)
        entry = replace(entry, phase=Phase.JOINED, admitted=True)
        change.put(_with_presence(entry, presence))
        return self._finish(room_id, change)

    async def wait(self, room_id: UUID, peer_id: PeerId, *, presence: Presence) -> View:
        change = self._open(room_id)
        change.put(_with_presence(replace(change.get(peer_id), phase=Phase.WAITING), presence))
        return self._finish(room_id, change)

    async def set_presence(
        self, room_id: UUID, peer_id: PeerId, *, presence: Presence, revision: int
    ) -> View:
        change = self._open(room_id)
        entry = change.get(peer_id)
        if revision > entry.revision:
            change.put(_with_presence(replace(entry, revision=revision), presence))
        return self._finish(room_id, change)

    async def touch(self, room_id: UUID, peer_ids: Collection[PeerId]) -> View:
        change = self._open(room_id)
        for peer_id in peer_ids:
            entry = change.room.entries.get(peer_id)
            if entry is not None:
                returned = entry.state is PeerState.AWAY
                renewed = replace(entry, state=PeerState.HERE, since_ms=change.now_ms)
                change.put(renewed, visible=returned)
        return self._finish(room_id, change)

    async def detach(self, room_id: UUID, peer_id: PeerId, *, socket: str) -> View:
        change = self._open(room_id)
        entry = change.room.entries.get(peer_id)
        if entry is not None and entry.socket == socket and entry.state is PeerState.HERE:
            if entry.seatless:
                change.take(entry, "left")
            else:
                change.put(replace(entry, state=PeerState.AWAY, since_ms=change.now_ms))
        return self._finish(room_id, change)

    async def remove(self, room_id: UUID, peer_id: PeerId, *, reason: GoneReason) -> View:
        change = self._open(room_id)
        change.take(change.get(peer_id), reason)
        return self._finish(room_id, change)

    async def bump(self, room_id: UUID) -> View:
        change = self._open(room_id)
        change.changed = change.changed or bool(change.room.entries)
        return self._finish(room_id, change)

    async def close(self) -> None:
        self._rooms.clear()

    def forget(self) -> None:
        """Lose everything, as a flushed or restarted store does."""
        self._rooms.clear()
        self._epoch = _Epoch(since_ms=self._now_ms())

    def _now_ms(self) -> int:
        return int(self._clock() * 1000)

    def _sweep(self) -> None:
        """Drop the rooms that everybody left without a word: nobody else would ask for them."""
        now_ms = self._now_ms()
        if now_ms - self._swept_ms < self._bounds.grace_ms:
            return
        self._swept_ms = now_ms
        for room_id in list(self._rooms):
            if not self._open(room_id).room.entries:
                del self._rooms[room_id]

    def _open(self, room_id: UUID) -> _Change:
        """On a copy: a change that is refused leaves nothing behind, evictions included."""
        known = self._rooms.get(room_id)
        room = replace(known, entries=dict(known.entries)) if known else _Room(self._epoch)
        return _Change(room, self._now_ms(), self._bounds)

    def _finish(self, room_id: UUID, change: _Change) -> View:
        view = change.view()
        if change.room.entries:
            self._rooms[room_id] = change.room
        else:
            self._rooms.pop(room_id, None)
        return view


def _matches(entry: Entry, presented: str) -> bool:
    known = (entry.resume_hash, entry.previous_hash)
    return any(secrets.compare_digest(hash_, presented) for hash_ in known if hash_)


def _with_presence(entry: Entry, presence: Presence | None) -> Entry:
    if presence is None:
        return entry
    return replace(
        entry,
        audio=presence.audio,
        video=presence.video,
        screen=presence.screen,
        hand=presence.hand,
    )
