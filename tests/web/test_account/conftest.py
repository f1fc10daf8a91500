"""People with accounts, mail that stays here, and quick hashes."""

from collections.abc import Callable, Iterator

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts import mail
from accounts.models import User
from tests.support.people import PASSWORD


@pytest.fixture(autouse=True)
def _surroundings(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["tests.support.hashing.CountingHasher"]
    monkeypatch.setattr(mail, "later", lambda job: bool(job() or True))
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def with_mail(settings: Settings) -> None:
    """The settings that EMAIL_URL makes."""
    settings.MAIL_ENABLED = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False


@pytest.fixture
def person() -> Callable[..., User]:
    def make(email: str = "ada@example.org", *, name: str = "Ada", **fields: object) -> User:
        user = User.objects.create_user(email, PASSWORD, name=name, **fields)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        return user

    return make


@pytest.fixture
def ada(person: Callable[..., User]) -> User:
    return person()


@pytest.fixture
def browser() -> Callable[..., Client]:
    """A browser at an address of its own."""

    def make(address: str = "198.51.100.1") -> Client:
        return Client(REMOTE_ADDR=address)

    return make


@pytest.fixture
def log_in() -> Callable[..., object]:
    def post(
        client: Client,
        email: str = "ada@example.org",
        password: str = PASSWORD,
        **fields: str,
    ) -> object:
        data = {"login": email, "password": password, **fields}
        return client.post("/accounts/login/", data)

    return post
