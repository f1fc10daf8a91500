"""Every write to rooms: one transaction each, announced to open calls once committed.

Callers have decided that the person may do this: pages through `rooms.access`, the
socket through its session's role. Names arrive cleaned (`accounts.names`).
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from rooms.models import NAME_CHARS, Access, Admission, Removal, Room, Visit
from signaling.announce import room_changed
from signaling.tickets import Identity


def create_room(*, owner_id: int, name: str) -> Room:
    return Room.objects.create(owner_id=owner_id, name=name)


def rename(*, room_id: UUID, name: str) -> None:
    _change(room_id, name=name)


def set_access(*, room_id: UUID, access: Access) -> None:
    _change(room_id, access=access)


def set_locked(*, room_id: UUID, locked: bool) -> None:
    _change(room_id, locked=locked)


def set_expiry(*, room_id: UUID, expires_at: datetime | None) -> None:
    """None: the room lasts until it is deleted."""
    _change(room_id, expires_at=expires_at)


@transaction.atomic
def delete_room(*, room_id: UUID) -> None:
    """Ends the call in it, too (rooms.signals announces deletions of any origin)."""
    Room.objects.filter(pk=room_id).delete()


@transaction.atomic
def record_removal(*, room_id: UUID, identity: Identity, name: str = "") -> None:
    """Keeps `identity` out until forgiven; an earlier admission is void. Idempotent."""
    if not Room.objects.select_for_update().filter(pk=room_id).exists():
        return
    Admission.objects.filter(room_id=room_id, identity=identity).delete()
    Removal.objects.update_or_create(
        room_id=room_id,
        identity=identity,
        defaults={"name": name[:NAME_CHARS], "at": timezone.now()},
    )


@transaction.atomic
def record_admission(*, room_id: UUID, identity: Identity) -> None:
    """`identity` need not ask again, after a reload for example. Idempotent."""
    if Room.objects.select_for_update().filter(pk=room_id).exists():
        Admission.objects.get_or_create(room_id=room_id, identity=identity)


@transaction.atomic
def forgive_removal(*, room_id: UUID, removal_id: int) -> None:
    """Lets someone come back; a removal of another room is left alone."""
    Removal.objects.filter(room_id=room_id, pk=removal_id).delete()
    room_changed(room_id)


@transaction.atomic
def record_visit(*, room_id: UUID, user_id: int) -> None:
    Visit.objects.bulk_create(
        [Visit(room_id=room_id, user_id=user_id)],
        update_conflicts=True,
        unique_fields=["user", "room"],
        update_fields=["last_at"],
    )


@transaction.atomic
def _change(room_id: UUID, **fields: object) -> None:
    if Room.objects.filter(pk=room_id).update(**fields):
        room_changed(room_id)
