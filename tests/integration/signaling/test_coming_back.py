"""Lost sockets, reloads, stolen tokens, and a server that forgot everything."""

import asyncio
from pathlib import Path
from uuid import UUID

import pytest

from tests.support.caller import PRESENCE, Caller, Frame
from tests.support.server import TraverseServer, stop
from tests.support.world import World, guest, ticket


async def resumed(caller: Caller, **fields: str) -> Frame:
    values = {"resume": caller.welcome["resume_token"], "seat": caller.seat, **fields}
    await caller.close()
    await caller.connect()
    return await caller.hello(**values)


async def test_a_lost_socket_comes_back_as_the_same_peer(
    server: TraverseServer, room: UUID
) -> None:
    async with Caller(server, room, guest()) as ada, Caller(server, room, guest()) as bob:
        await ada.enter()
        await bob.enter()
        before = bob.welcome
        bob.abort()
        await ada.roster_with(ada.peer_id, bob.peer_id)
        again = await resumed(bob)
        assert again["resumed"] is True
        assert again["peer_id"] == before["peer_id"]
        assert again["resume_token"] != before["resume_token"]
        assert isinstance(again["order"], int)
        await bob.roster_with(ada.peer_id, bob.peer_id)
        await ada.describe(bob.peer_id)
        await bob.expect("peer.description")
        assert "peer.gone" not in [frame["type"] for frame in ada.seen]


async def test_a_resume_while_the_old_socket_still_seems_open_replaces_it(
    server: TraverseServer, room: UUID
) -> None:
    person = guest()
    async with Caller(server, room, person) as old, Caller(server, room, person) as new:
        await old.enter()
        welcome = await new.hello(resume=old.welcome["resume_token"])
        assert welcome["resumed"] is True
        assert await old.bye("replaced") == 4409
        state = await new.expect("room.state")
        assert [peer["state"] for peer in state["peers"]] == ["here"]
        assert await new.silence() == []


async def test_the_used_token_is_refused_after_the_first_frame_on_the_new_socket(
    server: TraverseServer, room: UUID
) -> None:
    async with Caller(server, room, guest()) as ada:
        await ada.enter()
        first = ada.welcome["resume_token"]
        await resumed(ada)
        await ada.answers()
        async with Caller(server, room, ada.person) as replay:
            await replay.send(
                "hello", ticket=ticket(ada.person, room), name="x", resume=first, seat=ada.seat
            )
            bye = await replay.expect("bye", code="resume_refused")
            assert bye["action"] == "rejoin"
            assert await replay.closed() == 4411
        await ada.answers()


async def test_a_lost_welcome_does_not_cost_the_seat(server: TraverseServer, room: UUID) -> None:
    async with Caller(server, room, guest()) as ada:
        await ada.enter()
        first = ada.welcome["resume_token"]
        await ada.close()
        await ada.connect()
        await ada.send("hello", ticket=ticket(ada.person, room), name="x", resume=first)
        await asyncio.sleep(0.2)
        ada.abort()
        await ada.connect()
        ada.unread.clear()
        again = await ada.hello(resume=first)
        assert again["resumed"] is True


async def test_a_stolen_token_is_useless_to_someone_else(
    server: TraverseServer, room: UUID
) -> None:
    async with Caller(server, room, guest()) as ada, Caller(server, room, guest()) as thief:
        await ada.enter()
        await thief.send(
            "hello",
            ticket=ticket(thief.person, room),
            name="x",
            resume=ada.welcome["resume_token"],
            seat=ada.seat,
        )
        assert await thief.bye("resume_refused") == 4411
        await ada.answers()


@pytest.mark.parametrize("token", ["x", "x" * 22 + ".y", ".", "\u202e", "a" * 2048])
async def test_nonsense_for_a_resume_token_is_a_fresh_start(
    server: TraverseServer, room: UUID, token: str
) -> None:
    async with Caller(server, room, guest()) as ada:
        assert (await ada.hello(resume=token, seat=token))["resumed"] is False


