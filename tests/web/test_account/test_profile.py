"""Changing the name, changing the address, leaving."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User
from rooms.models import Room
from rooms.services import create_room
from tests.support.people import PASSWORD

PROFILE = "/accounts/profile/"
DELETE = "/accounts/profile/delete/"


@pytest.fixture
def home(client: Client, ada: User) -> Client:
    client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
    return client


def test_the_name_can_be_changed(home: Client, ada: User) -> None:
    assert home.post(PROFILE, {"name": " Countess\u200b  Ada "})["Location"] == PROFILE
    ada.refresh_from_db()
    assert ada.name == "Countess Ada"


@pytest.mark.parametrize("name", ["", "\u202e", "x" * 65, "x" * 10_000])
def test_a_name_that_cannot_be_shown_changes_nothing(home: Client, ada: User, name: str) -> None:
    answer = home.post(PROFILE, {"name": name})
    assert answer.status_code == 200
    assert b'class="field__error"' in answer.content
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_a_form_can_change_nothing_but_the_name(home: Client, ada: User) -> None:
    home.post(PROFILE, {"name": "Ada", "email": "x@example.org", "is_superuser": "on"})
    ada.refresh_from_db()
    assert (ada.email, ada.is_superuser) == ("ada@example.org", False)


@pytest.mark.parametrize("path", [PROFILE, DELETE, "/accounts/email/", "/accounts/2fa/"])
def test_these_pages_are_for_people_who_are_logged_in(client: Client, path: str) -> None:
    assert client.get(path)["Location"].startswith("/accounts/login/?next=")


def test_the_address_changes_when_the_link_sent_there_is_opened(
    home: Client, ada: User, with_mail: None
) -> None:
    home.post("/accounts/reauthenticate/", {"password": PASSWORD})
    home.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"
    [message] = mail.outbox
    assert message.to == ["new@example.org"]
    link = next(line for line in message.body.splitlines() if line.startswith("http"))
    home.post(link.removeprefix("http://localhost:8000"))
    ada.refresh_from_db()
    assert ada.email == "new@example.org"
    assert [address.email for address in EmailAddress.objects.filter(user=ada)] == [
        "new@example.org"
    ]
    assert mail.outbox[-1].to == ["ada@example.org"], "the old address is told"


def test_changing_the_address_asks_for_the_password(home: Client, with_mail: None) -> None:
    answer = home.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert "/reauthenticate/" in answer["Location"]
    assert not mail.outbox


def test_without_mail_the_address_cannot_be_changed(home: Client, ada: User) -> None:
    assert home.get("/accounts/email/")["Location"] == PROFILE
    home.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert [address.email for address in EmailAddress.objects.filter(user=ada)] == [
        "ada@example.org"
    ]


def test_deleting_takes_the_channels_and_every_session(home: Client, ada: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(ada)
    create_room(owner_id=ada.pk, name="Ada's")
    assert home.post(DELETE, {"password": PASSWORD})["Location"] == "/"
    assert not User.objects.exists()
    assert not Room.objects.exists()
    for client in (home, elsewhere):
        assert client.get(PROFILE).status_code == 302


@pytest.mark.parametrize("password", ["", "wrong"])
def test_deleting_asks_for_the_password(home: Client, ada: User, password: str) -> None:
    answer = home.post(DELETE, {"password": password})
    assert answer.status_code == 200
    assert b'class="field__error"' in answer.content
    assert User.objects.exists()


def test_reading_the_page_deletes_nothing(home: Client) -> None:
    home.get(DELETE, {"password": PASSWORD})
    assert User.objects.exists()


def test_the_password_cannot_be_guessed_there_either(home: Client) -> None:
    codes = [home.post(DELETE, {"password": "wrong"}).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]
    assert User.objects.exists()


def test_the_address_is_free_again_after_leaving(home: Client, person: Callable[..., User]) -> None:
    home.post(DELETE, {"password": PASSWORD})
    assert person().email == "ada@example.org"
