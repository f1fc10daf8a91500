"""The first page: what this server offers, and nothing that it does not."""

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.support.pages import read

pytestmark = pytest.mark.django_db


def text(client: Client) -> str:
    return client.get("/").content.decode()


def test_it_says_what_traverse_is_and_lets_one_in(client: Client) -> None:
    page = text(client)
    assert "Video calls that connect" in read(page).h1[0]
    assert "/accounts/signup/" in page
    assert "/accounts/login/" in page


@pytest.mark.parametrize("mode", ["invite", "closed"])
def test_it_offers_no_sign_up_where_there_is_none(
    client: Client, settings: Settings, mode: str
) -> None:
    settings.SIGNUP = mode
    assert "/accounts/signup/" not in text(client)


def test_who_is_logged_in_goes_on_to_the_channels(client: Client) -> None:
    client.force_login(User.objects.create_user("ada@example.org", name="<i>Ada</i>"))
    page = text(client)
    assert 'href="/channels/"' in page
    assert "&lt;i&gt;Ada&lt;/i&gt;" in page
    assert "/accounts/login/" not in page


def test_it_shows_the_paths_this_server_offers(client: Client, settings: Settings) -> None:
    settings.TURN_HOST, settings.TURN_TLS_PORT = "turn.test", 443
    page = text(client)
    assert page.count('class="paths__line"') == 3
    assert "Not set up on this server" not in page

    settings.TURN_TLS_PORT = 0
    page = text(client)
    assert page.count('class="paths__line"') == 2
    assert "Not set up on this server" in page


def test_it_says_so_when_there_is_no_relay(client: Client, settings: Settings) -> None:
    settings.TURN_HOST = ""
    page = text(client)
    assert 'class="paths__line"' not in page
    assert "This server has no relay yet" in page


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(client: Client, method: str) -> None:
    assert getattr(client, method)("/").status_code == 405
