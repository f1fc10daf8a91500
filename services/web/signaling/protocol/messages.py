"""The messages of signalling protocol v1 as types: what may travel, and nothing else.

Three unions, each discriminated by `type`:

- `ClientMessage`: browser to server over the WebSocket.
- `ServerMessage`: server to browser over the WebSocket.
- `LinkMessage`: browser to browser over a link's data channel; the sender is the
  link itself, so it has neither `to` nor `from`.

JSON Schema, AsyncAPI and `messages.d.ts` are generated from here. This module
decides shapes only; who may send what and when is decided in `signaling.session`.
"""

from enum import StrEnum
from typing import Annotated, Final, Literal, NewType, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from signaling.protocol import limits
from signaling.protocol.errors import Action, ErrorCode

PeerId = NewType("PeerId", str)
SeatId = NewType("SeatId", str)
ResumeToken = NewType("ResumeToken", str)
SeatToken = NewType("SeatToken", str)

ID_PATTERN: Final = r"^[A-Za-z0-9_-]{22}$"
"""128 random bits in base64url."""

_PeerId = Annotated[PeerId, StringConstraints(pattern=ID_PATTERN)]
_SeatId = Annotated[SeatId, StringConstraints(pattern=ID_PATTERN)]
_Token = StringConstraints(min_length=1, max_length=limits.TOKEN_CHARS)
_RequestId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,36}$")]
_Name = Annotated[str, StringConstraints(min_length=1, max_length=16 * limits.NAME_CHARS)]
_Sdp = Annotated[str, StringConstraints(min_length=1, max_length=limits.SDP_BYTES)]
_Chat = Annotated[str, StringConstraints(min_length=1, max_length=limits.CHAT_BYTES)]
_Count = Annotated[int, Field(ge=0, le=limits.MAX_SAFE_INTEGER)]
_Revision = Annotated[int, Field(ge=0, le=limits.MAX_REVISION)]
_Clock = Annotated[float, Field(ge=0, le=limits.MAX_SAFE_INTEGER)]


_T = TypeVar("_T")


def _is_none(value: object) -> bool:
    return value is None


Optional = Annotated[_T | None, Field(exclude_if=_is_none)]
"""Left out of the frame rather than null: to a browser `username: null` is "null"."""


class Role(StrEnum):
    OWNER = "owner"
    MEMBER = "member"
    GUEST = "guest"


class PeerState(StrEnum):
    HERE = "here"
    AWAY = "away"
    """Lost its socket, or was silent for a lease; its links may well be alive."""


class Admission(StrEnum):
    """What stands between this person and the room."""

    OPEN = "open"
    ASK = "ask"
    LOCKED = "locked"


class Part(BaseModel):
    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, use_enum_values=False
    )


class Presence(Part):
    audio: bool
    video: bool
    screen: bool
    hand: bool


class Candidate(Part):
    """RTCIceCandidateInit (W3C WebRTC 4.8.1.1); an empty `candidate` ends a generation."""

    candidate: Annotated[str, StringConstraints(max_length=limits.CANDIDATE_BYTES)]
    sdp_mid: Optional[Annotated[str, StringConstraints(max_length=64)]] = None
    sdp_m_line_index: Optional[Annotated[int, Field(ge=0, le=255)]] = None
    username_fragment: Optional[Annotated[str, StringConstraints(max_length=256)]] = None


class Description(Part):
    """What a link says of its session; `answers` is the `seq` of the offer answered."""

    seq: _Count
    kind: Literal["offer", "answer"]
    sdp: _Sdp
    answers: Optional[_Count] = None

    @model_validator(mode="after")
    def an_answer_names_its_offer(self) -> "Description":
        if (self.kind == "answer") != (self.answers is not None):
            raise ValueError("an answer, and only an answer, carries `answers`")
        return self


class Candidates(Part):
    seq: _Count
    candidates: Annotated[
        list[Candidate], Field(min_length=1, max_length=limits.CANDIDATES_PER_FRAME)
    ]


class Chat(Part):
    seq: _Count
    message_id: _RequestId
    """Made by the sender; a receiver shows each id of a sender once."""
    text: _Chat


# --- Client to server -----------------------------------------------------------
class FromClient(Part):
    id: Optional[_RequestId] = None
    """Chosen by the client; the `ack` or `error` for this message repeats it as `re`."""


