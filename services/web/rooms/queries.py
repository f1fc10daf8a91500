"""Reads of rooms for others: the policy of a room, the lists of the home page.

No function here takes user input to a room: `rooms.access` does.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, QuerySet

from rooms.models import Access, Admission, Removal, Room, Visit
from signaling.tickets import Identity

RECENT_ROOMS: Final = 10


@dataclass(frozen=True, slots=True)
class RoomPolicy:
    """All that decides whether one person may enter one room, read at one moment."""

    room_id: UUID
    name: str
    access: Access
    locked: bool
    expires_at: datetime | None
    capacity: int
    owner: Identity
    removed: bool
    admitted: bool


def identity_of_user(user_id: object) -> Identity:
    return Identity(f"user:{user_id}")


def policy_for(*, room_id: UUID, identity: Identity) -> RoomPolicy | None:
    """None: there is no such room. One query."""
    row = (
        Room.objects.filter(pk=room_id)
        .values_list(
            "name",
            "access",
            "locked",
            "expires_at",
            "owner_id",
            Exists(Removal.objects.filter(room_id=room_id, identity=identity)),
            Exists(Admission.objects.filter(room_id=room_id, identity=identity)),
        )
        .first()
    )
    if row is None:
        return None
    name, access, locked, expires_at, owner_id, removed, admitted = row
    return RoomPolicy(
        room_id=room_id,
        name=name,
        access=Access(access),
        locked=locked,
        expires_at=expires_at,
        capacity=settings.ROOM_CAPACITY,
        owner=identity_of_user(owner_id),
        removed=removed,
        admitted=admitted,
    )


def rooms_owned_by(user_id: int) -> QuerySet[Room]:
    return Room.objects.filter(owner_id=user_id)


def recent_visits_of(user_id: int) -> QuerySet[Visit]:
    """The last rooms of others that this person was at, newest first."""
    return (
        Visit.objects.filter(user_id=user_id)
        .exclude(room__owner_id=user_id)
        .select_related("room", "room__owner")[:RECENT_ROOMS]
    )


def removals_from(room_id: UUID) -> QuerySet[Removal]:
    return Removal.objects.filter(room_id=room_id)
