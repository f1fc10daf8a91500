"""The session as a machine: whatever comes in, what goes out keeps the protocol."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from signaling import effects as do
from signaling.protocol import limits
from signaling.protocol import messages as m
from signaling.protocol.codec import ProtocolError, encode
from signaling.protocol.errors import ERRORS, ErrorCode
from signaling.protocol.rates import CHAT, CHAT_PACE
from signaling.session import OFFENCES, Phase, Session, handle

ME = m.PeerId("M" * 22)
OTHER = m.PeerId("O" * 22)
PRESENCE = m.Presence(audio=True, video=False, screen=False, hand=False)
HELLO = m.Hello(type="hello")
SEAT = m.Seat(seat_token=m.SeatToken("seat"), order=7)


def welcome(**changes: Any) -> m.Welcome:
    fields: dict[str, Any] = {
        "peer_id": ME,
        "resume_token": m.ResumeToken("resume"),
        "seat_token": m.SeatToken("seat"),
        "resumed": False,
        "order": None,
        "name": "Ada",
        "role": m.Role.GUEST,
        "room_name": "Standup",
        "admission": m.Admission.OPEN,
        "features": [],
        "ice_servers": [],
        "ice_expires_at": None,
        "limits": m.Limits(),
        "heartbeat_s": 10.0,
        "server_time": 0.0,
        **changes,
    }
    return m.Welcome(**fields)


def in_phase(phase: Phase, *, role: m.Role = m.Role.GUEST, resumed: bool = False) -> Session:
    session = Session.new(now=0)
    session, _ = handle(session, do.Received(HELLO), 0)
    standing: Any = {Phase.WAITING: "waiting", Phase.JOINED: "joined"}.get(phase, "lobby")
    event = do.Welcomed(welcome=welcome(resumed=resumed), role=role, standing=standing)
    session, _ = handle(session, event, 0)
    return session


def say(session: Session, message: m.ClientMessage, now: float = 0) -> tuple[Session, Any]:
    return handle(session, do.Received(message), now)


def codes(effects: tuple[do.Effect, ...]) -> list[ErrorCode]:
    sent = [effect.message for effect in effects if isinstance(effect, do.Send)]
    return [message.code for message in sent if isinstance(message, m.Error)]


# --- Single behaviours ------------------------------------------------------------------
def test_a_hello_is_looked_into_and_nothing_is_said_before() -> None:
    session, effects = say(Session.new(now=0), HELLO)
    assert effects == (do.Greet(HELLO),)
    assert session.phase is Phase.GREETING


def test_a_welcome_is_sent_before_the_hub_may_deliver_anything() -> None:
    session, _ = say(Session.new(now=0), HELLO)
    event = do.Welcomed(welcome=welcome(), role=m.Role.GUEST, standing="lobby")
    _, effects = handle(session, event, 0)
    assert [type(effect) for effect in effects] == [do.Send, do.Appear]


def test_a_refused_hello_ends_the_socket_with_the_reason() -> None:
    session, _ = say(Session.new(now=0), HELLO)
    session, effects = handle(session, do.Failed(ErrorCode.ROOM_EXPIRED), 0)
    assert effects == (do.Close(ErrorCode.ROOM_EXPIRED),)
    assert session.phase is Phase.OVER


def test_a_join_is_acknowledged_only_when_it_happened() -> None:
    session = in_phase(Phase.LOBBY)
    session, effects = say(session, m.Join(type="join", id="j", presence=PRESENCE))
    assert effects == (do.Enter(PRESENCE, "j"),)
    session, effects = handle(session, do.Entered(SEAT, "j"), 0)
    assert effects == (do.Send(m.Ack(re="j")), do.Send(SEAT), do.AnnounceRoom())
    assert session.phase is Phase.JOINED


def test_a_refused_join_leaves_the_peer_in_the_lobby_to_try_again() -> None:
    session, _ = say(in_phase(Phase.LOBBY), m.Join(type="join", id="j", presence=PRESENCE))
    session, effects = handle(session, do.Failed(ErrorCode.ROOM_FULL, "j"), 0)
    assert codes(effects) == [ErrorCode.ROOM_FULL]
    assert session.phase is Phase.LOBBY


def test_the_admitted_get_their_credential_and_their_seat() -> None:
    session, effects = handle(in_phase(Phase.WAITING), do.Entered(SEAT, admitted=True), 0)
    assert effects == (do.GiveIce(re=None), do.Send(SEAT))
    assert session.phase is Phase.JOINED


def test_the_first_frame_after_a_resume_makes_the_old_token_worthless() -> None:
    session = in_phase(Phase.JOINED, resumed=True)
    session, effects = say(session, m.Ping(type="ping", t=1.0))
    assert effects[0] == do.ConfirmResume()
    _, effects = say(session, m.Ping(type="ping", t=1.0))
    assert do.ConfirmResume() not in effects


def test_chat_beyond_its_rate_says_when_to_come_back_and_then_ends() -> None:
    session = in_phase(Phase.JOINED)
    chat = m.SendChat(type="chat.send", to=OTHER, seq=0, message_id="m", text="hi")
    for _ in range(int(CHAT.burst)):
        session, effects = say(session, chat)
        assert isinstance(effects[0], do.Relay)
    session, effects = say(session, chat)
    (send,) = effects
    assert isinstance(send, do.Send)
    assert isinstance(send.message, m.Error)
    wait_ms = int(1000 / CHAT.per_second) + 1
    assert send.message.retry_after_ms == wait_ms
    after, effects = say(session, chat, now=wait_ms / 1000)
    assert isinstance(effects[0], do.Relay)
    for _ in range(int(OFFENCES.burst)):
        session, effects = say(session, chat)
    assert effects == (do.Close(ErrorCode.FLOOD),)
    assert after.phase is Phase.JOINED


@pytest.mark.parametrize("held_back_s", [0, 10])
def test_chat_to_seven_people_through_the_server_never_meets_the_limit(held_back_s: int) -> None:
    """Two messages a second after a burst, and a network that delivers late and at once."""
    session = in_phase(Phase.JOINED)
    for second in range(120):
        messages = CHAT_PACE.per_second + (CHAT_PACE.burst if second == 0 else 0)
        arrival = max(second, held_back_s)
        for index in range(7 * int(messages)):
            chat = m.SendChat(
                type="chat.send", to=OTHER, seq=index, message_id=f"m{index}", text="hi"
            )
            session, effects = say(session, chat, now=arrival)
            assert isinstance(effects[0], do.Relay), second


def test_one_class_of_message_does_not_use_up_another() -> None:
    session = in_phase(Phase.JOINED)
    chat = m.SendChat(type="chat.send", to=OTHER, seq=0, message_id="m", text="hi")
    for _ in range(int(CHAT.burst) + 1):
        session, _ = say(session, chat)
    offer = m.SendDescription(type="peer.description", to=OTHER, seq=0, kind="offer", sdp="v=0")
    for _ in range(14):
        session, effects = say(session, offer)
        assert isinstance(effects[0], do.Relay)


def test_a_restart_of_seven_links_fits_the_rates() -> None:
    session = in_phase(Phase.JOINED)
    candidates = [m.Candidate(candidate="c")]
    for index in range(7):
        offer = m.SendDescription(
            type="peer.description", to=OTHER, seq=index, kind="offer", sdp="v=0"
        )
        session, effects = say(session, offer)
        assert not codes(effects)
        for _ in range(20):
            session, effects = say(
                session,
                m.SendCandidates(type="peer.candidates", to=OTHER, seq=1, candidates=candidates),
            )
            assert not codes(effects)


def test_an_owner_cannot_rule_over_itself() -> None:
    session = in_phase(Phase.JOINED, role=m.Role.OWNER)
    _, effects = say(session, m.Remove(type="room.remove", peer_id=ME))
    assert codes(effects) == [ErrorCode.PEER_GONE]


def test_malformed_frames_are_borne_a_few_times() -> None:
    session = in_phase(Phase.JOINED)
    problem = do.Unreadable(ProtocolError(ErrorCode.TOO_LARGE, "frame: larger"))
    for _ in range(limits.BAD_MESSAGES):
        session, effects = handle(session, problem, 0)
        assert codes(effects) == [ErrorCode.TOO_LARGE]
    session, effects = handle(session, problem, 0)
    assert effects == (do.Close(ErrorCode.TOO_LARGE),)


# --- Any order of anything ----------------------------------------------------------------
peers = st.sampled_from([ME, OTHER, m.PeerId("X" * 22)])
ids = st.sampled_from([None, "a", "b"])
counts = st.integers(0, 10**13)
texts = st.text(min_size=1, max_size=40)
presences = st.builds(
    m.Presence, audio=st.booleans(), video=st.booleans(), screen=st.booleans(), hand=st.booleans()
)
messages: st.SearchStrategy[Any] = st.one_of(
    st.builds(m.Hello, type=st.just("hello"), id=ids),
    st.builds(m.Join, type=st.just("join"), id=ids, presence=presences),
    st.builds(
        m.SendDescription,
        type=st.just("peer.description"),
        id=ids,
        to=peers,
        seq=counts,
        kind=st.just("offer"),
        sdp=texts,
    ),
    st.builds(
        m.SendCandidates,
        type=st.just("peer.candidates"),
        id=ids,
        to=peers,
        seq=counts,
        candidates=st.just([m.Candidate(candidate="c")]),
    ),
    st.builds(
        m.SendChat,
        type=st.just("chat.send"),
        id=ids,
        to=peers,
        seq=counts,
        message_id=st.just("m"),
        text=texts,
    ),
    st.builds(
        m.SetPresence,
        type=st.just("presence.set"),
        id=ids,
        revision=counts,
        audio=st.booleans(),
        video=st.booleans(),
        screen=st.booleans(),
        hand=st.booleans(),
    ),
    st.builds(m.IceRefresh, type=st.just("ice.refresh"), id=ids),
    st.builds(m.Ping, type=st.just("ping"), id=ids, t=st.just(1.0), rev=st.none() | counts),
    st.builds(m.Leave, type=st.just("leave"), id=ids),
    st.builds(m.Admit, type=st.just("room.admit"), id=ids, peer_id=peers),
    st.builds(m.Deny, type=st.just("room.deny"), id=ids, peer_id=peers),
    st.builds(m.Remove, type=st.just("room.remove"), id=ids, peer_id=peers),
    st.builds(m.AskMute, type=st.just("room.ask_mute"), id=ids, peer_id=peers),
    st.builds(m.Lock, type=st.just("room.lock"), id=ids, locked=st.booleans()),
    st.builds(
        m.CallReport,
        type=st.just("call.report"),
        id=ids,
        peer_id=peers,
        outcome=st.just("ended"),
        path=st.just("host"),
    ),
)
error_codes = st.sampled_from(list(ErrorCode))
RULING = (do.AdmitPeer, do.DenyPeer, do.RemovePeer, do.SetLocked)


class AnySession(RuleBasedStateMachine):
    """Plays the world: answers Greet and Enter as hub and door would, or refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.session = Session.new(now=0)
        self.before = self.session
        self.effects: tuple[do.Effect, ...] = ()
        self.expects: type[do.Effect] | None = None
        self.closed = 0
        self.welcomed = False

    def feed(self, event: do.Event) -> None:
        self.before = self.session
        self.session, self.effects = handle(self.session, event, self.now)
        self.expects = next(
            (type(e) for e in self.effects if isinstance(e, (do.Greet, do.Enter))), None
        )
        self.closed += sum(isinstance(effect, do.Close) for effect in self.effects)
        self.check(event)

    def check(self, event: do.Event) -> None:  # noqa: C901 - a table of what must hold
        joined = self.before.phase is Phase.JOINED
        for effect in self.effects:
            match effect:
                case do.Send(message):
                    encode(message)
                    assert self.welcomed or isinstance(message, (m.Error, m.Welcome)), (
                        "nothing of the room before the welcome"
                    )
                case do.Relay(to, message):
                    assert joined
                    assert to != ME
                    assert message.from_ == ME
                    if isinstance(message, m.AskedToMute):
                        assert self.session.role is m.Role.OWNER
                case do.StorePresence():
                    assert self.before.phase in (Phase.JOINED, Phase.WAITING)
                case do.Enter():
                    assert self.before.phase is Phase.LOBBY
                case do.Greet():
                    assert self.before.phase is Phase.NEW
                case do.Close(code):
                    assert ERRORS[code].close_code or isinstance(event, (do.Dismissed, do.Failed))
                    assert effect is self.effects[-1]
                case _ if isinstance(effect, RULING):
                    assert joined
                    assert self.session.role is m.Role.OWNER
                case _:
                    pass
        if isinstance(event, do.Received) and event.message.id is not None:
            sent = [effect.message for effect in self.effects if isinstance(effect, do.Send)]
            acks = [message.re for message in sent if isinstance(message, m.Ack)]
            assert set(acks) <= {event.message.id}
            assert not (acks and codes(self.effects)), "an ack or an error, never both"

    @precondition(lambda self: self.expects is None)
    @rule(message=messages)
    def receive(self, message: m.ClientMessage) -> None:
        self.feed(do.Received(message))

    @precondition(lambda self: self.expects is None)
    @rule(code=st.sampled_from([ErrorCode.BAD_MESSAGE, ErrorCode.UNKNOWN_TYPE]))
    def receive_nonsense(self, code: ErrorCode) -> None:
        self.feed(do.Unreadable(ProtocolError(code, "frame: not JSON")))

    @precondition(lambda self: self.expects is do.Greet)
    @rule(
        role=st.sampled_from(list(m.Role)),
        standing=st.sampled_from(["lobby", "waiting", "joined"]),
        resumed=st.booleans(),
    )
    def greet(self, role: m.Role, standing: Any, resumed: bool) -> None:
        self.welcomed = True
        message = welcome(resumed=resumed, role=role)
        self.feed(do.Welcomed(welcome=message, role=role, standing=standing))

    @precondition(lambda self: self.expects is do.Enter)
    @rule(re=ids, wait=st.booleans())
    def enter(self, re: str | None, wait: bool) -> None:
        self.feed(do.MustWait(re) if wait else do.Entered(SEAT, re))

    @precondition(lambda self: self.session.phase is Phase.WAITING)
    @rule()
    def admit(self) -> None:
        self.feed(do.Entered(SEAT, admitted=True))

    @precondition(lambda self: self.effects)
    @rule(code=error_codes, re=ids)
    def refuse(self, code: ErrorCode, re: str | None) -> None:
        self.feed(do.Failed(code, re, 100))

    @rule()
    def credential_due(self) -> None:
        expects = self.expects
        self.feed(do.IceDue())
        self.expects = expects

    @rule(seconds=st.floats(0, 30))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def overdue(self) -> None:
        expects = self.expects
        self.feed(do.HelloOverdue())
        self.expects = expects if self.session.phase is not Phase.OVER else None

    @rule(code=st.sampled_from([ErrorCode.RESTART, ErrorCode.REMOVED, ErrorCode.REPLACED]))
    def dismiss(self, code: ErrorCode) -> None:
        self.feed(do.Dismissed(code))

    @invariant()
    def it_closes_once_and_then_is_silent(self) -> None:
        assert self.closed <= 1
        if self.before.phase is Phase.OVER:
            assert self.effects == ()
        assert (self.session.phase is Phase.OVER) == (self.closed == 1)


AnySession.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAnySession = AnySession.TestCase
