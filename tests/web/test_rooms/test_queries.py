"""What others read of rooms, and at what price."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from rooms import queries, services
from rooms.identifiers import new_room_id
from rooms.models import Access, Room, Visit
from signaling.tickets import Identity

pytestmark = pytest.mark.django_db
GUEST = Identity("guest:AAAAAAAAAAAAAAAAAAAAAA")


def test_the_policy_says_all_that_decides_an_entry(room: Room, owner: User) -> None:
    expires_at = timezone.now() + timedelta(hours=1)
    services.rename(room_id=room.pk, name="Choir")
    services.set_access(room_id=room.pk, access=Access.ASK)
    services.set_locked(room_id=room.pk, locked=True)
    services.set_expiry(room_id=room.pk, expires_at=expires_at)
    services.record_admission(room_id=room.pk, identity=GUEST)
    assert queries.policy_for(room_id=room.pk, identity=GUEST) == queries.RoomPolicy(
        room_id=room.pk,
        name="Choir",
        access=Access.ASK,
        locked=True,
        expires_at=expires_at,
        capacity=8,
        owner=Identity(f"user:{owner.pk}"),
        removed=False,
        admitted=True,
    )


def test_the_policy_is_about_one_person(room: Room) -> None:
    services.record_removal(room_id=room.pk, identity=Identity("guest:other"))
    services.record_admission(room_id=room.pk, identity=Identity("guest:third"))
    policy = queries.policy_for(room_id=room.pk, identity=GUEST)
    assert policy is not None
    assert not policy.removed
    assert not policy.admitted


def test_the_policy_costs_one_query(
    room: Room, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    services.record_removal(room_id=room.pk, identity=GUEST)
    with django_assert_num_queries(1):
        assert queries.policy_for(room_id=room.pk, identity=GUEST) is not None
    with django_assert_num_queries(1):
        assert queries.policy_for(room_id=new_room_id(), identity=GUEST) is None


def test_recent_rooms_are_those_of_others_newest_first_and_few(room: Room, member: User) -> None:
    own = services.create_room(owner_id=member.pk, name="Own")
    services.record_visit(room_id=own.pk, user_id=member.pk)
    services.record_visit(room_id=room.pk, user_id=member.pk)
    for number in range(queries.RECENT_ROOMS):
        later = services.create_room(owner_id=room.owner_id, name=f"Later {number}")
        Visit.objects.create(
            room=later, user=member, last_at=timezone.now() + timedelta(minutes=number + 1)
        )
    names = [visit.room.name for visit in queries.recent_visits_of(member.pk)]
    assert names == [f"Later {n}" for n in reversed(range(queries.RECENT_ROOMS))]
