"""Who is at the door, and as which peer: a hello becomes a place in the roster.

Owns: the order of the checks. Identity comes from a signed ticket, or from the session
cookie; a signed-in person's ticket counts only together with that session's cookie.
Then the room's policy, then the peer: the same one (resume token), a new one in the
old seat (seat token), or a new one in a new seat.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from accounts.names import NameInvalid, clean_name
from accounts.sessions import SessionRef, session_of
from signaling import seats
from signaling.connections import Connection
from signaling.database import in_database
from signaling.effects import Refused, Welcomed
from signaling.ice import ice_for
from signaling.policies import admission_of, facts_for_entry, role_of
from signaling.protocol import limits
from signaling.protocol import messages as m
from signaling.protocol.errors import ErrorCode
from signaling.roster import (
    Entry,
    PeerUnknown,
    Phase,
    ResumeRefused,
    RoomIsFull,
    Roster,
    RosterUnavailable,
    View,
)
from signaling.tickets import (
    Identity,
    SeatClaim,
    SeatTokenInvalid,
    TicketInvalid,
    read_seat,
    read_ticket,
    session_digest,
)

FEATURES: Final = ("resume", "seat", "link")
"""What this server can do beyond the bare protocol; additions are listed here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    identity: Identity
    name: str
    session: SessionRef | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the roster put the peer."""

    view: View
    entry: Entry
    resumed: bool


class Door:
    def __init__(self, *, roster: Roster, channel: str) -> None:
        self._roster = roster
        self._channel = channel

    async def greet(
        self, connection: Connection, hello: m.Hello, cookies: Mapping[str, str], *, cookie: str
    ) -> tuple[Welcomed, Place]:
        """Raises Refused. `cookie` is the name of the session cookie."""
        person = await _person_of(connection, hello, session_key=cookies.get(cookie))
        policy, alive = await facts_for_entry(
            room_id=connection.room_id, identity=person.identity, session=person.session
        )
        if not alive:
            raise Refused(ErrorCode.UNAUTHENTICATED)
        # Refuses before the roster is touched; a seat only ever opens more.
        admission_of(policy, person.identity, seated=False, admitted=False)
        assert policy is not None
        connection.identity = person.identity
        connection.name = person.name
        connection.session_ref = person.session
        connection.policy = policy
        connection.role = role_of(policy, person.identity)
        try:
            place, token = await self._place(connection, hello)
        except RosterUnavailable:
            raise Refused(ErrorCode.UNAVAILABLE, retry_after_ms=2000) from None
        except RoomIsFull:
            raise Refused(ErrorCode.ROOM_FULL, retry_after_ms=5000) from None
        entry = connection.entry = place.entry
        # The roster's word: who came back is still called what the others see.
        connection.name = entry.name if place.resumed else connection.name or entry.name
        connection.admission = admission_of(
            policy,
            person.identity,
            seated=entry.order is not None,
            admitted=entry.admitted,
        )
        return self._welcome(connection, place, token), place

    async def _place(self, connection: Connection, hello: m.Hello) -> tuple[Place, m.ResumeToken]:
        claim = _claim_of(connection, hello)
        if hello.resume is not None:
            peer_id = seats.peer_of(hello.resume)
            token = seats.new_resume_token(peer_id)
            try:
                view = await self._roster.resume(
                    connection.room_id,
                    peer_id,
                    identity=connection.identity,
                    presented=seats.resume_hash(hello.resume),
                    fresh=seats.resume_hash(token),
                    channel=self._channel,
                    socket=connection.socket,
                )
                return Place(view, view.entries[peer_id], resumed=True), token
            except ResumeRefused:
                raise Refused(ErrorCode.RESUME_REFUSED) from None
            except PeerUnknown:
                place = await self._restored(connection, claim, peer_id, token)
                if place is not None:
                    return place, token
        return await self._arrived(connection, claim)

    async def _restored(
        self,
        connection: Connection,
        claim: SeatClaim | None,
        peer_id: m.PeerId,
        token: m.ResumeToken,
    ) -> Place | None:
        """The peer as its seat token knows it, if the roster lost it. Otherwise an unknown
        peer was not lost but is gone, and its links are closed."""
        if claim is None or claim.peer_id != peer_id or claim.order is None:
            return None
        if connection.nameless:
            raise Refused(ErrorCode.NAME_REQUIRED)
        if not _was_lost(claim, await self._roster.read(connection.room_id)):
            return None
        entry = replace(
            self._new_entry(connection, peer_id, claim.seat_id, token),
            phase=Phase.JOINED,
            order=claim.order,
            admitted=True,
        )
        try:
            view = await self._roster.restore(
                connection.room_id, entry, capacity=connection.policy.capacity
            )
        except RoomIsFull:
            return None
        if view.entries[peer_id].socket != connection.socket:
            # Restored a moment ago over another socket: that one has the newer token.
            raise Refused(ErrorCode.RESUME_REFUSED)
        return Place(view, view.entries[peer_id], resumed=True)

    async def _arrived(
        self, connection: Connection, claim: SeatClaim | None
    ) -> tuple[Place, m.ResumeToken]:
        peer_id = seats.new_peer_id()
        token = seats.new_resume_token(peer_id)
        seat_id = claim.seat_id if claim else seats.new_seat_id()
        entry = self._new_entry(connection, peer_id, seat_id, token)
        if claim is not None:
            view = await self._roster.read(connection.room_id)
            held = view.holder_of(seat_id)
            if (held is not None and held.identity == claim.identity) or _was_lost(claim, view):
                entry = replace(entry, order=claim.order, admitted=claim.admitted)
        view = await self._roster.arrive(
            connection.room_id, entry, capacity=connection.policy.capacity
        )
        return Place(view, view.entries[peer_id], resumed=False), token

    def _new_entry(
        self,
        connection: Connection,
        peer_id: m.PeerId,
        seat_id: m.SeatId,
        token: m.ResumeToken,
    ) -> Entry:
        return Entry(
            peer_id=peer_id,
            seat_id=seat_id,
            identity=connection.identity,
            name=connection.name,
            role=connection.role,
            channel=self._channel,
            socket=connection.socket,
            resume_hash=seats.resume_hash(token),
        )

    def _welcome(self, connection: Connection, place: Place, token: m.ResumeToken) -> Welcomed:
        entry = place.entry
        may_have_ice = connection.admission is m.Admission.OPEN
        ice = ice_for(connection) if may_have_ice else None
        standing: Literal["lobby", "waiting", "joined"] = entry.phase.value
        return Welcomed(
            role=connection.role,
            standing=standing,
            welcome=m.Welcome(
                peer_id=entry.peer_id,
                resume_token=token,
                seat_token=seats.seat_token(connection, entry, epoch=place.view.epoch),
                resumed=place.resumed,
                order=entry.order,
                name=connection.name,
                role=connection.role,
                room_name=connection.policy.name,
                admission=connection.admission,
                features=list(FEATURES),
                ice_servers=ice.ice_servers if ice else [],
                ice_expires_at=ice.ice_expires_at if ice else None,
                limits=m.Limits(room_peers=connection.policy.capacity),
                heartbeat_s=limits.HEARTBEAT_S,
                server_time=time.time(),
            ),
        )


async def _person_of(connection: Connection, hello: m.Hello, *, session_key: str | None) -> Person:
    if hello.ticket is None:
        return await _person_of_session(session_key)
    try:
        ticket = read_ticket(hello.ticket, now=time.time())
    except TicketInvalid:
        raise Refused(ErrorCode.TICKET_INVALID) from None
    if ticket.room_id != connection.room_id:
        raise Refused(ErrorCode.TICKET_INVALID)
    if ticket.session is None:
        if not ticket.identity.startswith("guest:"):
            raise Refused(ErrorCode.TICKET_INVALID)
        return Person(
            identity=ticket.identity, name=_guest_name(hello.name or ticket.name), session=None
        )
    if not session_key or session_digest(session_key) != ticket.session or ticket.auth is None:
        raise Refused(ErrorCode.UNAUTHENTICATED)
    ref = SessionRef(
        session_key=session_key,
        user_id=int(ticket.identity.removeprefix("user:")),
        auth=ticket.auth,
    )
    return Person(identity=ticket.identity, name=ticket.name, session=ref)


async def _person_of_session(session_key: str | None) -> Person:
    found = await in_database(session_of, session_key) if session_key else None
    if found is None:
        raise Refused(ErrorCode.UNAUTHENTICATED)
    user, ref = found
    return Person(identity=Identity(f"user:{user.pk}"), name=user.name, session=ref)


def _guest_name(raw: str) -> str:
    """Empty: not chosen yet. That is enough to look from the lobby, not to come in."""
    if not raw:
        return ""
    try:
        return clean_name(raw)
    except NameInvalid:
        raise Refused(ErrorCode.NAME_INVALID) from None


def _was_lost(claim: SeatClaim, view: View) -> bool:
    """Whether the roster forgot this seat, and not longer ago than it keeps a place for
    somebody absent: a token of long ago opens no room that was locked since."""
    return view.epoch != claim.epoch and view.epoch_age_ms <= limits.GRACE_S * 1000


def _claim_of(connection: Connection, hello: m.Hello) -> SeatClaim | None:
    """None for a token that does not fit: a seat is a convenience, never a barrier."""
    if hello.seat is None:
        return None
    try:
        claim = read_seat(hello.seat, now=time.time())
    except SeatTokenInvalid:
        return None
    ours = claim.room_id == connection.room_id and claim.identity == connection.identity
    return claim if ours else None
