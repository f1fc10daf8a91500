"""What a room allows to one person, from the database, and when it is read again.

`admission_of` decides; `facts_for_entry` is the only place where an open socket touches
the database on the way in, in one hop to its thread.
"""

import time
from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from accounts.sessions import SessionRef, is_valid
from rooms.models import Access
from rooms.queries import RoomPolicy, policies_for, policy_for
from signaling.connections import Connection
from signaling.database import in_database
from signaling.effects import Appointed, Dismissed, IceDue, Refused
from signaling.hub import Hub
from signaling.protocol.errors import ErrorCode
from signaling.protocol.messages import Admission, Role
from signaling.roster import PeerUnknown, Phase, RoomIsFull, RosterUnavailable
from signaling.tickets import Identity


async def facts_for_entry(
    *, room_id: UUID, identity: Identity, session: SessionRef | None
) -> tuple[RoomPolicy | None, bool]:
    """The policy, and whether the person's session still stands. One query, and one
    more for the session of someone who is signed in."""
    return await in_database(_facts, room_id, identity, session)


def _facts(
    room_id: UUID, identity: Identity, session: SessionRef | None
) -> tuple[RoomPolicy | None, bool]:
    alive = session is None or is_valid(session)
    return policy_for(room_id=room_id, identity=identity), alive


def role_of(policy: RoomPolicy, identity: Identity) -> Role:
    if identity == policy.owner:
        return Role.OWNER
    return Role.GUEST if identity.startswith("guest:") else Role.MEMBER


def admission_of(
    policy: RoomPolicy | None, identity: Identity, *, seated: bool, admitted: bool
) -> Admission:
    """Raises Refused with the reason why this person may not even wait here.

    `seated`: holds a place in the room already, so that a lock does not concern them.
    """
    if policy is None:
        raise Refused(ErrorCode.ROOM_NOT_FOUND)
    if policy.removed:
        raise Refused(ErrorCode.REMOVED)
    if policy.expires_at is not None and policy.expires_at <= datetime.now(UTC):
        raise Refused(ErrorCode.ROOM_EXPIRED)
    role = role_of(policy, identity)
    if policy.access is Access.SIGNED_IN and role is Role.GUEST:
        raise Refused(ErrorCode.FORBIDDEN)
    if role is Role.OWNER or seated:
        return Admission.OPEN
    if policy.locked:
        return Admission.LOCKED
    if policy.access is Access.ASK and not (policy.admitted or admitted):
        return Admission.ASK
    return Admission.OPEN


class PolicyWatch:
    """Applies a room's changed policy to the sockets of this process."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def reread(self, room_id: UUID) -> None:
        room = self._hub.rooms.get(room_id)
        if room is None:
            return
        await self._reread(list(room.connections.values()))

    async def sweep(self) -> None:
        """Read all policies again: a notice may be lost, or come between a hello that
        read the policy and the moment when its socket could hear of a change."""
        for room_id in await self._reread(self._hub.connections()):
            await self._hub.publish(room_id, await self._hub.roster.bump(room_id))

    async def _reread(self, connections: Collection[Connection]) -> set[UUID]:
        """Return the rooms where something was not as known."""
        people = frozenset((c.room_id, c.identity) for c in connections)
        policies = await in_database(policies_for, people)
        changed = set()
        for connection in connections:
            policy = policies.get((connection.room_id, connection.identity))
            if connection.open and policy != connection.policy:
                changed.add(connection.room_id)
                await self._apply(connection, policy)
        return changed

    async def _apply(self, connection: Connection, policy: RoomPolicy | None) -> None:
        entry = connection.entry
        assert entry is not None
        seated = entry.order is not None
        try:
            admission = admission_of(
                policy, connection.identity, seated=seated, admitted=entry.admitted
            )
        except Refused as refused:
            code = refused.code
            if code is ErrorCode.ROOM_NOT_FOUND:
                code = ErrorCode.ROOM_CLOSED
            await connection.notify(Dismissed(code))
            return
        assert policy is not None
        connection.policy = policy
        role = role_of(policy, connection.identity)
        if role is not connection.role:
            connection.role = role
            await connection.notify(Appointed(role))
        was, connection.admission = connection.admission, admission
        opened = admission is Admission.OPEN and was is not Admission.OPEN
        if opened and entry.phase is Phase.LOBBY:
            await connection.notify(IceDue())
        elif opened and entry.phase is Phase.WAITING:
            await self._let_in(connection)

    async def _let_in(self, connection: Connection) -> None:
        """Nobody has to ask any more: whoever still waits comes in now."""
        try:
            view = await self._hub.roster.join(
                connection.room_id,
                connection.peer_id,
                presence=None,
                capacity=connection.policy.capacity,
                admit=True,
            )
        except (PeerUnknown, RoomIsFull, RosterUnavailable):
            return
        await self._hub.publish(connection.room_id, view)

    async def dismiss_expired(self) -> None:
        """Rooms end at their hour, also for those who are inside."""
        now = datetime.fromtimestamp(time.time(), UTC)
        for connection in self._hub.connections():
            expires_at = connection.policy.expires_at
            if expires_at is not None and expires_at <= now:
                await connection.notify(Dismissed(ErrorCode.ROOM_EXPIRED))
