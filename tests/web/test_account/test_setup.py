"""The first administrator, by a link printed where the server runs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import OneTimeLink, User
from tests.support.people import PASSWORD

FIELDS = {"email": "Owner@example.org", "name": "Owner", "password1": PASSWORD}


@pytest.fixture
def link(capsys: pytest.CaptureFixture[str]) -> str:
    call_command("owner_link")
    printed = capsys.readouterr().out.strip()
    assert printed.startswith("http://localhost:8000/setup/")
    return printed.removeprefix("http://localhost:8000")


def test_the_link_makes_the_administrator_and_logs_in(client: Client, link: str) -> None:
    assert client.get(link).status_code == 200
    assert client.post(link, FIELDS)["Location"] == "/channels/"
    owner = User.objects.get()
    assert (owner.email, owner.is_superuser, owner.is_staff) == ("owner@example.org", True, True)
    assert client.get("/admin/").status_code == 200


def test_the_administrator_can_log_in_where_mail_is_mandatory(
    client: Client, link: str, with_mail: None
) -> None:
    client.post(link, FIELDS)
    fresh = Client()
    fresh.post("/accounts/login/", {"login": "owner@example.org", "password": PASSWORD})
    assert "_auth_user_id" in fresh.session


def test_the_link_works_once(client: Client, link: str) -> None:
    client.post(link, FIELDS)
    stranger = Client()
    assert stranger.get(link).status_code == 404
    assert stranger.post(link, FIELDS | {"email": "eve@example.org"}).status_code == 404
    assert User.objects.count() == 1


def test_the_link_expires(client: Client, link: str) -> None:
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(link).status_code == 404
    assert client.post(link, FIELDS).status_code == 404
    assert not User.objects.exists()


def test_a_used_an_expired_and_a_guessed_link_say_the_same(
    client: Client, link: str, person: Callable[..., User]
) -> None:
    def told(path: str) -> tuple[int, str]:
        answer = client.get(path)
        return answer.status_code, answer.content.decode().replace(path, "")

    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    expired = told(link)
    OneTimeLink.objects.update(
        expires_at=timezone.now() + timedelta(days=1), used_at=timezone.now()
    )
    used = told(link)
    guessed = told("/setup/" + "A" * 43 + "/")
    person(is_superuser=True, is_staff=True)
    assert expired == used == guessed == told(link)
    status, page = expired
    assert status == 404
    assert "This link was used or has expired" in page
    assert "./scripts/manage owner_link" in page
    assert 'href="/accounts/login/"' in page


def test_a_form_sent_too_late_says_so_and_makes_nobody(client: Client, link: str) -> None:
    OneTimeLink.objects.update(used_at=timezone.now())
    answer = client.post(link, FIELDS)
    assert answer.status_code == 404
    assert "This link was used or has expired" in answer.content.decode()
    assert not User.objects.exists()


def test_an_unused_link_is_worth_nothing_once_there_is_an_administrator(
    client: Client, link: str, person: Callable[..., User]
) -> None:
    person(is_superuser=True, is_staff=True)
    assert client.get(link).status_code == 404
    assert client.post(link, FIELDS).status_code == 404
    assert User.objects.count() == 1


def test_no_link_is_printed_once_there_is_an_administrator(
    person: Callable[..., User], capsys: pytest.CaptureFixture[str]
) -> None:
    person(is_superuser=True, is_staff=True)
    with pytest.raises(
        CommandError, match=r"has an administrator already(?s:.*)reset_link ADDRESS"
    ):
        call_command("owner_link")
    assert not capsys.readouterr().out
    assert not OneTimeLink.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "x"},
        {"name": "\u202e"},
        {"password1": "12345678"},
        {"password1": ""},
        {"email": "marguerite@example.org", "password1": "Marguerite1"},
        {"name": "Ada Wilhelmina", "password1": "wilhelmina!"},
    ],
)
def test_a_refused_form_leaves_the_link_good(
    client: Client, link: str, wrong: dict[str, str]
) -> None:
    answer = client.post(link, FIELDS | wrong)
    assert answer.status_code == 200
    assert answer.content.decode().count('class="field__error"') == 1
    assert client.post(link, FIELDS).status_code == 302


def test_an_address_that_has_an_account_is_refused(client: Client, link: str, ada: User) -> None:
    answer = client.post(link, FIELDS | {"email": "ADA@example.org"})
    assert answer.status_code == 200
    assert not User.objects.filter(is_superuser=True).exists()
