"""The two tokens that a socket is given for coming back: resume token and seat token."""

import hashlib
import secrets
import time

from signaling.connections import Connection
from signaling.protocol.messages import PeerId, ResumeToken, Seat, SeatId, SeatToken
from signaling.roster import Entry
from signaling.tickets import SEAT_LIFE_S, SeatClaim, sign_seat


def new_peer_id() -> PeerId:
    return PeerId(secrets.token_urlsafe(16))


def new_seat_id() -> SeatId:
    return SeatId(secrets.token_urlsafe(16))


def new_resume_token(peer_id: PeerId) -> ResumeToken:
    """256 random bits; only their `resume_hash` is kept."""
    return ResumeToken(f"{peer_id}.{secrets.token_urlsafe(32)}")


def peer_of(token: ResumeToken) -> PeerId:
    return PeerId(token.partition(".")[0])


def resume_hash(token: ResumeToken) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def seat_token(connection: Connection, entry: Entry, *, epoch: str) -> SeatToken:
    return sign_seat(
        SeatClaim(
            room_id=connection.room_id,
            identity=entry.identity,
            seat_id=entry.seat_id,
            peer_id=entry.peer_id,
            order=entry.order,
            admitted=entry.admitted,
            epoch=epoch,
            expires_at=int(time.time()) + SEAT_LIFE_S,
        )
    )


def seat_message(connection: Connection, entry: Entry, *, epoch: str) -> Seat:
    return Seat(seat_token=seat_token(connection, entry, epoch=epoch), order=entry.order or 0)
