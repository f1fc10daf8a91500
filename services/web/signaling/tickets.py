"""Signed statements that a socket brings along: who enters (ticket), which seat is theirs.

Owns: minting and reading both tokens. The signature (Django's SECRET_KEY with its
fallbacks, one salt per purpose) is the only source of truth; nothing is stored.
Refuses: forged, expired, truncated tokens and those of another purpose, all alike.

A page can read its own tokens, so neither holds a secret: a signed-in person's
ticket carries only a digest of the session key and is valid together with that
session's cookie alone.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NewType
from uuid import UUID

from django.core import signing

from signaling.protocol.messages import PeerId, Role, SeatId, SeatToken

Identity = NewType("Identity", str)
"""`user:<primary key>` or `guest:<22 characters>`."""

TICKET_LIFE_S: Final = 12 * 3600
SEAT_LIFE_S: Final = 24 * 3600
_TICKET_SALT: Final = "signaling.ticket.v1"
_SEAT_SALT: Final = "signaling.seat.v1"


class TicketInvalid(Exception):
    """Not a ticket of ours, or one that has expired."""


class SeatTokenInvalid(Exception):
    """Not a seat token of ours, or one that has expired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """The right of one person to knock at one room."""

    room_id: UUID
    identity: Identity
    name: str
    role: Role
    session: str | None
    """`session_digest` of the cookie that it is bound to; None for guests."""
    auth: str | None
    """`accounts.sessions.auth_digest` of the person when minted; None for guests."""
    expires_at: int
    """Unix seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatClaim:
    """The right to a place in a room, kept over reloads and over lost presence."""

    room_id: UUID
    identity: Identity
    seat_id: SeatId
    peer_id: PeerId
    order: int | None
    admitted: bool
    epoch: str
    """Of the roster that issued it: tells a lost roster from an expired peer."""
    expires_at: int


def session_digest(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()


def sign_ticket(ticket: Ticket) -> str:
    return signing.dumps(
        {
            "r": ticket.room_id.hex,
            "i": ticket.identity,
            "n": ticket.name,
            "o": ticket.role.value,
            "s": ticket.session,
            "a": ticket.auth,
            "e": ticket.expires_at,
        },
        salt=_TICKET_SALT,
    )


def read_ticket(token: str, *, now: float) -> Ticket:
    """Raises TicketInvalid."""
    try:
        fields = _open(token, salt=_TICKET_SALT, now=now)
        return Ticket(
            room_id=UUID(hex=fields["r"]),
            identity=Identity(fields["i"]),
            name=fields["n"],
            role=Role(fields["o"]),
            session=fields["s"],
            auth=fields["a"],
            expires_at=fields["e"],
        )
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise TicketInvalid from error


def sign_seat(claim: SeatClaim) -> SeatToken:
    return SeatToken(
        signing.dumps(
            {
                "r": claim.room_id.hex,
                "i": claim.identity,
                "s": claim.seat_id,
                "p": claim.peer_id,
                "o": claim.order,
                "a": claim.admitted,
                "c": claim.epoch,
                "e": claim.expires_at,
            },
            salt=_SEAT_SALT,
        )
    )


def read_seat(token: str, *, now: float) -> SeatClaim:
    """Raises SeatTokenInvalid."""
    try:
        fields = _open(token, salt=_SEAT_SALT, now=now)
        return SeatClaim(
            room_id=UUID(hex=fields["r"]),
            identity=Identity(fields["i"]),
            seat_id=SeatId(fields["s"]),
            peer_id=PeerId(fields["p"]),
            order=fields["o"],
            admitted=fields["a"],
            epoch=fields["c"],
            expires_at=fields["e"],
        )
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise SeatTokenInvalid from error


def _open(token: str, *, salt: str, now: float) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = signing.loads(token, salt=salt)
    if fields["e"] <= now:
        raise signing.SignatureExpired
    return fields
