"""Each write does one thing, and tells open calls once it is committed."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models import User
from rooms import services
from rooms.identifiers import new_room_id
from rooms.models import Access, Admission, Removal, Room, Visit
from rooms.queries import policy_for
from signaling.tickets import Identity

pytestmark = pytest.mark.django_db
GUEST = Identity("guest:AAAAAAAAAAAAAAAAAAAAAA")


def test_a_new_room_is_open_to_the_link_unlocked_and_lasts(owner: User) -> None:
    room = services.create_room(owner_id=owner.pk, name="Choir")
    room.refresh_from_db()
    assert (room.name, room.owner, room.access) == ("Choir", owner, Access.LINK)
    assert not room.locked
    assert room.expires_at is None
    assert not room.expired


def test_rename_changes_the_name_and_tells_the_call(room: Room, announced: list[UUID]) -> None:
    services.rename(room_id=room.pk, name="Choir")
    room.refresh_from_db()
    assert room.name == "Choir"
    assert announced == [room.pk]


@pytest.mark.parametrize("access", Access)
def test_access_can_be_set(room: Room, access: Access, announced: list[UUID]) -> None:
    services.set_access(room_id=room.pk, access=access)
    room.refresh_from_db()
    assert room.access == access
    assert announced == [room.pk]


def test_locking_and_unlocking_tell_the_call(room: Room, announced: list[UUID]) -> None:
    services.set_locked(room_id=room.pk, locked=True)
    room.refresh_from_db()
    assert room.locked
    services.set_locked(room_id=room.pk, locked=False)
    assert not Room.objects.get().locked
    assert announced == [room.pk, room.pk]


def test_an_expiry_is_set_and_taken_back(room: Room, announced: list[UUID]) -> None:
    services.set_expiry(room_id=room.pk, expires_at=timezone.now() - timedelta(seconds=1))
    room.refresh_from_db()
    assert room.expired
    services.set_expiry(room_id=room.pk, expires_at=None)
    assert not Room.objects.get().expired
    assert announced == [room.pk, room.pk]


def test_deleting_takes_all_records_along_and_ends_the_call(
    room: Room, member: User, announced: list[UUID]
) -> None:
    services.record_removal(room_id=room.pk, identity=GUEST, name="Gus")
    services.record_admission(room_id=room.pk, identity=Identity("guest:other"))
    services.record_visit(room_id=room.pk, user_id=member.pk)
    services.delete_room(room_id=room.pk)
    for model in (Room, Removal, Admission, Visit):
        assert not model.objects.exists()
    assert announced == [room.pk]


def test_deleting_an_account_ends_the_calls_in_its_rooms(
    room: Room, owner: User, announced: list[UUID]
) -> None:
    owner.delete()
    assert not Room.objects.exists()
    assert announced == [room.pk]


def test_deleting_an_account_forgets_it_in_the_rooms_of_others(room: Room, member: User) -> None:
    identity = Identity(f"user:{member.pk}")
    services.record_removal(room_id=room.pk, identity=identity, name=member.name)
    services.record_admission(room_id=room.pk, identity=identity)
    services.record_visit(room_id=room.pk, user_id=member.pk)
    member.delete()
    for model in (Removal, Admission, Visit):
        assert not model.objects.exists()
    assert Room.objects.get() == room


def test_a_removed_person_stays_out_until_forgiven(room: Room, announced: list[UUID]) -> None:
    services.record_removal(room_id=room.pk, identity=GUEST, name="Gus")
    policy = policy_for(room_id=room.pk, identity=GUEST)
    assert policy is not None
    assert policy.removed
    services.forgive_removal(room_id=room.pk, removal_id=Removal.objects.get().pk)
    policy = policy_for(room_id=room.pk, identity=GUEST)
    assert policy is not None
    assert not policy.removed
    assert announced == [room.pk]


def test_a_removal_voids_an_earlier_admission(room: Room) -> None:
    services.record_admission(room_id=room.pk, identity=GUEST)
    services.record_removal(room_id=room.pk, identity=GUEST)
    assert not Admission.objects.exists()


def test_a_second_removal_or_admission_of_one_person_adds_nothing(room: Room) -> None:
    services.record_removal(room_id=room.pk, identity=GUEST, name="Gus")
    services.record_removal(room_id=room.pk, identity=GUEST, name="Gus the Second")
    assert Removal.objects.get().name == "Gus the Second"
    services.record_admission(room_id=room.pk, identity=GUEST)
    services.record_admission(room_id=room.pk, identity=GUEST)
    assert Admission.objects.count() == 1


def test_a_removal_cannot_be_forgiven_through_another_room(room: Room, member: User) -> None:
    other = services.create_room(owner_id=member.pk, name="Other")
    services.record_removal(room_id=room.pk, identity=GUEST)
    services.forgive_removal(room_id=other.pk, removal_id=Removal.objects.get().pk)
    assert Removal.objects.exists()


def test_writes_to_a_room_that_was_deleted_meanwhile_do_nothing(
    db: None, announced: list[UUID]
) -> None:
    gone = new_room_id()
    services.rename(room_id=gone, name="Nobody")
    services.set_locked(room_id=gone, locked=True)
    services.delete_room(room_id=gone)
    services.record_removal(room_id=gone, identity=GUEST)
    services.record_admission(room_id=gone, identity=GUEST)
    assert not Room.objects.exists()
    assert not announced


def test_a_second_visit_moves_the_first(room: Room, member: User) -> None:
    services.record_visit(room_id=room.pk, user_id=member.pk)
    first = Visit.objects.get().last_at
    services.record_visit(room_id=room.pk, user_id=member.pk)
    assert Visit.objects.get().last_at > first
