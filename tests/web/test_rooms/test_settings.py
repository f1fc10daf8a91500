"""The owner's page: each form, its failures, and everybody else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from rooms import services
from rooms.models import Access, Removal, Room
from signaling.tickets import Identity

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
GUEST = Identity("guest:AAAAAAAAAAAAAAAAAAAAAA")

FORMS: dict[str, dict[str, str]] = {
    "settings/name/": {"name": "Choir"},
    "settings/access/": {"access": "ask"},
    "settings/lock/": {"locked": "true"},
    "settings/expiry/": {"when": "day"},
    "settings/removed/1/": {},
    "delete/": {},
}


def post(client: Client, room: Room, path: str, **fields: str) -> Any:
    return client.post(f"/c/{room.slug}/{path}", fields)


@pytest.fixture
def owning(browser: Browser, room: Room) -> Client:
    return browser(room.owner)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("who", ["guest", "member", "foreign page"])
def test_nobody_else_changes_anything(
    path: str, who: str, browser: Browser, room: Room, member: User, announced: list[UUID]
) -> None:
    client = {
        "guest": lambda: browser(),
        "member": lambda: browser(member),
        "foreign page": lambda: browser(room.owner, csrf=True),
    }[who]()
    response = post(client, room, path, **FORMS[path])
    expected = {"guest": 302, "member": 404, "foreign page": 403}[who]
    assert response.status_code == expected
    if who == "guest":
        assert "/accounts/login/" in response["Location"]
    before = (room.name, room.access, room.locked, room.expires_at)
    room.refresh_from_db()
    assert (room.name, room.access, room.locked, room.expires_at) == before
    assert not announced


@pytest.mark.parametrize("path", [path for path in FORMS if path.startswith("settings/")])
def test_who_signed_in_on_the_way_lands_on_the_settings(
    path: str, owning: Client, room: Room
) -> None:
    assert owning.get(f"/c/{room.slug}/{path}")["Location"] == f"/c/{room.slug}/settings/"


def test_the_page_shows_the_state_and_the_link(owning: Client, room: Room) -> None:
    services.set_locked(room_id=room.pk, locked=True)
    body = owning.get(f"/c/{room.slug}/settings/").content.decode()
    assert f'value="http://localhost:8000/c/{room.slug}/"' in body
    assert "The channel is locked" in body
    assert "Nobody. When you remove somebody" in body


class TestName:
    def test_it_is_changed(self, owning: Client, room: Room, announced: list[UUID]) -> None:
        response = post(owning, room, "settings/name/", name="\u202eChoir\u200b")
        assert response["Location"] == f"/c/{room.slug}/settings/#name"
        room.refresh_from_db()
        assert room.name == "Choir"
        assert announced == [room.pk]

    @pytest.mark.parametrize("name", ["", "\u200b", "x" * 65, "x" * 100_000])
    def test_one_that_cannot_be_shown_is_refused(
        self, owning: Client, room: Room, name: str, announced: list[UUID]
    ) -> None:
        response = post(owning, room, "settings/name/", name=name)
        assert response.status_code == 422
        assert "field__error" in response.content.decode()
        room.refresh_from_db()
        assert room.name == "Monday check-in"
        assert not announced


class TestAccess:
    @pytest.mark.parametrize("access", Access)
    def test_it_is_changed(
        self, owning: Client, room: Room, access: Access, announced: list[UUID]
    ) -> None:
        assert post(owning, room, "settings/access/", access=access.value).status_code == 302
        room.refresh_from_db()
        assert room.access == access
        assert announced == [room.pk]

    @pytest.mark.parametrize("access", ["", "everybody", "LINK"])
    def test_an_unknown_one_is_refused(self, owning: Client, room: Room, access: str) -> None:
        assert post(owning, room, "settings/access/", access=access).status_code == 422
        room.refresh_from_db()
        assert room.access == Access.LINK


class TestLock:
    def test_sending_the_form_twice_does_not_toggle_back(self, owning: Client, room: Room) -> None:
        for _ in range(2):
            post(owning, room, "settings/lock/", locked="true")
            room.refresh_from_db()
            assert room.locked
        post(owning, room, "settings/lock/", locked="false")
        room.refresh_from_db()
        assert not room.locked

    def test_neither_locked_nor_unlocked_is_refused(self, owning: Client, room: Room) -> None:
        response = post(owning, room, "settings/lock/", locked="maybe")
        assert response.status_code == 422
        assert 'role="alert"' in response.content.decode()


class TestExpiry:
    @pytest.mark.parametrize(
        ("when", "life"),
        [
            ("hour", timedelta(hours=1)),
            ("day", timedelta(days=1)),
            ("week", timedelta(weeks=1)),
            ("month", timedelta(days=30)),
        ],
    )
    def test_a_preset_counts_from_now(
        self, owning: Client, room: Room, when: str, life: timedelta
    ) -> None:
        post(owning, room, "settings/expiry/", when=when)
        room.refresh_from_db()
        assert room.expires_at is not None
        assert abs(room.expires_at - timezone.now() - life) < timedelta(minutes=1)

    def test_never_takes_it_back(self, owning: Client, room: Room) -> None:
        services.set_expiry(room_id=room.pk, expires_at=timezone.now() + timedelta(hours=1))
        post(owning, room, "settings/expiry/", when="never")
        room.refresh_from_db()
        assert room.expires_at is None

    def test_without_scripts_the_moment_is_utc(self, owning: Client, room: Room) -> None:
        moment = (timezone.now() + timedelta(days=2)).replace(second=0, microsecond=0)
        post(owning, room, "settings/expiry/", when="at", at=f"{moment:%Y-%m-%dT%H:%M}")
        room.refresh_from_db()
        assert room.expires_at == moment

    def test_a_moment_with_a_zone_wins(self, owning: Client, room: Room) -> None:
        moment = (timezone.now() + timedelta(days=2)).replace(microsecond=0)
        local = moment + timedelta(hours=9)
        post(
            owning,
            room,
            "settings/expiry/",
            when="at",
            at=f"{local:%Y-%m-%dT%H:%M}",
            at_utc=f"{moment:%Y-%m-%dT%H:%M:%S}.000Z",
        )
        room.refresh_from_db()
        assert room.expires_at == moment

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"when": "someday"},
            {"when": "at"},
            {"when": "at", "at": "tomorrow"},
            {"when": "at", "at": "2020-01-01T00:00"},
            {"when": "at", "at": "9999-12-31T23:59"},
            {"when": "at", "at_utc": "0001-01-01T00:00:00.000Z"},
            {"when": "at", "at_utc": "9999-12-31T23:59:59-23:59"},
            {"when": "at", "at_utc": "x" * 1000},
        ],
    )
    def test_what_is_no_future_moment_is_refused(
        self, owning: Client, room: Room, fields: dict[str, str], announced: list[UUID]
    ) -> None:
        response = post(owning, room, "settings/expiry/", **fields)
        assert response.status_code == 422
        room.refresh_from_db()
        assert room.expires_at is None
        assert not announced

    def test_the_page_of_an_expired_channel_says_how_to_open_it_again(
        self, owning: Client, room: Room
    ) -> None:
        services.set_expiry(room_id=room.pk, expires_at=datetime(2020, 1, 1, tzinfo=UTC))
        body = owning.get(f"/c/{room.slug}/settings/").content.decode()
        assert "This channel has expired" in body
        assert 'datetime="2020-01-01T00:00:00+00:00"' in body


class TestRemoved:
    def test_a_removed_person_is_listed_and_let_back_in(
        self, owning: Client, room: Room, announced: list[UUID]
    ) -> None:
        services.record_removal(room_id=room.pk, identity=GUEST, name="Gus Guest")
        removal = Removal.objects.get()
        page = f"/c/{room.slug}/settings/"
        assert "Gus Guest" in owning.get(page).content.decode()
        response = post(owning, room, f"settings/removed/{removal.pk}/")
        assert response["Location"] == f"{page}#removed"
        assert "Gus Guest" not in owning.get(page).content.decode()
        assert announced == [room.pk]

    def test_somebody_let_in_already_is_no_error(self, owning: Client, room: Room) -> None:
        assert post(owning, room, "settings/removed/123456/").status_code == 302

    def test_a_nameless_guest_still_has_a_line(self, owning: Client, room: Room) -> None:
        services.record_removal(room_id=room.pk, identity=GUEST)
        assert "Somebody" in owning.get(f"/c/{room.slug}/settings/").content.decode()


class TestDelete:
    def test_it_asks_first(self, owning: Client, room: Room) -> None:
        response = owning.get(f"/c/{room.slug}/delete/")
        assert response.status_code == 200
        assert "cannot be undone" in response.content.decode()
        assert Room.objects.exists()

    def test_it_deletes_ends_the_call_and_says_so_at_home(
        self, owning: Client, room: Room, announced: list[UUID]
    ) -> None:
        response = owning.post(f"/c/{room.slug}/delete/", follow=True)
        assert response.redirect_chain == [("/channels/", 302)]
        assert "is deleted" in response.content.decode()
        assert not Room.objects.exists()
        assert announced == [room.pk]
        assert owning.get(f"/c/{room.slug}/").status_code == 404
