"""With mail, no page tells whether an address has an account.

Compared are status, target, cookies and the whole text of the page that
follows, and what takes the time: hashes before the answer, queries where there
is no hash, mail never.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from allauth.account.models import EmailAddress
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import mail
from accounts.models import User
from tests.support.hashing import CountingHasher
from tests.support.people import PASSWORD

FREE = "free@example.org"
pytestmark = pytest.mark.usefixtures("with_mail")


@dataclass(frozen=True)
class Seen:
    """All that the person at the browser can see."""

    status: int
    target: str
    cookies: tuple[str, ...]
    page: str
    hashes: int


def look(path: str, data: dict[str, str], *, address: str) -> Seen:
    client = Client(REMOTE_ADDR=address)
    before = CountingHasher.calls
    answer = client.post(path, data)
    hashes = CountingHasher.calls - before
    target = answer.headers.get("Location", "")
    page = client.get(target) if target else answer
    text = page.content.decode()
    for value in data.values():
        text = text.replace(value, "…")
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return Seen(answer.status_code, target, tuple(sorted(client.cookies)), text, hashes)


@pytest.fixture
def people(person: Callable[..., User]) -> None:
    person("taken@example.org")
    person("inactive@example.org", is_active=False)
    person("unproven@example.org")
    EmailAddress.objects.filter(email="unproven@example.org").update(verified=False)


ADDRESSES = ("taken@example.org", "inactive@example.org", "unproven@example.org", FREE)


def all_equal(path: str, fields: Callable[[str], dict[str, str]]) -> Seen:
    seen = [
        look(path, fields(email), address=f"198.51.100.{n}") for n, email in enumerate(ADDRESSES)
    ]
    for other in seen[1:]:
        assert other == seen[0]
    return seen[0]


def test_sign_up(people: None) -> None:
    seen = all_equal(
        "/accounts/signup/",
        lambda email: {"email": email, "name": "Someone", "password1": PASSWORD},
    )
    assert (seen.status, seen.target, seen.hashes) == (302, "/accounts/confirm-email/", 1)


def test_log_in_with_a_wrong_password(people: None) -> None:
    seen = all_equal("/accounts/login/", lambda email: {"login": email, "password": "wrong"})
    assert (seen.status, seen.hashes) == (200, 1)


def test_reset(people: None) -> None:
    seen = all_equal("/accounts/password/reset/", lambda email: {"email": email})
    assert (seen.status, seen.hashes) == (302, 0)


def test_a_reset_asks_the_database_the_same_for_everybody(
    people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "later", lambda job: True)
    asked = []
    for email in ADDRESSES:
        with CaptureQueriesContext(connection) as queries:
            Client().post("/accounts/password/reset/", {"email": email})
        asked.append([query["sql"].split("WHERE")[0] for query in queries])
    assert asked[1:] == asked[:-1]


@pytest.mark.parametrize("email", ADDRESSES)
@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/password/reset/"])
def test_no_mail_is_made_before_the_answer(
    people: None, monkeypatch: pytest.MonkeyPatch, path: str, email: str
) -> None:
    queued: list[object] = []
    monkeypatch.setattr(mail, "later", queued.append)
    Client().post(path, {"email": email, "name": "Someone", "password1": PASSWORD})
    assert len(queued) == 1
    assert not outbox.outbox


def test_everybody_gets_a_mail_that_helps(people: None) -> None:
    Client().post(
        "/accounts/signup/",
        {"email": "taken@example.org", "name": "Someone", "password1": PASSWORD},
    )
    Client().post("/accounts/password/reset/", {"email": FREE})
    assert [message.subject for message in outbox.outbox] == [
        "You already have an account",
        "There is no account with this address",
    ]
    assert all("{" not in message.body for message in outbox.outbox)


def test_a_proven_address_cannot_be_taken_over_by_changing_ones_own(
    people: None, client: Client
) -> None:
    eve = User.objects.create_user("eve@example.org", PASSWORD, name="Eve")
    EmailAddress.objects.create(user=eve, email=eve.email, primary=True, verified=True)
    client.force_login(eve)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    pages = []
    for email in ("taken@example.org", FREE):
        page = client.post("/accounts/email/", {"email": email, "action_add": ""}, follow=True)
        pages.append(page.content.decode().replace(email, "…"))
    strip = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert strip.sub("", pages[0]) == strip.sub("", pages[1])
    link = next(line for line in outbox.outbox[0].body.splitlines() if line.startswith("http"))
    client.post(link.removeprefix("http://localhost:8000"))
    eve.refresh_from_db()
    assert eve.email == "eve@example.org"
