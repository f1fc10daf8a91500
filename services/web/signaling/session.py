"""One socket's side of the protocol: `(session, event, now) -> (session, effects)`.

Owns: what may be said when, by whom, and how often. Does no I/O and reads no clock.
Who is in the room, and what the room allows, is known to the hub: an effect that it
refuses comes back as `Failed`.

    NEW --hello--> GREETING --Welcomed--> LOBBY --join--> ENTERING --Entered--> JOINED
                                                             |  MustWait        ^
                                                             +-----> WAITING ---+
    every state --Close--> OVER
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from signaling import effects as do
from signaling.buckets import Bucket, Rate
from signaling.protocol import limits
from signaling.protocol import messages as m
from signaling.protocol.codec import ProtocolError
from signaling.protocol.errors import ERRORS, ErrorCode
from signaling.protocol.rates import CANDIDATES, CHAT, DESCRIPTIONS, OTHER
from signaling.text import TextInvalid, clean_chat

# `rate_limited` answers before the socket is closed: 20 at once, or 2 per second.
OFFENCES: Final = Rate(per_second=2, burst=20)

Effects = tuple[do.Effect, ...]


class Phase(Enum):
    NEW = auto()
    GREETING = auto()
    LOBBY = auto()
    ENTERING = auto()
    WAITING = auto()
    JOINED = auto()
    OVER = auto()


_PHASE_OF: Final = MappingProxyType(
    {"lobby": Phase.LOBBY, "waiting": Phase.WAITING, "joined": Phase.JOINED}
)
_RATE_OF: Final = MappingProxyType(
    {m.SendDescription: DESCRIPTIONS, m.SendCandidates: CANDIDATES, m.SendChat: CHAT}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    phase: Phase
    buckets: MappingProxyType[Rate, Bucket]
    offences: Bucket
    malformed: int = 0
    peer_id: m.PeerId | None = None
    role: m.Role = m.Role.GUEST
    unconfirmed: bool = False
    """Resumed, and no frame has come over the new socket yet."""

    @classmethod
    def new(cls, *, now: float) -> "Session":
        rates = (DESCRIPTIONS, CANDIDATES, CHAT, OTHER)
        return cls(
            phase=Phase.NEW,
            buckets=MappingProxyType({rate: Bucket.full(rate, now=now) for rate in rates}),
            offences=Bucket.full(OFFENCES, now=now),
        )


def handle(  # noqa: C901 - one line for each event
    session: Session, event: do.Event, now: float
) -> tuple[Session, Effects]:
    if session.phase is Phase.OVER:
        return session, ()
    match event:
        case do.Received(message):
            return _received(session, message, now)
        case do.Unreadable(problem):
            return _unreadable(session, problem)
        case do.HelloOverdue():
            return _close(session, ErrorCode.HELLO_TIMEOUT) if _is_early(session) else (session, ())
        case do.Welcomed():
            return _welcomed(session, event)
        case do.Entered(seat, re, admitted):
            joined = replace(session, phase=Phase.JOINED)
            if admitted:
                return joined, (do.GiveIce(re=None), do.Send(seat))
            return joined, (*_ack(re), do.Send(seat), do.AnnounceRoom())
        case do.MustWait(re):
            waiting = replace(session, phase=Phase.WAITING)
            return waiting, (*_ack(re), do.Send(m.RoomWaiting()), do.AnnounceRoom())
        case do.IceDue():
            return session, () if _is_early(session) else (do.GiveIce(re=None),)
        case do.Failed():
            return _failed(session, event)
        case do.Appointed(role):
            return replace(session, role=role), ()
        case do.Dismissed(code, retry_after_ms):
            return _close(session, code, retry_after_ms)


# --- Frames that are messages -----------------------------------------------------
def _received(session: Session, message: m.ClientMessage, now: float) -> tuple[Session, Effects]:
    session, refusal = _within_rate(session, message, now)
    if refusal:
        return session, refusal
    confirm: Effects = ()
    if session.unconfirmed:
        session, confirm = replace(session, unconfirmed=False), (do.ConfirmResume(),)
    if isinstance(message, m.Hello):
        if session.phase is not Phase.NEW:
            return _close(session, ErrorCode.HELLO_EXPECTED)
        return replace(session, phase=Phase.GREETING), (do.Greet(message),)
    if _is_early(session):
        return _close(session, ErrorCode.HELLO_EXPECTED)
    session, effects = _HANDLERS[type(message)](session, message)
    return session, (*confirm, *effects)


def _within_rate(session: Session, message: m.ClientMessage, now: float) -> tuple[Session, Effects]:
    rate = _RATE_OF.get(type(message), OTHER)
    bucket, wait = session.buckets[rate].take(1, now=now)
    session = replace(session, buckets=MappingProxyType({**session.buckets, rate: bucket}))
    if not wait:
        return session, ()
    offences, too_many = session.offences.take(1, now=now)
    session = replace(session, offences=offences)
    if too_many:
        return _close(session, ErrorCode.FLOOD)
    error = _error(ErrorCode.RATE_LIMITED, re=message.id, retry_after_ms=int(wait * 1000) + 1)
    return session, (error,)


def _ping(session: Session, message: m.Ping) -> tuple[Session, Effects]:
    pong = do.Pong(message.t)
    return session, (pong, do.ShowRoom(message.rev)) if message.rev is not None else (pong,)


def _join(session: Session, message: m.Join) -> tuple[Session, Effects]:
    if session.phase is not Phase.LOBBY:
        return session, (_error(ErrorCode.ALREADY_JOINED, re=message.id),)
    return (
        replace(session, phase=Phase.ENTERING),
        (do.Enter(message.presence, re=message.id),),
    )


def _description(session: Session, message: m.SendDescription) -> tuple[Session, Effects]:
    return _relay(
        session,
        message,
        lambda sender: m.PeerDescription(
            from_=sender,
            seq=message.seq,
            kind=message.kind,
            sdp=message.sdp,
            answers=message.answers,
        ),
    )


def _candidates(session: Session, message: m.SendCandidates) -> tuple[Session, Effects]:
    return _relay(
        session,
        message,
        lambda sender: m.PeerCandidates(
            from_=sender, seq=message.seq, candidates=message.candidates
        ),
    )


def _chat(session: Session, message: m.SendChat) -> tuple[Session, Effects]:
    try:
        text = clean_chat(message.text)
    except TextInvalid:
        return session, (_error(ErrorCode.TEXT_INVALID, re=message.id),)
    return _relay(
        session,
        message,
        lambda sender: m.ChatMessage(
            from_=sender, seq=message.seq, message_id=message.message_id, text=text
        ),
    )


def _relay(
    session: Session,
    message: m.SendDescription | m.SendCandidates | m.SendChat,
    stamp: Callable[[m.PeerId], do.Relayed],
) -> tuple[Session, Effects]:
    if session.phase is not Phase.JOINED or session.peer_id is None:
        return session, (_error(ErrorCode.NOT_JOINED, re=message.id),)
    if message.to == session.peer_id:
        return session, (_error(ErrorCode.PEER_GONE, re=message.id),)
    return session, (do.Relay(message.to, stamp(session.peer_id)), *_ack(message.id))


def _presence(session: Session, message: m.SetPresence) -> tuple[Session, Effects]:
    if session.phase not in (Phase.JOINED, Phase.WAITING):
        return session, (_error(ErrorCode.NOT_JOINED, re=message.id),)
    presence = m.Presence(
        audio=message.audio, video=message.video, screen=message.screen, hand=message.hand
    )
    return session, (do.StorePresence(presence, message.revision), *_ack(message.id))


def _ice(session: Session, message: m.IceRefresh) -> tuple[Session, Effects]:
    return session, (do.GiveIce(re=message.id),)


def _leave(session: Session, message: m.Leave) -> tuple[Session, Effects]:
    session, closing = _close(session, ErrorCode.LEFT)
    return session, (do.Depart(), *_ack(message.id), *closing)


_Ruling = m.Admit | m.Deny | m.Remove | m.AskMute | m.Lock


def _moderate(session: Session, message: _Ruling) -> tuple[Session, Effects]:
    if session.role is not m.Role.OWNER:
        return session, (_error(ErrorCode.NOT_OWNER, re=message.id),)
    if session.phase is not Phase.JOINED or session.peer_id is None:
        return session, (_error(ErrorCode.NOT_JOINED, re=message.id),)
    if not isinstance(message, m.Lock) and message.peer_id == session.peer_id:
        return session, (_error(ErrorCode.PEER_GONE, re=message.id),)
    effect: do.Effect
    match message:
        case m.Admit(peer_id=peer_id):
            effect = do.AdmitPeer(peer_id)
        case m.Deny(peer_id=peer_id):
            effect = do.DenyPeer(peer_id)
        case m.Remove(peer_id=peer_id):
            effect = do.RemovePeer(peer_id)
        case m.AskMute(peer_id=peer_id):
            effect = do.Relay(peer_id, m.AskedToMute(from_=session.peer_id))
        case m.Lock(locked=locked):
            effect = do.SetLocked(locked)
    return session, (effect, *_ack(message.id))


def _report(session: Session, message: m.CallReport) -> tuple[Session, Effects]:
    return session, (do.CountReport(message), *_ack(message.id))


_HANDLERS: Final[MappingProxyType[type, Callable[..., tuple[Session, Effects]]]] = MappingProxyType(
    {
        m.Ping: _ping,
        m.Join: _join,
        m.SendDescription: _description,
        m.SendCandidates: _candidates,
        m.SendChat: _chat,
        m.SetPresence: _presence,
        m.IceRefresh: _ice,
        m.Leave: _leave,
        m.Admit: _moderate,
        m.Deny: _moderate,
        m.Remove: _moderate,
        m.AskMute: _moderate,
        m.Lock: _moderate,
        m.CallReport: _report,
    }
)


# --- Everything else ----------------------------------------------------------------
def _unreadable(session: Session, problem: ProtocolError) -> tuple[Session, Effects]:
    session = replace(session, malformed=session.malformed + 1)
    if session.malformed > limits.BAD_MESSAGES:
        code = problem.code if ERRORS[problem.code].close_code else ErrorCode.BAD_MESSAGE
        return _close(session, code)
    return session, (do.Send(m.Error(re=problem.re, code=problem.code, message=problem.message)),)


def _welcomed(session: Session, event: do.Welcomed) -> tuple[Session, Effects]:
    session = replace(
        session,
        phase=_PHASE_OF[event.standing],
        peer_id=event.welcome.peer_id,
        role=event.role,
        unconfirmed=event.welcome.resumed,
    )
    waiting = (do.Send(m.RoomWaiting()),) if session.phase is Phase.WAITING else ()
    return session, (do.Send(event.welcome), *waiting, do.Appear())


def _failed(session: Session, event: do.Failed) -> tuple[Session, Effects]:
    if session.phase is Phase.GREETING:
        return _close(session, event.code, event.retry_after_ms)
    if session.phase is Phase.ENTERING:
        session = replace(session, phase=Phase.LOBBY)
    return session, (_error(event.code, re=event.re, retry_after_ms=event.retry_after_ms),)


def _is_early(session: Session) -> bool:
    return session.phase in (Phase.NEW, Phase.GREETING)


def _ack(re: str | None) -> Effects:
    return (do.Send(m.Ack(re=re)),) if re is not None else ()


def _error(code: ErrorCode, *, re: str | None, retry_after_ms: int | None = None) -> do.Send:
    return do.Send(
        m.Error(re=re, code=code, message=ERRORS[code].message, retry_after_ms=retry_after_ms)
    )


def _close(
    session: Session, code: ErrorCode, retry_after_ms: int | None = None
) -> tuple[Session, Effects]:
    return replace(session, phase=Phase.OVER), (do.Close(code, retry_after_ms),)
