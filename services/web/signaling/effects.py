"""What a session asks the world to do, and what the world tells it.

Effects of one event run in order. One that cannot be done raises `Refused`: the
rest of that batch is dropped and the session hears `Failed`.
"""

from dataclasses import dataclass
from typing import Literal

from signaling.protocol.codec import ProtocolError
from signaling.protocol.errors import ErrorCode
from signaling.protocol.messages import (
    AskedToMute,
    CallReport,
    ChatMessage,
    ClientMessage,
    Hello,
    Part,
    PeerCandidates,
    PeerDescription,
    PeerId,
    Presence,
    Role,
    Seat,
    Welcome,
)


class Refused(Exception):
    """An expected refusal: it reaches the client as `error` or `bye`, never a log."""

    def __init__(self, code: ErrorCode, *, retry_after_ms: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after_ms = retry_after_ms


# --- Events ---------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Received:
    message: ClientMessage


@dataclass(frozen=True, slots=True)
class Unreadable:
    problem: ProtocolError


@dataclass(frozen=True, slots=True)
class HelloOverdue:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcomed:
    """The hello was accepted; `standing` is where the peer was before, if it resumes."""

    welcome: Welcome
    role: Role
    standing: Literal["lobby", "waiting", "joined"]


@dataclass(frozen=True, slots=True)
class Entered:
    """The peer is in the room: by its own join, or because the owner let it in."""

    seat: Seat
    re: str | None = None
    admitted: bool = False


@dataclass(frozen=True, slots=True)
class MustWait:
    re: str | None


@dataclass(frozen=True, slots=True)
class IceDue:
    """The credential has used up most of its life, or may be had only now."""


@dataclass(frozen=True, slots=True)
class Failed:
    """An effect of this message was refused."""

    code: ErrorCode
    re: str | None = None
    retry_after_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Appointed:
    """The room has another owner now: this person, or no longer this person."""

    role: Role


@dataclass(frozen=True, slots=True)
class Dismissed:
    """The server ends this socket."""

    code: ErrorCode
    retry_after_ms: int | None = None


Event = (
    Received
    | Unreadable
    | HelloOverdue
    | Welcomed
    | Entered
    | MustWait
    | IceDue
    | Failed
    | Appointed
    | Dismissed
)


# --- Effects --------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Send:
    """One frame to the session's own socket."""

    message: Part


@dataclass(frozen=True, slots=True)
class Pong:
    """Answered with the server's clock."""

    t: float


@dataclass(frozen=True, slots=True)
class Close:
    """`bye`, then the close code of the table. Nothing follows."""

    code: ErrorCode
    retry_after_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Greet:
    """Find out who this is. Answered by Welcomed or Dismissed."""

    hello: Hello


@dataclass(frozen=True, slots=True)
class ConfirmResume:
    """The new socket works: the resume token before this one dies."""


@dataclass(frozen=True, slots=True)
class Enter:
    """Take the seat. Answered by Entered, MustWait or Failed."""

    presence: Presence
    re: str | None


@dataclass(frozen=True, slots=True)
class Appear:
    """From here on the hub delivers to this socket, `room.state` first."""


@dataclass(frozen=True, slots=True)
class ShowRoom:
    """Send `room.state` if the peer may see it and `known_rev` is older."""

    known_rev: int


@dataclass(frozen=True, slots=True)
class AnnounceRoom:
    """Show what the last Enter changed to everyone in the room, on every process."""


Relayed = PeerDescription | PeerCandidates | ChatMessage | AskedToMute


@dataclass(frozen=True, slots=True)
class Relay:
    to: PeerId
    message: Relayed


@dataclass(frozen=True, slots=True)
class StorePresence:
    presence: Presence
    revision: int


@dataclass(frozen=True, slots=True)
class GiveIce:
    re: str | None


@dataclass(frozen=True, slots=True)
class Depart:
    pass


@dataclass(frozen=True, slots=True)
class AdmitPeer:
    peer_id: PeerId


@dataclass(frozen=True, slots=True)
class DenyPeer:
    peer_id: PeerId


@dataclass(frozen=True, slots=True)
class RemovePeer:
    peer_id: PeerId


@dataclass(frozen=True, slots=True)
class SetLocked:
    locked: bool


@dataclass(frozen=True, slots=True)
class CountReport:
    report: CallReport


Effect = (
    Send
    | Pong
    | Close
    | Greet
    | ConfirmResume
    | Enter
    | Appear
    | ShowRoom
    | AnnounceRoom
    | Relay
    | StorePresence
    | GiveIce
    | Depart
    | AdmitPeer
    | DenyPeer
    | RemovePeer
    | SetLocked
    | CountReport
)