async def test_a_guessed_secret_for_a_known_peer_is_refused(
    server: TraverseServer, room: UUID
) -> None:
    async with Caller(server, room, guest()) as ada:
        await ada.enter()
        async with Caller(server, room, ada.person) as other:
            await other.send(
                "hello",
                ticket=ticket(ada.person, room),
                name="x",
                resume=f"{ada.peer_id}.{'A' * 43}",
            )
            assert await other.bye("resume_refused") == 4411
        await ada.answers()


async def test_a_reload_is_a_new_peer_in_the_old_seat(server: TraverseServer, room: UUID) -> None:
    async with (
        Caller(server, room, guest()) as ada,
        Caller(server, room, guest()) as bob,
        Caller(server, room, bob.person) as reloaded,
    ):
        await ada.enter()
        state = await bob.enter()
        seat = state["peers"][1]
        welcome = await reloaded.hello(seat=bob.seat)
        assert welcome["resumed"] is False
        assert welcome["order"] == seat["order"]
        assert await bob.bye("replaced") == 4409
        gone = await ada.expect("peer.gone")
        assert (gone["peer_id"], gone["reason"]) == (bob.peer_id, "replaced")
        await reloaded.send("join", presence=PRESENCE)
        peers = (await ada.roster_with(ada.peer_id, reloaded.peer_id))["peers"]
        assert (peers[1]["seat_id"], peers[1]["order"]) == (seat["seat_id"], seat["order"])


async def test_a_seat_of_another_person_or_room_is_a_new_seat(
    server: TraverseServer, room: UUID
) -> None:
    async with Caller(server, room, guest()) as ada, Caller(server, room, guest()) as bob:
        await ada.enter()
        assert (await bob.hello(seat=ada.seat))["order"] is None
        await ada.answers()


async def test_a_restarted_server_lets_everyone_go_on_in_their_seats(
    template: World, tmp_path: Path
) -> None:
    """The embedded default loses its roster; links between browsers do not."""
    world = template.copy(tmp_path / "db.sqlite3")
    room = world.room(world.person())
    with TraverseServer(tmp_path, world.url) as server:
        ada, bob = Caller(server, room, guest()), Caller(server, room, guest())
        await ada.connect()
        await bob.connect()
        await ada.enter()
        before = await bob.enter()
        process = server.running.pop()
        ending = asyncio.create_task(asyncio.to_thread(stop, process))
        for caller in (ada, bob):
            bye = await caller.expect("bye", code="restart")
            assert bye["action"] == "resume"
            assert 0 <= bye["retry_after_ms"] <= 2000
            assert await caller.closed() == 1012
        assert await ending == 0
        await asyncio.to_thread(server.start)
        for caller in (ada, bob):
            assert (await resumed(caller))["resumed"] is True
        after = await bob.roster_with(ada.peer_id, bob.peer_id)
        assert after["epoch"] != before["epoch"]
        assert after["rev"] > before["rev"]
        assert [p["order"] for p in after["peers"]] == [p["order"] for p in before["peers"]]
        assert [p["seat_id"] for p in after["peers"]] == [p["seat_id"] for p in before["peers"]]
        await ada.describe(bob.peer_id)
        await bob.expect("peer.description")
        await ada.close()
        await bob.close()
        assert server.problems() == []
    world.close()


async def test_the_server_ends_within_seconds_while_sockets_are_silent(
    template: World, tmp_path: Path
) -> None:
    world = template.copy(tmp_path / "db.sqlite3")
    room = world.room(world.person())
    with TraverseServer(tmp_path, world.url) as server:
        mute = Caller(server, room, guest())
        await mute.connect()
        loop = asyncio.get_running_loop()
        started = loop.time()
        assert await asyncio.to_thread(stop, server.running.pop()) == 0
        assert loop.time() - started < 10
        await mute.expect("bye", code="restart")
    world.close()