class Hello(FromClient):
    type: Literal["hello"]
    features: Annotated[
        list[Annotated[str, StringConstraints(max_length=32)]],
        Field(max_length=limits.FEATURES),
    ] = []
    ticket: Optional[Annotated[str, _Token]] = None
    name: Optional[_Name] = None
    seat: Optional[Annotated[SeatToken, _Token]] = None
    """Sent after a reload: a new peer in the old seat."""
    resume: Optional[Annotated[ResumeToken, _Token]] = None
    """Sent after a lost socket: the same peer goes on."""


class Join(FromClient):
    type: Literal["join"]
    presence: Presence


class SendDescription(FromClient, Description):
    type: Literal["peer.description"]
    to: _PeerId


class SendCandidates(FromClient, Candidates):
    type: Literal["peer.candidates"]
    to: _PeerId


class SetPresence(FromClient, Presence):
    type: Literal["presence.set"]
    revision: _Revision
    """Counts up with each change of this peer; the highest wins."""


class SendChat(FromClient, Chat):
    type: Literal["chat.send"]
    to: _PeerId


class IceRefresh(FromClient):
    type: Literal["ice.refresh"]


class Ping(FromClient):
    type: Literal["ping"]
    t: _Clock
    rev: Optional[_Count] = None
    """The newest `room.state.rev` that the client has; a newer one is sent again."""


class Leave(FromClient):
    type: Literal["leave"]


class Admit(FromClient):
    type: Literal["room.admit"]
    peer_id: _PeerId


class Deny(FromClient):
    type: Literal["room.deny"]
    peer_id: _PeerId


class Remove(FromClient):
    type: Literal["room.remove"]
    peer_id: _PeerId


class AskMute(FromClient):
    type: Literal["room.ask_mute"]
    peer_id: _PeerId


class Lock(FromClient):
    type: Literal["room.lock"]
    locked: bool


class CallReport(FromClient):
    """How a link went, in numbers; nothing in it can hold an address or a name."""

    type: Literal["call.report"]
    peer_id: _PeerId
    outcome: Literal["connected", "failed", "restarted", "ended"]
    path: Literal["host", "srflx", "relay/udp", "relay/tcp", "relay/tls", "none"]
    setup_ms: Optional[Annotated[float, Field(ge=0, le=3_600_000)]] = None
    rtt_ms: Optional[Annotated[float, Field(ge=0, le=60_000)]] = None
    loss: Optional[Annotated[float, Field(ge=0, le=1)]] = None
    seconds: Optional[Annotated[float, Field(ge=0, le=31_536_000)]] = None


ClientMessage = Annotated[
    Hello
    | Join
    | SendDescription
    | SendCandidates
    | SetPresence
    | SendChat
    | IceRefresh
    | Ping
    | Leave
    | Admit
    | Deny
    | Remove
    | AskMute
    | Lock
    | CallReport,
    Field(discriminator="type"),
]


# --- Server to client -----------------------------------------------------------
class FromPeer(Part):
    from_: Annotated[PeerId, StringConstraints(pattern=ID_PATTERN), Field(alias="from")]
    """Stamped by the server; a client cannot set it."""

    model_config = ConfigDict(
        validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )


class IceServer(Part):
    """RTCIceServer (W3C WebRTC 4.2.2)."""

    urls: list[str]
    username: Optional[str] = None
    credential: Optional[str] = None


class Limits(Part):
    frame_bytes: int = limits.FRAME_BYTES
    sdp_bytes: int = limits.SDP_BYTES
    candidate_bytes: int = limits.CANDIDATE_BYTES
    candidates_per_frame: int = limits.CANDIDATES_PER_FRAME
    chat_bytes: int = limits.CHAT_BYTES
    name_chars: int = limits.NAME_CHARS
    room_peers: int = limits.ROOM_PEERS


class Welcome(Part):
    type: Literal["welcome"] = "welcome"
    peer_id: _PeerId
    resume_token: ResumeToken
    seat_token: SeatToken
    resumed: bool
    """True: the same peer goes on, joined if it had joined; no new `join` is due."""
    order: _Count | None
    """The seat's join counter; None until the seat is taken by a first `join`."""
    name: str
    role: Role
    room_name: str
    admission: Admission
    """Other than open: no roster and no credential until admitted."""
    features: list[str]
    ice_servers: list[IceServer]
    ice_expires_at: _Count | None
    """Unix seconds; None: no credential in `ice_servers`."""
    limits: Limits
    heartbeat_s: float
    server_time: _Clock


