"""What the roster of one process keeps, and for how long."""

import secrets
from uuid import uuid4

from signaling.protocol import limits
from signaling.protocol.messages import PeerId, Presence, Role, SeatId
from signaling.roster import Entry
from signaling.roster_memory import MemoryRoster
from signaling.tickets import Identity

SILENT = Presence(audio=False, video=False, screen=False, hand=False)


def someone() -> Entry:
    return Entry(
        peer_id=PeerId(secrets.token_urlsafe(16)),
        seat_id=SeatId(secrets.token_urlsafe(16)),
        identity=Identity(f"guest:{secrets.token_urlsafe(16)}"),
        name="Ada",
        role=Role.GUEST,
        channel="local",
        socket="first",
        resume_hash="hash",
    )


async def test_rooms_that_everybody_left_without_a_word_are_not_kept() -> None:
    now = 1_000_000.0
    roster = MemoryRoster(clock=lambda: now)
    for _ in range(50):
        room, entry = uuid4(), someone()
        await roster.arrive(room, entry)
        await roster.join(room, entry.peer_id, presence=SILENT, capacity=8)
        await roster.detach(room, entry.peer_id, socket="first")
    assert len(roster) == 50
    now += limits.GRACE_S + 1
    stays = uuid4()
    await roster.arrive(stays, someone())
    assert len(roster) == 1
    assert (await roster.read(stays)).entries
