"""How often somebody may guess at links, and how many tickets they may take.

Misses count per account, per known guest, or, for whoever brings no cookie, per
address: an office behind one address is not shut out by a stranger in it. Once over
the limit every address gets the same refusal, so that a hit tells no more than a miss.
"""

from typing import Final
from uuid import UUID

from core.ratelimit import Rate, limiter
from rooms.viewers import Viewer

MISSES: Final = Rate(name="room_miss", amount=20, seconds=60)
CREATIONS: Final = Rate(name="room_create", amount=60, seconds=3600)
"""Per account."""
TICKETS: Final = Rate(name="room_ticket", amount=30, seconds=60)
"""Per person and room; a reload takes one."""
NEWCOMERS: Final = Rate(name="room_newcomer", amount=32, seconds=3600)
"""Guests without a cookie, per room and address: each could have a relay credential."""


def wait_after_misses(viewer: Viewer) -> int:
    """Seconds until `viewer` may ask for a room again; 0: now."""
    return limiter().peek(MISSES, _guesser(viewer))


def count_miss(viewer: Viewer) -> None:
    limiter().hit(MISSES, _guesser(viewer))


def count_ticket(viewer: Viewer, *, room_id: UUID) -> int:
    """Seconds until `viewer` may have a ticket; 0: it is counted, go on."""
    if viewer.newcomer:
        return limiter().hit(NEWCOMERS, f"{room_id.hex}:{viewer.address}")
    return limiter().hit(TICKETS, f"{room_id.hex}:{viewer.identity}")


def count_creation(viewer: Viewer) -> int:
    """Seconds until `viewer` may make another room; 0: it is counted, go on."""
    return limiter().hit(CREATIONS, viewer.identity)


def _guesser(viewer: Viewer) -> str:
    return viewer.address if viewer.newcomer else viewer.identity
