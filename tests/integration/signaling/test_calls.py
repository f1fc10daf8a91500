"""People in a room: joining, seeing each other, and frames between two of them."""

from typing import Any
from uuid import UUID

import pytest

from tests.support.caller import PRESENCE, Caller
from tests.support.server import TraverseServer
from tests.support.world import Person, World, guest

CANDIDATES = [{"candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host", "sdp_mid": "0"}]


async def test_a_joiner_hears_ack_then_seat_then_the_roster_and_so_do_the_others(
    server: TraverseServer, room: UUID
) -> None:
    async with Caller(server, room, guest("Ada")) as ada, Caller(server, room, guest()) as bob:
        await ada.enter()
        await bob.hello()
        lobby = await bob.expect("room.state")
        assert [peer["peer_id"] for peer in lobby["peers"]] == [ada.peer_id]
        await bob.send("join", id="j1", presence=PRESENCE)
        kinds = [(await bob.receive())["type"] for _ in range(3)]
        assert kinds == ["ack", "seat", "room.state"]
        seen_by_ada = await ada.roster_with(ada.peer_id, bob.peer_id)
        first, second = seen_by_ada["peers"]
        assert (first["peer_id"], second["peer_id"]) == (ada.peer_id, bob.peer_id)
        assert first["order"] < second["order"]
        assert seen_by_ada["rev"] > lobby["rev"]
        assert seen_by_ada["epoch"] == lobby["epoch"]
        assert second["video"] is True


async def test_who_is_in_the_lobby_is_seen_by_nobody(server: TraverseServer, room: UUID) -> None:
    async with Caller(server, room, guest()) as ada, Caller(server, room, guest()) as visitor:
        await ada.enter()
        await visitor.hello()
        await visitor.close()
        assert await ada.silence() == []


async def test_offers_right_behind_a_join_arrive_in_order(
    server: TraverseServer, room: UUID
) -> None:
    async with Caller(server, room, guest()) as ada, Caller(server, room, guest()) as bob:
        await ada.enter()
        await bob.hello()
        await bob.send("join", presence=PRESENCE)
        for seq in range(1, 8):
            await bob.describe(ada.peer_id, seq=seq)
        got = [await ada.expect("peer.description") for _ in range(7)]
        assert [frame["seq"] for frame in got] == list(range(1, 8))
        assert {frame["from"] for frame in got} == {bob.peer_id}


async def test_frames_between_two_peers_carry_the_servers_from_and_nothing_more(
    server: TraverseServer, room: UUID
) -> None:
    async with Caller(server, room, guest()) as ada, Caller(server, room, guest()) as bob:
        await ada.enter()
        await bob.enter()
        await ada.send(
            "peer.description", id="a", to=bob.peer_id, seq=3, kind="answer", sdp="v=0", answers=1
        )
        assert (await ada.expect("ack"))["re"] == "a"
        assert await bob.expect("peer.description") == {
            "type": "peer.description",
            "from": ada.peer_id,
            "seq": 3,
            "kind": "answer",
            "sdp": "v=0",
            "answers": 1,
        }
        await ada.send("peer.candidates", to=bob.peer_id, seq=4, candidates=CANDIDATES)
        assert await bob.expect("peer.candidates") == {
            "type": "peer.candidates",
            "from": ada.peer_id,
            "seq": 4,
            "candidates": CANDIDATES,
        }
        await bob.send("chat.send", to=ada.peer_id, seq=1, message_id="m1", text=" <b>hi</b>\r\n ")
        assert await ada.expect("chat.message") == {
            "type": "chat.message",
            "from": bob.peer_id,
            "seq": 1,
            "message_id": "m1",
            "text": "<b>hi</b>",
        }


async def test_a_signal_reaches_nobody_but_a_joined_peer_of_the_same_room(
    server: TraverseServer, world: World, owner: Person, room: UUID
) -> None:
    """S8: another room, oneself, the unknown, a lobby peer: one answer for all."""
    elsewhere = world.room(owner)
    async with (
        Caller(server, room, guest()) as ada,
        Caller(server, room, guest()) as lobby,
        Caller(server, elsewhere, guest()) as stranger,
    ):
        await ada.enter()
        await lobby.hello()
        await stranger.enter()
        answers = []
        for target in (stranger.peer_id, ada.peer_id, "x" * 22, lobby.peer_id):
            await ada.describe(target, id="q")
            error = await ada.expect("error")
            answers.append(error)
        assert answers == [answers[0]] * 4
        assert answers[0]["code"] == "peer_gone"
        for other in (lobby, stranger):
            assert "peer.description" not in [f["type"] for f in await other.silence()]


async def test_a_forged_from_is_refused(server: TraverseServer, room: UUID) -> None:
    async with Caller(server, room, guest()) as ada, Caller(server, room, guest()) as bob:
        await ada.enter()
        await bob.enter()
        forged: dict[str, Any] = {"from": bob.peer_id}
        await ada.describe(bob.peer_id, **forged)
        error = await ada.error("bad_message")
        assert bob.peer_id not in error["message"]
        assert "peer.description" not in [f["type"] for f in await bob.silence()]


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "peer.description", "to": "x" * 22, "seq": 1, "kind": "offer", "sdp": "v=0"},
        {"type": "chat.send", "to": "x" * 22, "seq": 1, "message_id": "m", "text": "hi"},
        {"type": "presence.set", "revision": 1, **PRESENCE},
        {"type": "room.lock", "locked": True},
    ],
)
async def test_the_lobby_may_not_act(
    server: TraverseServer, owner: Person, room: UUID, frame: dict[str, object]
) -> None:
    async with Caller(server, room, owner) as caller:
        await caller.hello()
        await caller.send(str(frame["type"]), id="q", **frame)
        assert (await caller.error("not_joined"))["re"] == "q"


