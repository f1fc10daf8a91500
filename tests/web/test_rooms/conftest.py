"""People, channels and browsers for the tests of the channel pages."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.test import Client

from accounts.models import User
from core.ratelimit import limiter
from rooms import services
from rooms.models import Room


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    limiter.cache_clear()
    yield
    limiter.cache_clear()


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The rooms that open calls were told about."""
    told: list[UUID] = []
    for module in ("rooms.services", "rooms.signals", "rooms.admin"):
        monkeypatch.setattr(f"{module}.room_changed", told.append)
    return told


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_user("owner@example.org", name="Olga Owner")


@pytest.fixture
def member(db: None) -> User:
    return User.objects.create_user("member@example.org", name="Max Member")


@pytest.fixture
def room(owner: User) -> Room:
    return services.create_room(owner_id=owner.pk, name="Monday check-in")


@pytest.fixture
def browser() -> Callable[..., Client]:
    """A browser of its own; signed in where a user is given."""

    def open_browser(user: User | None = None, *, csrf: bool = False) -> Client:
        client = Client(enforce_csrf_checks=csrf)
        if user is not None:
            client.force_login(user)
        return client

    return open_browser
