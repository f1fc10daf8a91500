"""Owners: asking first, locking, removing, and what the site changes in mid-call."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from rooms.models import Access, Admission, Removal
from tests.support.caller import PRESENCE, Caller
from tests.support.server import TraverseServer
from tests.support.world import Person, World, guest, ticket


@pytest.fixture
async def olga(server: TraverseServer, owner: Person, room: UUID) -> AsyncIterator[Caller]:
    async with Caller(server, room, owner) as caller:
        await caller.enter()
        yield caller


@pytest.fixture
def asking(world: World, room: UUID) -> UUID:
    world.set_room(room, access=Access.ASK)
    return room


async def knocking(caller: Caller) -> None:
    welcome = await caller.hello()
    assert welcome["admission"] == "ask"
    assert welcome["ice_servers"] == []
    await caller.send("join", id="k", presence=PRESENCE)
    assert [(await caller.receive())["type"] for _ in range(2)] == ["ack", "room.waiting"]


async def test_who_must_ask_sees_nothing_until_admitted(
    server: TraverseServer, world: World, asking: UUID, olga: Caller
) -> None:
    async with Caller(server, asking, guest("Gus")) as gus:
        await knocking(gus)
        knock = await olga.expect("room.knock")
        assert (knock["peer_id"], knock["name"]) == (gus.peer_id, "Gus")
        state = await olga.expect("room.state")
        assert [each["peer_id"] for each in state["waiting"]] == [gus.peer_id]
        assert {frame["type"] for frame in gus.seen} == {"welcome", "ack", "room.waiting"}
        await gus.send("ice.refresh", id="i")
        assert (await gus.error("not_joined"))["re"] == "i"

        await olga.send("room.admit", id="y", peer_id=gus.peer_id)
        assert [(await gus.receive())["type"] for _ in range(3)] == [
            "ice.servers",
            "seat",
            "room.state",
        ]
        state = await olga.roster_with(olga.peer_id, gus.peer_id)
        assert state["waiting"] == []
        await olga.expect("ack")
        await gus.describe(olga.peer_id)
        await olga.expect("peer.description")
        count = world.run(lambda: Admission.objects.filter(room_id=asking).count())
        assert count == 1
    async with Caller(server, asking, gus.person) as again:
        assert (await again.hello())["admission"] == "open"


async def test_the_denied_are_told_and_may_not_pass(
    server: TraverseServer, asking: UUID, olga: Caller
) -> None:
    async with Caller(server, asking, guest()) as gus:
        await knocking(gus)
        await olga.expect("room.knock")
        await olga.send("room.deny", peer_id=gus.peer_id)
        assert await gus.bye("denied") == 4403
        assert (await olga.expect("room.state", waiting=[]))["peers"]


async def test_only_the_owner_sees_who_waits(
    server: TraverseServer, world: World, room: UUID, olga: Caller
) -> None:
    async with Caller(server, room, guest()) as member, Caller(server, room, guest()) as gus:
        await member.enter()
        world.set_room(room, access=Access.ASK)
        await knocking(gus)
        await olga.expect("room.knock")
        for frame in await member.silence():
            assert frame["type"] != "room.knock"
            assert frame.get("waiting", []) == []


async def test_a_waiting_peer_that_goes_away_no_longer_knocks(
    server: TraverseServer, asking: UUID, olga: Caller
) -> None:
    async with Caller(server, asking, guest()) as gus:
        await knocking(gus)
        await olga.expect("room.state", waiting=[{"peer_id": gus.peer_id, "name": "Guest"}])
    await olga.expect("room.state", waiting=[])


async def test_a_waiting_peer_that_lost_its_socket_waits_on(
    server: TraverseServer, asking: UUID, olga: Caller
) -> None:
    async with Caller(server, asking, guest()) as gus:
        await knocking(gus)
        await gus.close()
        await olga.expect("room.state", waiting=[])
        await gus.connect()
        assert (await gus.hello(resume=gus.welcome["resume_token"]))["resumed"] is True
        await gus.expect("room.waiting")
        await olga.expect("room.state", waiting=[{"peer_id": gus.peer_id, "name": "Guest"}])


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        ("room.admit", {"peer_id": "x" * 22}),
        ("room.deny", {"peer_id": "x" * 22}),
        ("room.remove", {"peer_id": "x" * 22}),
        ("room.ask_mute", {"peer_id": "x" * 22}),
        ("room.lock", {"locked": True}),
    ],
)
async def test_nobody_but_the_owner_rules(
    server: TraverseServer, room: UUID, type_: str, fields: dict[str, object]
) -> None:
    async with Caller(server, room, guest()) as ada:
        await ada.enter()
        await ada.send(type_, id="q", **fields)
        assert (await ada.error("not_owner"))["re"] == "q"


@pytest.mark.parametrize("type_", ["room.admit", "room.deny", "room.remove", "room.ask_mute"])
async def test_ruling_over_nobody_is_an_error(olga: Caller, type_: str) -> None:
    for target in ("x" * 22, olga.peer_id):
        await olga.send(type_, id="q", peer_id=target)
        assert (await olga.error("peer_gone"))["re"] == "q"


async def test_the_removed_go_with_all_their_tabs_and_may_not_come_back(
    server: TraverseServer, world: World, room: UUID, olga: Caller
) -> None:
    person = guest("Rude")
    async with (
        Caller(server, room, person) as rude,
        Caller(server, room, person) as second_tab,
        Caller(server, room, guest()) as other,
    ):
        await rude.enter()
        await second_tab.enter()
        await other.enter()
        await olga.send("room.remove", id="r", peer_id=rude.peer_id)
        assert await rude.bye("removed") == 4410
        assert await second_tab.bye("removed") == 4410
        assert (await olga.expect("ack"))["re"] == "r"
        gone = {(await other.expect("peer.gone"))["peer_id"] for _ in range(2)}
        assert gone == {rude.peer_id, second_tab.peer_id}
        await other.roster_with(olga.peer_id, other.peer_id)
        name = world.run(lambda: Removal.objects.get(room_id=room).name)
        assert name == "Rude"
    async with Caller(server, room, person) as again:
        await again.send("hello", ticket=ticket(person, room), name="x", seat=rude.seat)
        assert await again.bye("removed") == 4410


async def test_a_locked_room_keeps_newcomers_in_the_lobby_until_unlocked(
    server: TraverseServer, room: UUID, olga: Caller
) -> None:
    async with Caller(server, room, guest()) as inside, Caller(server, room, guest()) as late:
        await inside.enter()
        await olga.send("room.lock", id="l", locked=True)
        assert (await olga.expect("ack"))["re"] == "l"
        assert (await inside.expect("room.state", locked=True))["peers"]
        welcome = await late.hello()
        assert (welcome["admission"], welcome["ice_servers"]) == ("locked", [])
        await late.send("join", id="j", presence=PRESENCE)
        assert (await late.error("room_locked"))["re"] == "j"
        assert "room.state" not in [frame["type"] for frame in late.seen]

        await olga.send("room.lock", locked=False)
        await late.expect("ice.servers")
        await late.expect("room.state", locked=False)
        await late.send("join", presence=PRESENCE)
        await late.expect("seat")


async def test_the_lobby_hears_at_once_how_the_door_stands(
    server: TraverseServer, world: World, room: UUID, olga: Caller
) -> None:
    """Whoever may not come in is told why, and not who is inside."""
    async with Caller(server, room, guest("")) as gus:
        await gus.hello(name=None)
        await gus.roster_with(olga.peer_id)

        await olga.send("room.lock", locked=True)
        state = await gus.expect("room.state", admission="locked", locked=True)
        assert state["peers"] == []

        await world.arun(lambda: world.set_room(room, access=Access.ASK, name="Renamed"))
        await olga.send("room.lock", locked=False)
        state = await gus.expect("room.state", admission="ask", locked=False)
        assert (state["peers"], state["room_name"]) == ([], "Renamed")
        # Who comes and goes inside is nothing to whoever must ask.
        async with Caller(server, room, world.person("Ada")) as ada:
            await ada.hello()
            await ada.send("join", presence=PRESENCE)
            await olga.expect("room.knock")
            await olga.send("room.admit", peer_id=ada.peer_id)
            await ada.expect("seat")
        await gus.answers()
        assert not [frame for frame in gus.unread if frame["type"] == "room.state"]
        assert gus.seen[-1]["type"] == "pong"
        states = [frame for frame in gus.seen if frame["type"] == "room.state"]
        assert len(states) == 3

        await world.arun(lambda: world.set_room(room, access=Access.LINK))
        await olga.send("room.lock", locked=False)
        await gus.expect("ice.servers")
        state = await gus.expect("room.state", admission="open")
        assert olga.peer_id in [peer["peer_id"] for peer in state["peers"]]


async def test_the_owner_in_the_lobby_of_a_locked_room_may_come_in(
    server: TraverseServer, room: UUID, owner: Person, olga: Caller
) -> None:
    await olga.send("room.lock", locked=True)
    async with Caller(server, room, owner) as tab:
        await tab.hello()
        assert (await tab.expect("room.state", locked=True))["admission"] == "open"


async def test_a_lock_does_not_concern_who_was_inside(
    server: TraverseServer, room: UUID, olga: Caller
) -> None:
    async with Caller(server, room, guest()) as ada:
        await ada.enter()
        await olga.send("room.lock", locked=True)
        await ada.expect("room.state", locked=True)
        await ada.close()
        await ada.connect()
        again = await ada.hello(resume=ada.welcome["resume_token"])
        assert (again["resumed"], again["admission"]) == (True, "open")
        async with Caller(server, room, ada.person) as reloaded:
            assert (await reloaded.hello(seat=ada.seat))["admission"] == "open"
            await reloaded.send("join", presence=PRESENCE)
            await reloaded.expect("seat")


async def test_asking_to_mute_reaches_the_one_who_was_asked(
    server: TraverseServer, room: UUID, olga: Caller
) -> None:
    async with Caller(server, room, guest()) as ada:
        await ada.enter()
        await olga.send("room.ask_mute", peer_id=ada.peer_id)
        assert (await ada.expect("ask_mute"))["from"] == olga.peer_id


async def test_an_owners_second_tab_can_be_removed_without_shutting_the_owner_out(
    server: TraverseServer, room: UUID, owner: Person, olga: Caller
) -> None:
    async with Caller(server, room, owner) as tab:
        await tab.enter()
        await olga.send("room.remove", peer_id=tab.peer_id)
        assert await tab.bye("removed") == 4410
        await tab.connect()
        await tab.hello()


async def test_who_waits_comes_in_when_nobody_has_to_ask_any_more(
    server: TraverseServer, world: World, asking: UUID, olga: Caller
) -> None:
    async with Caller(server, asking, guest()) as gus:
        await knocking(gus)
        await world.arun(lambda: world.set_room(asking, access=Access.LINK))
        # Any change that the site makes has the policy read again.
        await olga.send("room.lock", locked=False)
        await gus.expect("seat")
        await gus.roster_with(olga.peer_id, gus.peer_id)