async def test_joining_twice_is_an_error(server: TraverseServer, room: UUID) -> None:
    async with Caller(server, room, guest()) as ada:
        await ada.enter()
        await ada.send("join", id="again", presence=PRESENCE)
        assert (await ada.error("already_joined"))["re"] == "again"


async def test_a_full_room_keeps_the_ninth_in_the_lobby(server: TraverseServer, room: UUID) -> None:
    callers = [Caller(server, room, guest(f"P{index}")) for index in range(9)]
    try:
        for caller in callers[:8]:
            await caller.connect()
            await caller.enter()
        ninth = callers[8]
        await ninth.connect()
        await ninth.hello()
        await ninth.send("join", id="j", presence=PRESENCE)
        assert (await ninth.error("room_full"))["re"] == "j"
        await callers[0].send("leave")
        assert await callers[0].bye("left") == 1000
        await ninth.send("join", presence=PRESENCE)
        await ninth.expect("seat")
    finally:
        for caller in callers:
            await caller.close()


async def test_presence_reaches_the_others_and_late_joiners(
    server: TraverseServer, room: UUID
) -> None:
    async with Caller(server, room, guest()) as ada, Caller(server, room, guest()) as bob:
        await ada.enter()
        muted = {**PRESENCE, "audio": False, "hand": True}
        await ada.send("presence.set", id="p", revision=5, **muted)
        assert (await ada.expect("ack"))["re"] == "p"
        await ada.send("presence.set", revision=4, **PRESENCE)
        await ada.answers()
        (peer, _) = (await bob.enter())["peers"]
        assert (peer["audio"], peer["hand"], peer["revision"]) == (False, True, 5)


async def test_leaving_is_told_at_once(server: TraverseServer, room: UUID) -> None:
    async with Caller(server, room, guest()) as ada, Caller(server, room, guest()) as bob:
        await ada.enter()
        await bob.enter()
        await bob.send("leave", id="l")
        assert (await bob.expect("ack"))["re"] == "l"
        assert await bob.bye("left") == 1000
        gone = await ada.expect("peer.gone")
        assert (gone["peer_id"], gone["reason"]) == (bob.peer_id, "left")
        await ada.roster_with(ada.peer_id)


async def test_a_lost_socket_shows_as_away_and_sending_to_it_is_no_error(
    server: TraverseServer, room: UUID
) -> None:
    async with Caller(server, room, guest()) as ada, Caller(server, room, guest()) as bob:
        await ada.enter()
        await bob.enter()
        await ada.roster_with(ada.peer_id, bob.peer_id)
        bob.abort()
        state = await ada.roster_with(ada.peer_id, bob.peer_id)
        assert [peer["state"] for peer in state["peers"]] == ["here", "away"]
        await ada.describe(bob.peer_id, id="q")
        assert (await ada.expect("ack"))["re"] == "q"


async def test_a_ping_with_an_old_revision_brings_the_roster_again(
    server: TraverseServer, room: UUID
) -> None:
    async with Caller(server, room, guest()) as ada:
        state = await ada.enter()
        await ada.send("ping", t=1, rev=state["rev"])
        assert [f["type"] for f in await ada.silence()] == []
        await ada.send("ping", t=2, rev=state["rev"] - 1)
        assert (await ada.expect("room.state"))["rev"] == state["rev"]


async def test_a_fresh_credential_comes_on_request(server: TraverseServer, room: UUID) -> None:
    async with Caller(server, room, guest()) as ada:
        await ada.hello()
        await ada.send("ice.refresh", id="i")
        ice = await ada.expect("ice.servers")
        assert ice["re"] == "i"
        assert ice["ice_servers"][-1]["credential"]


async def test_a_report_is_counted_and_nothing_else(server: TraverseServer, room: UUID) -> None:
    async with Caller(server, room, guest()) as ada:
        await ada.enter()
        report = {"peer_id": "x" * 22, "outcome": "connected", "path": "relay/udp"}
        await ada.send("call.report", id="r", setup_ms=123.4, **report)
        assert (await ada.expect("ack"))["re"] == "r"


async def test_a_set_up_of_two_takes_ten_frames_at_most(server: TraverseServer, room: UUID) -> None:
    """Counted at the server's door: what both send until offer and answer are through."""
    async with Caller(server, room, guest()) as ada, Caller(server, room, guest()) as bob:
        await ada.enter()
        before = len(ada.seen)
        await bob.hello()
        await bob.send("join", presence=PRESENCE)
        await bob.describe(ada.peer_id)
        await ada.expect("peer.description")
        await ada.send(
            "peer.description", to=bob.peer_id, seq=1, kind="answer", sdp="v=0", answers=1
        )
        await bob.expect("peer.description")
        sent, heard = 4, len(bob.seen) + len(ada.seen) - before
        assert sent + heard <= 12
        assert [f["type"] for f in ada.seen[before:]] == ["room.state", "peer.description"]


async def test_a_duplicated_tab_is_a_second_person_in_the_room(
    server: TraverseServer, room: UUID
) -> None:
    ada = guest("Ada")
    async with Caller(server, room, ada) as first, Caller(server, room, ada) as second:
        await first.enter()
        await second.enter()
        state = await first.roster_with(first.peer_id, second.peer_id)
        assert len({peer["seat_id"] for peer in state["peers"]}) == 2