class Seat(Part):
    """Right behind a first join: the seat token again, now with the order in it."""

    type: Literal["seat"] = "seat"
    seat_token: SeatToken
    order: _Count


class RosterPeer(Presence):
    peer_id: _PeerId
    seat_id: _SeatId
    order: _Count
    name: str
    role: Role
    state: PeerState
    revision: _Revision
    """Of the presence; what came over a link with a higher one stands."""


class Knock(Part):
    peer_id: _PeerId
    name: str


class RoomState(Part):
    """Always the whole roster; a client applies it only if (`epoch`, `rev`) is new."""

    type: Literal["room.state"] = "room.state"
    epoch: str
    """Changes when presence was lost; absence then closes nothing for 30 s."""
    rev: _Count
    room_name: str
    locked: bool
    admission: Admission
    """As in `welcome`, now. Other than open: `peers` is empty, whoever is there."""
    peers: list[RosterPeer]
    waiting: list[Knock]
    """Who asks to come in; empty for everyone but the owner."""


class RoomWaiting(Part):
    type: Literal["room.waiting"] = "room.waiting"


class RoomKnock(Part):
    type: Literal["room.knock"] = "room.knock"
    peer_id: _PeerId
    name: str


class PeerDescription(FromPeer, Description):
    type: Literal["peer.description"] = "peer.description"


class PeerCandidates(FromPeer, Candidates):
    type: Literal["peer.candidates"] = "peer.candidates"


class ChatMessage(FromPeer, Chat):
    type: Literal["chat.message"] = "chat.message"


class PeerGone(Part):
    """Closes the link at once; a peer merely missing from the roster has its grace."""

    type: Literal["peer.gone"] = "peer.gone"
    peer_id: _PeerId
    reason: Literal["left", "removed", "replaced", "expired"]


class IceServers(Part):
    type: Literal["ice.servers"] = "ice.servers"
    re: Optional[_RequestId] = None
    ice_servers: list[IceServer]
    ice_expires_at: _Count | None


class AskedToMute(FromPeer):
    type: Literal["ask_mute"] = "ask_mute"


class Ack(Part):
    type: Literal["ack"] = "ack"
    re: _RequestId


class Error(Part):
    type: Literal["error"] = "error"
    re: Optional[_RequestId] = None
    code: ErrorCode
    message: str
    """Names the type and place of what was wrong; never repeats the input."""
    retry_after_ms: Optional[_Count] = None


class Pong(Part):
    type: Literal["pong"] = "pong"
    t: _Clock
    server_time: _Clock


class Bye(Part):
    type: Literal["bye"] = "bye"
    code: ErrorCode
    action: Action
    message: str
    retry_after_ms: Optional[_Count] = None


ServerMessage = Annotated[
    Welcome
    | Seat
    | RoomState
    | RoomWaiting
    | RoomKnock
    | PeerDescription
    | PeerCandidates
    | ChatMessage
    | PeerGone
    | IceServers
    | AskedToMute
    | Ack
    | Error
    | Pong
    | Bye,
    Field(discriminator="type"),
]


# --- Browser to browser, over a link's data channel ------------------------------
class LinkDescription(Description):
    type: Literal["peer.description"]


class LinkCandidates(Candidates):
    type: Literal["peer.candidates"]


class LinkChat(Chat):
    type: Literal["chat.message"]


class LinkPresence(Presence):
    type: Literal["peer.presence"]
    seq: _Count
    revision: _Revision


class LinkPictures(Part):
    """What this side looks at, so that nobody sends it more, and whether it sends its face."""

    type: Literal["peer.pictures"]
    seq: _Count
    camera_wanted: bool
    screen_wanted: bool
    camera_sent: bool
    """False while there is none, or while it pauses for the voice: nothing is to be waited for."""


class LinkPing(Part):
    type: Literal["ping"]
    t: _Clock


class LinkPong(Part):
    type: Literal["pong"]
    t: _Clock


LinkMessage = Annotated[
    LinkDescription | LinkCandidates | LinkChat | LinkPresence | LinkPictures | LinkPing | LinkPong,
    Field(discriminator="type"),
]
