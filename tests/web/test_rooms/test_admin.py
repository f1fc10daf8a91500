"""Administrators find a channel by what a report names: its id or its link."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from accounts.models import User
from rooms import services
from rooms.models import Access, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(browser: Callable[..., Client]) -> Client:
    return browser(User.objects.create_superuser("root@example.org", name="Root"))


def test_a_channel_is_found_by_id_and_by_link(admin: Client, room: Room, owner: User) -> None:
    other = services.create_room(owner_id=owner.pk, name="Other")
    for term in (str(room.pk), room.pk.hex, room.slug, f" {room.slug} "):
        response = admin.get("/admin/rooms/room/", {"q": term})
        assert room.name in response.content.decode()
        assert other.slug not in response.content.decode()


def test_a_name_finds_nothing(admin: Client, room: Room) -> None:
    assert room.slug not in admin.get("/admin/rooms/room/", {"q": "Monday"}).content.decode()


def test_a_change_reaches_the_call(admin: Client, room: Room, announced: list[UUID]) -> None:
    fields = {
        "name": "Choir",
        "owner": str(room.owner_id),
        "access": Access.ASK.value,
        "expires_at_0": "",
        "expires_at_1": "",
        "removals-TOTAL_FORMS": "0",
        "removals-INITIAL_FORMS": "0",
    }
    response = admin.post(f"/admin/rooms/room/{room.pk}/change/", fields)
    assert response.status_code == 302
    room.refresh_from_db()
    assert (room.name, room.access) == ("Choir", Access.ASK)
    assert announced == [room.pk]


def test_a_deletion_ends_the_call(admin: Client, room: Room, announced: list[UUID]) -> None:
    admin.post(f"/admin/rooms/room/{room.pk}/delete/", {"post": "yes"})
    assert not Room.objects.exists()
    assert announced == [room.pk]
