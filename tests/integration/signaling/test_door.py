"""Who gets a socket, and as whom."""

import asyncio
import secrets
import time
from uuid import UUID, uuid4

import pytest
import websockets

from rooms.models import Access
from signaling.tickets import Identity
from tests.support.caller import PRESENCE, Caller
from tests.support.server import TraverseServer
from tests.support.world import Person, World, guest, in_seconds, ticket


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param("", id="missing"),
        pytest.param("null", id="null"),
        pytest.param("https://localhost:{port}", id="other scheme"),
        pytest.param("http://localhost:{other}", id="other port"),
        pytest.param("http://localhost", id="no port"),
        pytest.param("http://evil.localhost:{port}", id="sub-domain"),
        pytest.param("http://localhost.evil.com:{port}", id="suffix"),
        pytest.param("http://evil.com", id="foreign"),
        pytest.param("http://localhost:{port}@evil.com", id="userinfo"),
        pytest.param("http://localhost:{port}/", id="path"),
        pytest.param("http://[", id="no address"),
    ],
)
async def test_a_foreign_origin_is_refused_even_with_a_good_cookie(
    server: TraverseServer, world: World, owner: Person, room: UUID, origin: str
) -> None:
    """S1, S2: cross-site WebSocket hijacking."""
    claimed = origin.format(port=server.port, other=server.port + 1)
    caller = Caller(server, room, owner, origin=claimed)
    with pytest.raises(websockets.InvalidStatus) as refused:
        await caller.connect()
    # What is no URL at all is refused by the WebSocket library before us.
    assert refused.value.response.status_code == (400 if origin == "http://[" else 403)
    assert not refused.value.response.body


async def test_the_own_origin_gets_a_socket(server: TraverseServer, room: UUID) -> None:
    async with Caller(server, room, guest()) as caller:
        await caller.hello()
        assert caller.socket.subprotocol == "call.v1"


