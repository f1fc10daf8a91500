"""One suite for both rosters: in memory, and in a real Redis."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from signaling.protocol import limits
from signaling.protocol.messages import PeerId, PeerState, Presence, Role, SeatId
from signaling.roster import (
    Entry,
    PeerUnknown,
    Phase,
    ResumeRefused,
    RoomIsFull,
    Roster,
    RosterUnavailable,
)
from signaling.roster_memory import MemoryRoster
from signaling.roster_redis import RedisRoster
from signaling.tickets import Identity
from tests.support.server import redis_server

LEASE_S = 0.5
GRACE_S = 0.25
SEEN = Presence(audio=True, video=True, screen=False, hand=False)

Lose = Callable[[], Awaitable[None]]


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    directory: Path = tmp_path_factory.mktemp("redis")
    with redis_server(directory) as url:
        yield url


@pytest.fixture(params=["memory", "redis"])
async def pair(
    request: pytest.FixtureRequest, redis_url: str
) -> AsyncIterator[tuple[Roster, Lose]]:
    if request.param == "memory":
        memory = MemoryRoster(lease_s=LEASE_S, grace_s=GRACE_S)

        async def forget() -> None:
            memory.forget()

        yield memory, forget
        return
    roster = RedisRoster.from_url(redis_url, lease_s=LEASE_S, grace_s=GRACE_S)
    client = Redis.from_url(redis_url)

    async def flush() -> None:
        await client.flushall()

    yield roster, flush
    await client.aclose()
    await roster.close()


@pytest.fixture
def roster(pair: tuple[Roster, Lose]) -> Roster:
    return pair[0]


@pytest.fixture
def lose(pair: tuple[Roster, Lose]) -> Lose:
    return pair[1]


@pytest.fixture
def room() -> UUID:
    return uuid4()


def someone(name: str = "Ada", **fields: object) -> Entry:
    entry = Entry(
        peer_id=PeerId(secrets.token_urlsafe(16)),
        seat_id=SeatId(secrets.token_urlsafe(16)),
        identity=Identity(f"guest:{name}"),
        name=name,
        role=Role.GUEST,
        channel="here",
        socket="first",
        resume_hash=f"hash of {name}",
    )
    return replace(entry, **fields)  # type: ignore[arg-type]


async def joined(roster: Roster, room: UUID, name: str = "Ada", capacity: int = 8) -> Entry:
    entry = someone(name)
    await roster.arrive(room, entry)
    view = await roster.join(room, entry.peer_id, presence=SEEN, capacity=capacity)
    return view.entries[entry.peer_id]


async def test_a_room_that_nobody_entered_is_empty(roster: Roster, room: UUID) -> None:
    view = await roster.read(room)
    assert not view.entries
    assert not view.changed


async def test_who_is_in_the_lobby_is_in_nobodys_roster(roster: Roster, room: UUID) -> None:
    await joined(roster, room)
    before = await roster.read(room)
    view = await roster.arrive(room, someone("Grace"))
    assert len(view.entries) == 2
    assert [entry.name for entry in view.joined()] == ["Ada"]
    assert view.rev == before.rev
    assert not view.changed


async def test_a_first_join_gets_the_next_order_and_a_new_revision(
    roster: Roster, room: UUID
) -> None:
    ada = await joined(roster, room, "Ada")
    before = await roster.read(room)
    grace = await joined(roster, room, "Grace")
    view = await roster.read(room)
    assert ada.order is not None
    assert grace.order is not None
    assert grace.order > ada.order > 1_700_000_000_000
    assert view.rev > before.rev
    assert [entry.name for entry in view.joined()] == ["Ada", "Grace"]
    assert grace.audio
    assert grace.video
    assert not grace.screen


async def test_every_field_of_a_peer_comes_back_as_it_was(roster: Roster, room: UUID) -> None:
    entry = someone("Zoë 👩‍👩‍👧 <b>", role=Role.OWNER, admitted=True)
    view = await roster.arrive(room, entry)
    stored = view.entries[entry.peer_id]
    assert replace(stored, since_ms=0) == entry


async def test_joining_twice_keeps_the_order(roster: Roster, room: UUID) -> None:
    ada = await joined(roster, room)
    view = await roster.join(room, ada.peer_id, presence=SEEN, capacity=8)
    assert view.entries[ada.peer_id].order == ada.order


async def test_a_full_room_takes_nobody_more(roster: Roster, room: UUID) -> None:
    for index in range(3):
        await joined(roster, room, f"P{index}", capacity=3)
    late = someone("Late")
    await roster.arrive(room, late)
    with pytest.raises(RoomIsFull):
        await roster.join(room, late.peer_id, presence=SEEN, capacity=3)
    assert len((await roster.read(room)).joined()) == 3


async def test_fifty_who_join_at_once_never_exceed_the_capacity(roster: Roster, room: UUID) -> None:
    people = [someone(f"P{index}") for index in range(50)]
    await asyncio.gather(*(roster.arrive(room, person) for person in people))
    results = await asyncio.gather(
        *(roster.join(room, p.peer_id, presence=SEEN, capacity=8) for p in people),
        return_exceptions=True,
    )
    assert sum(isinstance(result, RoomIsFull) for result in results) == 42
    view = await roster.read(room)
    assert len(view.joined()) == 8
    assert len({entry.order for entry in view.joined()}) == 8


async def test_the_lobby_holds_a_bounded_number(
    roster: Roster, room: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LOBBY_PEERS", 3)
    for index in range(limits.LOBBY_PEERS):
        await roster.arrive(room, someone(f"P{index}"))
    with pytest.raises(RoomIsFull):
        await roster.arrive(room, someone("Late"))
    assert len((await roster.read(room)).entries) == limits.LOBBY_PEERS


async def test_a_reload_takes_the_seat_and_the_old_peer_is_gone(roster: Roster, room: UUID) -> None:
    ada = await joined(roster, room)
    fresh = someone("Ada", seat_id=ada.seat_id, order=ada.order)
    view = await roster.arrive(room, fresh)
    assert [(gone.entry.peer_id, gone.reason) for gone in view.gone] == [(ada.peer_id, "replaced")]
    assert view.changed
    assert view.joined() == []
    view = await roster.join(room, fresh.peer_id, presence=SEEN, capacity=1)
    assert [entry.order for entry in view.joined()] == [ada.order]


async def test_a_reloading_peer_keeps_its_place_in_a_full_room(roster: Roster, room: UUID) -> None:
    ada = await joined(roster, room, capacity=1)
    fresh = someone("Ada", seat_id=ada.seat_id, order=ada.order)
    await roster.arrive(room, fresh)
    rival = someone("Rival")
    await roster.arrive(room, rival)
    with pytest.raises(RoomIsFull):
        await roster.join(room, rival.peer_id, presence=SEEN, capacity=1)
    await roster.join(room, fresh.peer_id, presence=SEEN, capacity=1)


async def test_a_peer_unknown_to_the_room_cannot_join(roster: Roster, room: UUID) -> None:
    await joined(roster, room)
    with pytest.raises(PeerUnknown):
        await roster.join(room, PeerId("x" * 22), presence=SEEN, capacity=8)


async def test_a_closed_socket_makes_a_peer_away_and_a_resume_brings_it_back(
    roster: Roster, room: UUID
) -> None:
    ada = await joined(roster, room)
    view = await roster.detach(room, ada.peer_id, socket="first")
    assert view.entries[ada.peer_id].state is PeerState.AWAY
    assert view.changed
    view = await roster.resume(
        room,
        ada.peer_id,
        identity=ada.identity,
        presented=ada.resume_hash,
        fresh="second hash",
        channel="there",
        socket="second",
    )
    back = view.entries[ada.peer_id]
    assert (back.state, back.channel, back.socket) == (PeerState.HERE, "there", "second")
    assert back.order == ada.order
    assert view.before is not None
    assert (view.before.channel, view.before.socket) == ("here", "first")


async def test_an_older_socket_that_closes_changes_nothing(roster: Roster, room: UUID) -> None:
    ada = await joined(roster, room)
    view = await roster.detach(room, ada.peer_id, socket="older")
    assert not view.changed
    assert view.entries[ada.peer_id].state is PeerState.HERE


async def test_who_closes_the_socket_in_the_lobby_is_gone_without_a_trace(
    roster: Roster, room: UUID
) -> None:
    ada = await joined(roster, room)
    visitor = someone("Visitor")
    await roster.arrive(room, visitor)
    view = await roster.detach(room, visitor.peer_id, socket="first")
    assert set(view.entries) == {ada.peer_id}
    assert not view.changed


async def resume(roster: Roster, room: UUID, ada: Entry, presented: str, fresh: str) -> None:
    await roster.resume(
        room,
        ada.peer_id,
        identity=ada.identity,
        presented=presented,
        fresh=fresh,
        channel="here",
        socket=fresh,
    )


async def test_the_old_resume_token_is_good_until_the_new_socket_has_spoken(
    roster: Roster, room: UUID
) -> None:
    ada = await joined(roster, room)
    await resume(roster, room, ada, ada.resume_hash, "two")
    await resume(roster, room, ada, ada.resume_hash, "three")
    await roster.confirm(room, ada.peer_id, socket="three")
    with pytest.raises(ResumeRefused):
        await resume(roster, room, ada, ada.resume_hash, "four")
    await resume(roster, room, ada, "three", "five")


async def test_a_token_whose_welcome_was_lost_dies_with_it(roster: Roster, room: UUID) -> None:
    ada = await joined(roster, room)
    await resume(roster, room, ada, ada.resume_hash, "two")
    await resume(roster, room, ada, ada.resume_hash, "three")
    with pytest.raises(ResumeRefused):
        await resume(roster, room, ada, "two", "four")


async def test_a_confirmation_of_an_older_socket_does_not_count(roster: Roster, room: UUID) -> None:
    ada = await joined(roster, room)
    await resume(roster, room, ada, ada.resume_hash, "two")
    await roster.confirm(room, ada.peer_id, socket="first")
    await resume(roster, room, ada, ada.resume_hash, "three")


async def test_an_empty_previous_hash_opens_nothing(roster: Roster, room: UUID) -> None:
    ada = await joined(roster, room)
    with pytest.raises(ResumeRefused):
        await resume(roster, room, ada, "", "two")


async def test_another_person_cannot_resume_even_with_the_token(roster: Roster, room: UUID) -> None:
    ada = await joined(roster, room)
    with pytest.raises(ResumeRefused):
        await resume(
            roster, room, replace(ada, identity=Identity("guest:thief")), ada.resume_hash, "two"
        )


async def test_resuming_an_unknown_peer_says_so(roster: Roster, room: UUID) -> None:
    with pytest.raises(PeerUnknown):
        await resume(roster, room, someone(), "hash of Ada", "two")


async def test_silence_makes_away_and_then_gone(roster: Roster, room: UUID) -> None:
    ada = await joined(roster, room)
    await asyncio.sleep(LEASE_S + 0.05)
    assert not (await roster.read(room)).gone
    away = await roster.touch(room, [])
    assert away.entries[ada.peer_id].state is PeerState.AWAY
    assert away.changed
    await asyncio.sleep(GRACE_S + 0.05)
    gone = await roster.touch(room, [])
    assert not gone.entries
    assert [(each.entry.peer_id, each.reason) for each in gone.gone] == [(ada.peer_id, "expired")]
    assert gone.rev > away.rev


async def test_who_falls_silent_in_the_lobby_is_gone_without_a_grace(
    roster: Roster, room: UUID
) -> None:
    ada = await joined(roster, room)
    await roster.arrive(room, someone("Visitor"))
    await asyncio.sleep(LEASE_S + 0.05)
    view = await roster.touch(room, [])
    assert set(view.entries) == {ada.peer_id}


async def test_a_heartbeat_keeps_the_lease_without_a_new_revision(
    roster: Roster, room: UUID
) -> None:
    ada = await joined(roster, room)
    before = view = await roster.read(room)
    for _ in range(4):
        await asyncio.sleep(LEASE_S / 2)
        view = await roster.touch(room, [ada.peer_id])
        assert not view.changed
    assert view.rev == before.rev
    assert view.entries[ada.peer_id].state is PeerState.HERE


async def test_a_heartbeat_brings_back_who_was_away(roster: Roster, room: UUID) -> None:
    ada = await joined(roster, room)
    await roster.detach(room, ada.peer_id, socket="first")
    view = await roster.touch(room, [ada.peer_id])
    assert view.entries[ada.peer_id].state is PeerState.HERE
    assert view.changed


async def test_a_heartbeat_passes_over_strangers(roster: Roster, room: UUID) -> None:
    view = await roster.touch(room, [PeerId("x" * 22)])
    assert not view.entries


async def test_the_highest_presence_revision_wins(roster: Roster, room: UUID) -> None:
    ada = await joined(roster, room)
    hand = Presence(audio=False, video=False, screen=True, hand=True)
    view = await roster.set_presence(room, ada.peer_id, presence=hand, revision=7)
    assert view.changed
    stale = await roster.set_presence(room, ada.peer_id, presence=SEEN, revision=7)
    assert not stale.changed
    entry = stale.entries[ada.peer_id]
    assert (entry.hand, entry.screen, entry.audio, entry.revision) == (True, True, False, 7)


async def test_who_asks_waits_until_the_owner_admits(roster: Roster, room: UUID) -> None:
    await joined(roster, room, "Owner")
    guest = someone("Guest")
    await roster.arrive(room, guest)
    view = await roster.wait(room, guest.peer_id, presence=SEEN)
    assert [entry.name for entry in view.waiting()] == ["Guest"]
    assert view.changed
    view = await roster.join(room, guest.peer_id, presence=None, capacity=8, admit=True)
    entry = view.entries[guest.peer_id]
    assert entry.phase is Phase.JOINED
    assert entry.admitted
    assert entry.video


async def test_only_someone_who_waits_can_be_admitted(roster: Roster, room: UUID) -> None:
    visitor = someone("Visitor")
    await roster.arrive(room, visitor)
    with pytest.raises(PeerUnknown):
        await roster.join(room, visitor.peer_id, presence=None, capacity=8, admit=True)


async def test_a_removed_peer_is_gone_with_its_reason(roster: Roster, room: UUID) -> None:
    ada = await joined(roster, room)
    view = await roster.remove(room, ada.peer_id, reason="removed")
    assert [(gone.entry.peer_id, gone.reason) for gone in view.gone] == [(ada.peer_id, "removed")]
    with pytest.raises(PeerUnknown):
        await roster.remove(room, ada.peer_id, reason="removed")


async def test_lost_presence_shows_as_a_new_epoch_with_a_higher_revision(
    roster: Roster, room: UUID, lose: Lose
) -> None:
    ada = await joined(roster, room)
    before = await roster.read(room)
    await lose()
    await asyncio.sleep(0.01)
    view = await roster.restore(room, ada)
    assert view.epoch != before.epoch
    assert view.rev > before.rev
    assert view.entries[ada.peer_id].order == ada.order
    grace = await joined(roster, room, "Grace")
    assert grace.order is not None
    assert ada.order is not None
    assert grace.order > ada.order


async def test_restoring_a_peer_that_is_there_changes_nothing(roster: Roster, room: UUID) -> None:
    ada = await joined(roster, room)
    view = await roster.restore(room, replace(ada, name="Other"))
    assert not view.changed
    assert view.entries[ada.peer_id].name == "Ada"


async def test_the_epoch_stays_while_somebody_is_there(roster: Roster, room: UUID) -> None:
    await joined(roster, room)
    epochs = {(await roster.read(room)).epoch for _ in range(3)}
    await joined(roster, room, "Grace")
    epochs.add((await roster.read(room)).epoch)
    assert len(epochs) == 1


async def test_an_empty_room_was_not_lost(roster: Roster, room: UUID, lose: Lose) -> None:
    ada = await joined(roster, room)
    before = await roster.remove(room, ada.peer_id, reason="left")
    await asyncio.sleep(0.02)
    after = await roster.read(room)
    assert after.epoch == before.epoch == (await roster.read(uuid4())).epoch
    assert after.epoch_age_ms >= before.epoch_age_ms + 20
    await lose()
    lost = await roster.arrive(room, ada)
    assert lost.epoch != before.epoch
    assert lost.epoch_age_ms < after.epoch_age_ms


async def test_an_order_from_before_takes_no_place_in_a_full_room(
    roster: Roster, room: UUID
) -> None:
    for index in range(2):
        await joined(roster, room, f"P{index}", capacity=2)
    former = someone("Former", order=1_700_000_000_000, admitted=True)
    view = await roster.arrive(room, former, capacity=2)
    entry = view.entries[former.peer_id]
    assert (entry.order, entry.admitted) == (None, False)
    with pytest.raises(RoomIsFull):
        await roster.join(room, former.peer_id, presence=SEEN, capacity=2)


async def test_restoring_strangers_stops_at_the_capacity(roster: Roster, room: UUID) -> None:
    people = [someone(f"P{n}", phase=Phase.JOINED, order=1_700_000_000_000 + n) for n in range(3)]
    for person in people[:2]:
        await roster.restore(room, person, capacity=2)
    with pytest.raises(RoomIsFull):
        await roster.restore(room, people[2], capacity=2)
    await roster.restore(room, people[0], capacity=2)
    assert len((await roster.restore(room, people[2])).joined()) == 3


async def test_one_person_has_a_bounded_part_of_the_lobby(roster: Roster, room: UUID) -> None:
    for _ in range(limits.LOBBY_TABS):
        await roster.arrive(room, someone("Greedy"))
    with pytest.raises(RoomIsFull):
        await roster.arrive(room, someone("Greedy"))
    await roster.arrive(room, someone("Grace"))


async def test_rooms_know_nothing_of_each_other(roster: Roster, room: UUID) -> None:
    ada = await joined(roster, room)
    assert not (await roster.read(uuid4())).entries
    with pytest.raises(PeerUnknown):
        await roster.remove(uuid4(), ada.peer_id, reason="left")


async def test_a_change_beside_presence_raises_the_revision(roster: Roster, room: UUID) -> None:
    await joined(roster, room)
    before = await roster.read(room)
    view = await roster.bump(room)
    assert view.changed
    assert view.rev > before.rev


async def test_a_refused_change_does_not_swallow_what_had_expired(
    roster: Roster, room: UUID
) -> None:
    ada = await joined(roster, room)
    await asyncio.sleep(LEASE_S + GRACE_S + 0.05)
    with pytest.raises(PeerUnknown):
        await roster.remove(room, PeerId("x" * 22), reason="left")
    view = await roster.touch(room, [])
    assert [gone.entry.peer_id for gone in view.gone] == [ada.peer_id]


async def test_an_empty_room_leaves_no_key_behind(redis_url: str, room: UUID) -> None:
    roster = RedisRoster.from_url(redis_url)
    client = Redis.from_url(redis_url)
    ada = await joined(roster, room)
    assert await client.ttl(f"traverse:room:{room.hex}") > 0
    await roster.remove(room, ada.peer_id, reason="left")
    assert not await client.exists(f"traverse:room:{room.hex}")
    await client.aclose()
    await roster.close()


async def test_a_store_that_is_away_is_reported_in_bounded_time(room: UUID) -> None:
    roster = RedisRoster.from_url("redis://127.0.0.1:1/0")
    with pytest.raises(RosterUnavailable):
        async with asyncio.timeout(5):
            await roster.read(room)
    await roster.close()
