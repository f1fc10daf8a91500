"""People who were inside once, and people who want more places than their own."""

from uuid import UUID

import pytest

from rooms.models import Access
from signaling.protocol import limits
from tests.support.caller import PRESENCE, Caller
from tests.support.server import TraverseServer
from tests.support.world import Person, World, guest, ticket


async def visit(server: TraverseServer, room: UUID, person: Person) -> Caller:
    """Enter and leave; the caller that is returned holds the seat token of that visit."""
    async with Caller(server, room, person) as caller:
        await caller.enter()
        await caller.send("leave")
        await caller.bye("left")
    return caller


async def test_a_seat_given_up_opens_no_locked_room(
    server: TraverseServer, world: World, room: UUID
) -> None:
    """Also when everybody has left meanwhile: an empty room was not lost."""
    former = await visit(server, room, guest("Former"))
    await world.arun(lambda: world.set_room(room, locked=True))
    for resume in (None, former.welcome["resume_token"]):
        async with Caller(server, room, former.person) as back:
            welcome = await back.hello(seat=former.seat, resume=resume)
            assert (welcome["admission"], welcome["order"]) == ("locked", None)
            assert welcome["ice_servers"] == []


async def test_a_seat_given_up_does_not_save_asking(
    server: TraverseServer, world: World, room: UUID
) -> None:
    former = await visit(server, room, guest("Former"))
    await world.arun(lambda: world.set_room(room, access=Access.ASK))
    async with Caller(server, room, former.person) as back:
        assert (await back.hello(seat=former.seat))["admission"] == "ask"


async def test_seats_collected_before_do_not_overfill_a_room(
    server: TraverseServer, room: UUID
) -> None:
    collector = guest("Collector")
    visits = [await visit(server, room, collector) for _ in range(limits.ROOM_PEERS)]
    async with Caller(server, room, guest("Ada")) as ada:
        await ada.enter()
        callers = []
        try:
            for old in visits:
                caller = Caller(server, room, collector)
                callers.append(caller)
                await caller.connect()
                await caller.hello(seat=old.seat, resume=old.welcome["resume_token"])
            peers = (await ada.answers() and await ada_sees(ada))["peers"]
            assert [peer["peer_id"] for peer in peers] == [ada.peer_id]
        finally:
            for caller in callers:
                await caller.close()


async def ada_sees(caller: Caller) -> dict[str, list[dict[str, str]]]:
    await caller.send("ping", t=1.0, rev=0)
    return await caller.expect("room.state")


async def test_one_person_cannot_fill_the_lobby(server: TraverseServer, room: UUID) -> None:
    greedy = guest("Greedy")
    callers: list[Caller] = []
    try:
        for _ in range(limits.LOBBY_PEERS):
            caller = Caller(server, room, greedy)
            callers.append(caller)
            await caller.connect()
            await caller.send("hello", ticket=ticket(greedy, room), name="Greedy")
        async with Caller(server, room, guest("Ada")) as ada:
            await ada.enter()
    finally:
        for caller in callers:
            await caller.close()


async def test_a_former_owner_no_longer_rules(
    server: TraverseServer, world: World, owner: Person, room: UUID
) -> None:
    heir = await world.arun(lambda: world.person("Heir"))
    async with (
        Caller(server, room, owner) as old,
        Caller(server, room, heir) as new,
        Caller(server, room, guest()) as other,
    ):
        for caller in (old, new, other):
            await caller.enter()
        await world.arun(lambda: world.set_room(room, owner_id=heir.user_id))
        # Any change that the site makes has the policy read again.
        await old.send("room.lock", locked=True)
        await new.expect("room.state", locked=True)
        for type_ in ("room.remove", "room.ask_mute"):
            await old.send(type_, peer_id=other.peer_id)
            await old.error("not_owner")
        await old.send("room.lock", locked=False)
        await old.error("not_owner")
        await new.send("room.ask_mute", peer_id=other.peer_id)
        await other.expect("ask_mute")


@pytest.mark.parametrize("fields", [{"locked": True}, {"access": Access.SIGNED_IN}])
async def test_a_change_whose_notice_was_lost_is_seen_all_the_same(
    server: TraverseServer, world: World, room: UUID, fields: dict[str, object]
) -> None:
    async with Caller(server, room, guest()) as ada, Caller(server, room, guest()) as lobby:
        await ada.enter()
        await lobby.hello()
        await world.arun(lambda: world.set_room(room, **fields))
        if "locked" in fields:
            await ada.expect("room.state", locked=True)
            await lobby.send("join", presence=PRESENCE)
            await lobby.error("room_locked")
        else:
            await ada.bye("forbidden")
            await lobby.bye("forbidden")