@pytest.mark.parametrize("path", ["/ws/", "/ws/rooms/x/", f"/ws/rooms/{uuid4()}", "/ws/rooms//"])
async def test_other_addresses_have_no_socket(server: TraverseServer, path: str) -> None:
    with pytest.raises(websockets.InvalidStatus):
        await websockets.connect(f"{server.websocket}{path}", origin=server.origin, proxy=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("offered", [[], ["call.v2"], ["graphql-ws", "call.v0"]])
async def test_another_subprotocol_is_told_to_update(
    server: TraverseServer, room: UUID, offered: list[str]
) -> None:
    async with Caller(server, room, guest(), subprotocols=offered) as caller:
        assert await caller.bye("unsupported_version") == 4426


async def test_a_newer_client_that_still_speaks_v1_is_served(
    server: TraverseServer, room: UUID
) -> None:
    async with Caller(server, room, guest(), subprotocols=["call.v2", "call.v1"]) as caller:
        assert caller.socket.subprotocol == "call.v1"
        await caller.hello()


async def test_a_guest_is_welcomed_with_all_it_needs_to_connect(
    server: TraverseServer, room: UUID
) -> None:
    async with Caller(server, room, guest("Grace")) as caller:
        welcome = await caller.hello()
        assert welcome["name"] == "Grace"
        assert welcome["role"] == "guest"
        assert welcome["room_name"] == "Standup"
        assert welcome["admission"] == "open"
        assert welcome["resumed"] is False
        assert welcome["order"] is None
        assert welcome["heartbeat_s"] == 10
        assert welcome["limits"]["frame_bytes"] == 65536
        relay = welcome["ice_servers"][-1]
        assert relay["username"].startswith(f"{welcome['ice_expires_at']}:")
        assert (await caller.expect("room.state"))["peers"] == []


async def test_a_signed_in_person_needs_both_ticket_and_cookie(
    server: TraverseServer, world: World, room: UUID
) -> None:
    ada, eve = world.person("Ada"), world.person("Eve")
    async with Caller(server, room, ada) as caller:
        welcome = await caller.hello(name="Somebody else")
        assert (welcome["name"], welcome["role"]) == ("Ada", "member")
    for cookie in ("", eve.cookie, "sessionid=" + "x" * 32):
        async with Caller(server, room, ada, cookie=cookie) as thief:
            await thief.send("hello", ticket=ticket(ada, room))
            assert await thief.bye("unauthenticated") == 4401


async def test_a_session_alone_is_enough(server: TraverseServer, owner: Person, room: UUID) -> None:
    async with Caller(server, room, owner) as caller:
        welcome = await caller.hello(ticket=None)
        assert (welcome["name"], welcome["role"]) == ("Olga", "owner")


async def test_nobody_at_all_is_refused(server: TraverseServer, room: UUID) -> None:
    async with Caller(server, room, guest()) as caller:
        await caller.send("hello", name="Nobody")
        assert await caller.bye("unauthenticated") == 4401


def _foreign(person: Person, room: UUID) -> str:
    return ticket(person, uuid4())


def _expired(person: Person, room: UUID) -> str:
    return ticket(person, room, expires_at=int(time.time()) - 1)


def _altered(person: Person, room: UUID) -> str:
    good = ticket(person, room)
    return ("a" if good[0] != "a" else "b") + good[1:]


def _unbound(person: Person, room: UUID) -> str:
    return ticket(person, room, identity=Identity("user:1"))


@pytest.mark.parametrize(
    "forge",
    [
        _foreign,
        _expired,
        _altered,
        _unbound,
        lambda person, room: ticket(person, room)[:-3],
        lambda person, room: "x",
        lambda person, room: "a:b:c",
        lambda person, room: "\u202e" * 10,
        lambda person, room: secrets.token_urlsafe(1000),
    ],
)
async def test_a_bad_ticket_is_refused(server: TraverseServer, room: UUID, forge: "object") -> None:
    person = guest()
    async with Caller(server, room, person) as caller:
        await caller.send("hello", ticket=forge(person, room), name="x")  # type: ignore[operator]
        assert await caller.bye("ticket_invalid") == 4401


async def test_a_seat_token_is_not_a_ticket(server: TraverseServer, room: UUID) -> None:
    person = guest()
    async with Caller(server, room, person) as caller:
        seat = (await caller.enter()) and caller.seat
    async with Caller(server, room, person) as caller:
        await caller.send("hello", ticket=seat, name="x")
        assert await caller.bye("ticket_invalid") == 4401


async def test_a_room_that_does_not_exist_says_so(server: TraverseServer, owner: Person) -> None:
    nowhere = uuid4()
    async with Caller(server, nowhere, owner) as caller:
        await caller.send("hello", ticket=ticket(owner, nowhere))
        assert await caller.bye("room_not_found") == 4404


async def test_an_expired_room_takes_nobody(
    server: TraverseServer, world: World, owner: Person
) -> None:
    room = world.room(owner, expires_at=in_seconds(-1))
    async with Caller(server, room, guest()) as caller:
        await caller.send("hello", ticket=ticket(caller.person, room), name="x")
        assert await caller.bye("room_expired") == 4410


async def test_a_room_for_signed_in_people_takes_no_guest(
    server: TraverseServer, world: World, owner: Person
) -> None:
    room = world.room(owner, access=Access.SIGNED_IN)
    async with Caller(server, room, guest()) as caller:
        await caller.send("hello", ticket=ticket(caller.person, room), name="x")
        assert await caller.bye("forbidden") == 4403
    async with Caller(server, room, world.person("Ada")) as caller:
        await caller.hello()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("   ", "name_invalid"),
        ("\u200b\u202e\u0000", "name_invalid"),
        ("x" * 65, "name_invalid"),
    ],
)
async def test_a_guest_must_have_a_name(
    server: TraverseServer, room: UUID, name: str, code: str
) -> None:
    async with Caller(server, room, guest()) as caller:
        await caller.send("hello", ticket=ticket(caller.person, room), name=name)
        assert await caller.bye(code) == 4400


async def test_a_guest_without_a_name_sees_the_lobby_and_comes_no_further(
    server: TraverseServer, room: UUID
) -> None:
    async with Caller(server, room, guest("Ada")) as ada, Caller(server, room, guest("")) as nobody:
        await ada.enter()
        assert (await nobody.hello(name=None))["name"] == ""
        await nobody.roster_with(ada.peer_id)
        await nobody.send("join", id="j", presence=PRESENCE)
        assert (await nobody.error("name_required"))["re"] == "j"
        assert [each["type"] for each in await ada.silence()] == []


async def test_a_guest_who_comes_back_with_a_name_still_has_none(
    server: TraverseServer, room: UUID
) -> None:
    person = guest("")
    async with Caller(server, room, person) as nobody, Caller(server, room, person) as back:
        welcome = await nobody.hello(name=None)
        again = await back.hello(resume=welcome["resume_token"], name="Eve")
        assert (again["resumed"], again["name"]) == (True, "")
        await back.send("join", id="j", presence=PRESENCE)
        assert (await back.error("name_required"))["re"] == "j"


