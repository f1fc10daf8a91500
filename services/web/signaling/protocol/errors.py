"""The one table of what can go wrong: code, close code, what the client does, why.

`error` leaves the socket open. `bye` carries the same codes and is followed by a
close; Daphne forwards close codes but never reasons, so the reason is in `bye`.
docs/protocol.md and the browser's table are generated from here.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Action(StrEnum):
    """What a client does after `bye`."""

    STOP = "stop"
    """Do not come back by yourself; a person decides."""
    RESUME = "resume"
    """Connect again with the resume token; links stay up meanwhile."""
    REJOIN = "rejoin"
    """Connect again with the seat token, as a new peer."""


class ErrorCode(StrEnum):
    BAD_MESSAGE = "bad_message"
    UNKNOWN_TYPE = "unknown_type"
    TOO_LARGE = "too_large"
    RATE_LIMITED = "rate_limited"
    FLOOD = "flood"
    SLOW_READER = "slow_reader"
    HELLO_TIMEOUT = "hello_timeout"
    HELLO_EXPECTED = "hello_expected"
    UNSUPPORTED_VERSION = "unsupported_version"
    UNAUTHENTICATED = "unauthenticated"
    TICKET_INVALID = "ticket_invalid"
    RESUME_REFUSED = "resume_refused"
    FORBIDDEN = "forbidden"
    NAME_REQUIRED = "name_required"
    NAME_INVALID = "name_invalid"
    TEXT_INVALID = "text_invalid"
    ROOM_NOT_FOUND = "room_not_found"
    ROOM_EXPIRED = "room_expired"
    ROOM_CLOSED = "room_closed"
    ROOM_LOCKED = "room_locked"
    ROOM_FULL = "room_full"
    DENIED = "denied"
    REMOVED = "removed"
    REPLACED = "replaced"
    LEFT = "left"
    ALREADY_JOINED = "already_joined"
    NOT_JOINED = "not_joined"
    NOT_OWNER = "not_owner"
    PEER_GONE = "peer_gone"
    RESTART = "restart"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    close_code: int | None
    """WebSocket close code when sent as `bye`; None: only ever an `error`."""
    action: Action
    message: str
    """For people who read logs; pages have their own words, keyed by the code."""


ERRORS: Final[dict[ErrorCode, ErrorInfo]] = {
    ErrorCode.BAD_MESSAGE: ErrorInfo(4400, Action.STOP, "The frame is not a valid message."),
    ErrorCode.UNKNOWN_TYPE: ErrorInfo(None, Action.STOP, "This message type does not exist."),
    ErrorCode.TOO_LARGE: ErrorInfo(
        4413, Action.STOP, "The frame is larger than limits.frame_bytes."
    ),
    ErrorCode.RATE_LIMITED: ErrorInfo(None, Action.STOP, "Too many messages; slow down."),
    ErrorCode.FLOOD: ErrorInfo(4429, Action.STOP, "Far too many messages."),
    ErrorCode.SLOW_READER: ErrorInfo(4408, Action.RESUME, "Frames were not read in time."),
    ErrorCode.HELLO_TIMEOUT: ErrorInfo(4408, Action.RESUME, "No hello within 5 seconds."),
    ErrorCode.HELLO_EXPECTED: ErrorInfo(4400, Action.STOP, "The first message must be one hello."),
    ErrorCode.UNSUPPORTED_VERSION: ErrorInfo(
        4426, Action.STOP, "The subprotocol must be call.v1; reload the page."
    ),
    ErrorCode.UNAUTHENTICATED: ErrorInfo(
        4401, Action.STOP, "The session has ended; sign in again."
    ),
    ErrorCode.TICKET_INVALID: ErrorInfo(
        4401, Action.STOP, "The ticket is forged, expired or for another room; fetch a new one."
    ),
    ErrorCode.RESUME_REFUSED: ErrorInfo(
        4411, Action.REJOIN, "The resume token is unknown or was used before."
    ),
    ErrorCode.FORBIDDEN: ErrorInfo(4403, Action.STOP, "This room is for signed-in people."),
    ErrorCode.NAME_REQUIRED: ErrorInfo(4400, Action.STOP, "Without a name nobody enters."),
    ErrorCode.NAME_INVALID: ErrorInfo(4400, Action.STOP, "The name is empty or too long."),
    ErrorCode.TEXT_INVALID: ErrorInfo(None, Action.STOP, "The text is empty after cleaning."),
    ErrorCode.ROOM_NOT_FOUND: ErrorInfo(4404, Action.STOP, "There is no such room."),
    ErrorCode.ROOM_EXPIRED: ErrorInfo(4410, Action.STOP, "The room has expired."),
    ErrorCode.ROOM_CLOSED: ErrorInfo(4410, Action.STOP, "The room was deleted."),
    ErrorCode.ROOM_LOCKED: ErrorInfo(4423, Action.STOP, "The room is locked."),
    ErrorCode.ROOM_FULL: ErrorInfo(4430, Action.STOP, "The room is full."),
    ErrorCode.DENIED: ErrorInfo(4403, Action.STOP, "The owner did not let this person in."),
    ErrorCode.REMOVED: ErrorInfo(4410, Action.STOP, "The owner removed this person."),
    ErrorCode.REPLACED: ErrorInfo(4409, Action.STOP, "The seat was taken over by a newer socket."),
    ErrorCode.LEFT: ErrorInfo(1000, Action.STOP, "The peer left."),
    ErrorCode.ALREADY_JOINED: ErrorInfo(
        None, Action.STOP, "This peer has joined or waits already."
    ),
    ErrorCode.NOT_JOINED: ErrorInfo(None, Action.STOP, "Only a peer that has joined may do this."),
    ErrorCode.NOT_OWNER: ErrorInfo(None, Action.STOP, "Only the room's owner may do this."),
    ErrorCode.PEER_GONE: ErrorInfo(None, Action.STOP, "There is no such peer in this room."),
    ErrorCode.RESTART: ErrorInfo(1012, Action.RESUME, "The server restarts."),
    ErrorCode.UNAVAILABLE: ErrorInfo(
        1013, Action.RESUME, "A part of the server is away; try again."
    ),
    ErrorCode.INTERNAL: ErrorInfo(1011, Action.RESUME, "The server failed; it was reported."),
}
