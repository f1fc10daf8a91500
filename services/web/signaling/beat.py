"""What the hub does by the clock: leases, sessions, credentials, rooms that expire."""

import asyncio
import logging
import time
from typing import Final

from django.db import DatabaseError

from accounts.sessions import still_valid
from signaling import metrics
from signaling.connections import Connection
from signaling.database import in_database
from signaling.effects import Dismissed, IceDue
from signaling.hub import Hub
from signaling.policies import PolicyWatch
from signaling.protocol.errors import ErrorCode
from signaling.roster import RosterUnavailable, View

logger = logging.getLogger(__name__)

BEAT_S: Final = 3.0
"""Two beats may pass until a log-out or a lost lease is acted on: less than promised."""
DATABASE_TIMEOUT_S: Final = 5.0


class Beat:
    def __init__(self, hub: Hub, watch: PolicyWatch) -> None:
        self._hub = hub
        self._watch = watch

    async def run(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            for step in (self._leases, self._sessions, self._policies, self._credentials):
                try:
                    await step()
                except Exception:
                    logger.exception("beat_failed")
            metrics.SOCKETS.set(len(self._hub.connections()))
            metrics.ROOMS.set(len(self._hub.rooms))

    async def _leases(self) -> None:
        await self._watch.dismiss_expired()
        for room_id, room in list(self._hub.rooms.items()):
            # An open socket is a living one: Daphne's pings close it within 22 s of silence,
            # and a page in the background may not get to its own timers for a minute.
            held = [each for each in room.connections.values() if each.open]
            known = room.view
            try:
                view = await self._hub.roster.touch(room_id, [each.peer_id for each in held])
                await self._hub.publish(room_id, view)
                for connection in held:
                    if connection.peer_id not in view.entries:
                        await self._missing(connection, known=known, now=view)
            except RosterUnavailable:
                logger.warning("roster_unavailable")
                return

    async def _missing(self, connection: Connection, *, known: View | None, now: View) -> None:
        """Our socket's peer is not in the roster. If the roster was lost, it is put back
        as we knew it; otherwise another process took it out and we missed the notice."""
        entry = connection.entry
        if entry is None:
            return
        if known is not None and known.epoch == now.epoch:
            await connection.notify(Dismissed(ErrorCode.RESUME_REFUSED))
            return
        await self._hub.publish(
            connection.room_id, await self._hub.roster.restore(connection.room_id, entry)
        )

    async def _sessions(self) -> None:
        """Fails open: without the database nobody is put out of a running call."""
        held = [c for c in self._hub.connections() if c.session_ref is not None]
        refs = frozenset(c.session_ref for c in held if c.session_ref is not None)
        if not refs:
            return
        try:
            async with asyncio.timeout(DATABASE_TIMEOUT_S):
                valid = await in_database(still_valid, refs)
        except (DatabaseError, TimeoutError) as error:
            logger.warning("sessions_not_checked", extra={"error": type(error).__name__})
            return
        for connection in held:
            if connection.session_ref not in valid:
                await connection.notify(Dismissed(ErrorCode.UNAUTHENTICATED))

    async def _policies(self) -> None:
        """Fails open, too: a change is acted on as soon as it can be read."""
        try:
            async with asyncio.timeout(DATABASE_TIMEOUT_S):
                await self._watch.sweep()
        except (DatabaseError, RosterUnavailable, TimeoutError) as error:
            logger.warning("policies_not_read", extra={"error": type(error).__name__})

    async def _credentials(self) -> None:
        now = time.time()
        for connection in self._hub.connections():
            due = connection.ice_refresh_at
            if due is not None and due <= now:
                await connection.notify(IceDue())