async def test_ten_thousand_characters_of_name_are_an_error_and_no_more(
    server: TraverseServer, room: UUID
) -> None:
    async with Caller(server, room, guest()) as caller:
        await caller.send("hello", ticket=ticket(caller.person, room), name="n" * 10_000)
        error = await caller.error("bad_message")
        assert "name" in error["message"]
        assert "nnn" not in error["message"]
        await caller.hello()


async def test_a_name_is_cleaned_before_anyone_sees_it(server: TraverseServer, room: UUID) -> None:
    async with Caller(server, room, guest()) as caller:
        welcome = await caller.hello(name="  <b>Zoe\u0308\u200b</b>\u202e  \n x ")
        assert welcome["name"] == "<b>Zoë</b> x"


async def test_no_hello_within_five_seconds_ends_the_socket(
    server: TraverseServer, room: UUID
) -> None:
    async with Caller(server, room, guest()) as caller:
        started = time.monotonic()
        assert await caller.bye("hello_timeout") == 4408
        assert 4.5 < time.monotonic() - started < 9


async def test_the_first_message_must_be_hello(server: TraverseServer, room: UUID) -> None:
    async with Caller(server, room, guest()) as caller:
        await caller.send("ping", t=1)
        assert await caller.bye("hello_expected") == 4400


async def test_hello_comes_once(server: TraverseServer, room: UUID) -> None:
    async with Caller(server, room, guest()) as caller:
        await caller.hello()
        await caller.send("hello", ticket=ticket(caller.person, room), name="x")
        assert await caller.bye("hello_expected") == 4400


@pytest.mark.parametrize("how", ["log out", "expire", "disable", "password", "delete"])
async def test_a_session_that_ends_closes_its_open_socket_within_five_seconds(
    server: TraverseServer, world: World, room: UUID, how: str
) -> None:
    """S3. Others in the room see the person go at once."""
    ada = world.person("Ada")
    async with Caller(server, room, guest()) as other, Caller(server, room, ada) as caller:
        await other.enter()
        await caller.enter()
        await other.roster_with(other.peer_id, caller.peer_id)
        match how:
            case "log out":
                await world.arun(lambda: world.log_out(ada))
            case "expire":
                await world.arun(lambda: world.expire_session(ada))
            case "disable":
                await world.arun(lambda: world.change(ada, is_active=False))
            case "password":
                await world.arun(lambda: world.change(ada, password="another hash"))
            case _:
                await world.arun(lambda: world.delete(ada))
        started = time.monotonic()
        assert await caller.bye("unauthenticated") == 4401
        assert time.monotonic() - started < 5
        assert (await other.expect("peer.gone"))["peer_id"] == caller.peer_id
        await other.answers()


@pytest.mark.parametrize("how", ["log out", "expire", "disable", "password"])
async def test_a_ticket_of_an_ended_session_opens_nothing(
    server: TraverseServer, world: World, room: UUID, how: str
) -> None:
    ada = world.person("Ada")
    match how:
        case "log out":
            world.log_out(ada)
        case "expire":
            world.expire_session(ada)
        case "disable":
            world.change(ada, is_active=False)
        case _:
            world.change(ada, password="another hash")
    for with_ticket in (True, False):
        async with Caller(server, room, ada) as caller:
            await caller.send("hello", **({"ticket": ticket(ada, room)} if with_ticket else {}))
            assert await caller.bye("unauthenticated") == 4401


async def test_a_room_that_expires_in_mid_call_ends_it(
    server: TraverseServer, world: World, owner: Person
) -> None:
    room = world.room(owner, expires_at=in_seconds(2))
    async with Caller(server, room, guest()) as caller:
        await caller.enter()
        assert await caller.bye("room_expired") == 4410


async def test_sockets_may_come_and_go_without_a_word(server: TraverseServer, room: UUID) -> None:
    for _ in range(20):
        caller = Caller(server, room, guest())
        await caller.connect()
        caller.abort()
    async with Caller(server, room, guest()) as caller:
        await caller.send("hello", ticket=ticket(caller.person, room), name="x")
        caller.abort()
    await asyncio.sleep(0.3)
    async with Caller(server, room, guest()) as caller:
        await caller.enter()
