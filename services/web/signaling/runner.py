"""Runs a session's effects: the bridge between what is decided and what happens."""

import logging
import time
from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.db import DatabaseError

from rooms import services
from signaling import effects as do
from signaling import metrics, seats
from signaling.connections import Connection
from signaling.database import in_database
from signaling.door import Door
from signaling.hub import Hub
from signaling.ice import ice_for
from signaling.protocol import messages as m
from signaling.protocol.codec import encode
from signaling.protocol.errors import ERRORS, ErrorCode
from signaling.room_frames import sees_roster
from signaling.roster import (
    Entry,
    GoneReason,
    PeerUnknown,
    Phase,
    RoomIsFull,
    RosterUnavailable,
    View,
)

logger = logging.getLogger(__name__)

RETRY_MS: Final = 1000
_FINAL: Final = frozenset(
    {
        ErrorCode.UNAUTHENTICATED,
        ErrorCode.FORBIDDEN,
        ErrorCode.ROOM_EXPIRED,
        ErrorCode.ROOM_CLOSED,
        ErrorCode.REMOVED,
    }
)
"""Ends that take the peer out of the room at once, without its grace."""


class Runner:
    """Of one connection."""

    def __init__(self, *, hub: Hub, connection: Connection, cookies: Mapping[str, str]) -> None:
        self._hub = hub
        self._connection = connection
        self._cookies = cookies
        self._door = Door(roster=hub.roster, channel=hub.channel)
        self._view: View | None = None

    async def run(self, effect: do.Effect) -> do.Event | None:
        """Return what the session must hear of it. Raises Refused."""
        try:
            return await self._run(effect)
        except RosterUnavailable:
            raise do.Refused(ErrorCode.UNAVAILABLE, retry_after_ms=RETRY_MS) from None
        except DatabaseError as error:
            logger.warning("database_unavailable", extra={"error": type(error).__name__})
            raise do.Refused(ErrorCode.UNAVAILABLE, retry_after_ms=RETRY_MS) from None
        except RoomIsFull:
            raise do.Refused(ErrorCode.ROOM_FULL) from None
        except PeerUnknown:
            raise do.Refused(ErrorCode.PEER_GONE) from None

    async def _run(self, effect: do.Effect) -> do.Event | None:  # noqa: C901 - one line each
        match effect:
            case do.Send(message):
                await self._send(message)
            case do.Pong(t):
                await self._send(m.Pong(t=t, server_time=time.time()))
            case do.Close():
                await self._close(effect)
            case do.Greet(hello):
                return await self._greet(hello)
            case do.Appear():
                await self._appear()
            case do.ConfirmResume():
                await self._confirm()
            case do.Enter(presence, re):
                return await self._enter(presence, re)
            case do.ShowRoom(known_rev):
                await self._hub.show_to(self._connection, known_rev=known_rev)
            case do.AnnounceRoom():
                await self._publish(self._view)
            case do.Relay(to, message):
                await self._hub.relay(self._connection, to, message)
            case do.StorePresence(presence, revision):
                await self._store_presence(presence, revision)
            case do.GiveIce(re):
                await self._give_ice(re)
            case do.Depart():
                await self._depart("left")
            case do.AdmitPeer(peer_id):
                await self._admit(peer_id)
            case do.DenyPeer(peer_id):
                await self._deny(peer_id)
            case do.RemovePeer(peer_id):
                await self._remove(peer_id)
            case do.SetLocked(locked):
                await in_database(
                    services.set_locked, room_id=self._connection.room_id, locked=locked
                )
            case do.CountReport(report):
                metrics.reported(report)
        return None

    # --- The own socket -------------------------------------------------------------
    async def _send(self, message: m.Part) -> None:
        if isinstance(message, m.Error):
            metrics.refused("error", message.code)
        await self._connection.deliver(encode(message))

    async def _close(self, close: do.Close) -> None:
        info = ERRORS[close.code]
        metrics.refused("bye", close.code)
        await self._send(
            m.Bye(
                code=close.code,
                action=info.action,
                message=info.message,
                retry_after_ms=close.retry_after_ms,
            )
        )
        await self._connection.close(info.close_code or 1000)
        if close.code in _FINAL and self._connection.entry is not None:
            await self._depart("removed")

    async def _greet(self, hello: m.Hello) -> do.Event:
        welcomed, place = await self._door.greet(
            self._connection, hello, self._cookies, cookie=settings.SESSION_COOKIE_NAME
        )
        self._view = place.view
        return welcomed

    async def _appear(self) -> None:
        assert self._view is not None
        before = self._view.before
        if before is not None and before.socket != self._connection.socket:
            await self._hub.dismiss(self._connection.room_id, before, ErrorCode.REPLACED)
        await self._hub.add(self._connection, self._view)

    async def _confirm(self) -> None:
        connection = self._connection
        view = await self._hub.roster.confirm(
            connection.room_id, connection.peer_id, socket=connection.socket
        )
        await self._publish(view)

    async def _give_ice(self, re: str | None) -> None:
        if sees_roster(self._connection):
            await self._send(ice_for(self._connection, re=re))
        elif re is not None:
            raise do.Refused(ErrorCode.NOT_JOINED)

    # --- The own place --------------------------------------------------------------
    async def _enter(self, presence: m.Presence, re: str | None) -> do.Event:
        connection = self._connection
        room_id, peer_id = connection.room_id, connection.peer_id
        if connection.nameless:
            raise do.Refused(ErrorCode.NAME_REQUIRED)
        match connection.admission:
            case m.Admission.LOCKED:
                raise do.Refused(ErrorCode.ROOM_LOCKED)
            case m.Admission.ASK:
                self._view = await self._hub.roster.wait(room_id, peer_id, presence=presence)
                return do.MustWait(re)
            case m.Admission.OPEN:
                pass
        view = await self._hub.roster.join(
            room_id, peer_id, presence=presence, capacity=connection.policy.capacity
        )
        self._view = view
        entry = connection.entry = view.entries[peer_id]
        return do.Entered(seats.seat_message(connection, entry, epoch=view.epoch), re=re)

    async def _store_presence(self, presence: m.Presence, revision: int) -> None:
        connection = self._connection
        await self._publish(
            await self._hub.roster.set_presence(
                connection.room_id, connection.peer_id, presence=presence, revision=revision
            )
        )

    async def _depart(self, reason: GoneReason) -> None:
        """Give the place up at once, if it is still there and still ours."""
        connection = self._connection
        if not self._hub.discard(connection):
            return
        try:
            view = await self._hub.roster.remove(
                connection.room_id, connection.peer_id, reason=reason
            )
        except (PeerUnknown, RosterUnavailable):
            return
        await self._publish(view)

    async def lost(self) -> None:
        """The socket is closed: away, unless it was not the peer's newest one, which the
        roster knows also for a socket that never got as far as the hub."""
        connection = self._connection
        self._hub.discard(connection)
        if connection.entry is None:
            return
        try:
            view = await self._hub.roster.detach(
                connection.room_id, connection.peer_id, socket=connection.socket
            )
        except RosterUnavailable:
            # Its lease runs out instead.
            return
        await self._publish(view)

    async def _publish(self, view: View | None) -> None:
        if view is not None:
            await self._hub.publish(self._connection.room_id, view)

    # --- Other people's places: the session lets only a joined owner get here ---------
    async def _admit(self, peer_id: m.PeerId) -> None:
        connection = self._connection
        entry = await self._other(peer_id, Phase.WAITING)
        view = await self._hub.roster.join(
            connection.room_id,
            peer_id,
            presence=None,
            capacity=connection.policy.capacity,
            admit=True,
        )
        await self._publish(view)
        await in_database(
            services.record_admission, room_id=connection.room_id, identity=entry.identity
        )

    async def _deny(self, peer_id: m.PeerId) -> None:
        entry = await self._other(peer_id, Phase.WAITING)
        await self._hub.dismiss(self._connection.room_id, entry, ErrorCode.DENIED)
        view = await self._hub.roster.remove(self._connection.room_id, peer_id, reason="removed")
        await self._publish(view)

    async def _remove(self, peer_id: m.PeerId) -> None:
        """Every peer of that person goes; only its own other tabs may come back."""
        connection = self._connection
        entry = await self._other(peer_id, Phase.JOINED)
        if entry.identity == connection.identity:
            doomed = [peer_id]
        else:
            await in_database(
                services.record_removal,
                room_id=connection.room_id,
                identity=entry.identity,
                name=entry.name,
            )
            view = await self._hub.read(connection.room_id)
            doomed = [e.peer_id for e in view.entries.values() if e.identity == entry.identity]
        for each in doomed:
            try:
                view = await self._hub.roster.remove(connection.room_id, each, reason="removed")
            except PeerUnknown:
                continue
            await self._publish(view)

    async def _other(self, peer_id: m.PeerId, phase: Phase) -> Entry:
        entry = (await self._hub.read(self._connection.room_id)).entries.get(peer_id)
        if entry is None or entry.phase is not phase or peer_id == self._connection.peer_id:
            raise do.Refused(ErrorCode.PEER_GONE)
        return entry
