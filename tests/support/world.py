"""The database of a server process under test, written from the test's own process.

`World` runs Django's ORM in one thread whose default connection is that database, so
that models and services are used as they are and pytest-django's own database stays
untouched.
"""

import asyncio
import secrets
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest_django
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from signaling.protocol.messages import Role
from signaling.tickets import Identity, Ticket, session_digest, sign_ticket

T = TypeVar("T")
LIFE_S = 3600


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone at a browser: signed in, or a guest."""

    # Any: None for a guest, and the ORM is only asked about people with an account.

    name: str
    identity: Identity
    user_id: Any = None
    session_key: str | None = field(default=None, repr=False)
    auth: str | None = field(default=None, repr=False)

    @property
    def cookie(self) -> str | None:
        return f"{settings.SESSION_COOKIE_NAME}={self.session_key}" if self.session_key else None


def guest(name: str = "Guest") -> Person:
    return Person(name=name, identity=Identity(f"guest:{secrets.token_urlsafe(16)}"))


def ticket(person: Person, room_id: UUID, **changes: Any) -> str:
    fields: dict[str, Any] = {
        "room_id": room_id,
        "identity": person.identity,
        "name": "" if person.user_id is None else person.name,
        "role": Role.GUEST if person.user_id is None else Role.MEMBER,
        "session": session_digest(person.session_key) if person.session_key else None,
        "auth": person.auth,
        "expires_at": int(time.time()) + LIFE_S,
        **changes,
    }
    return sign_ticket(Ticket(**fields))


class World:
    def __init__(self, path: Path, blocker: "pytest_django.DjangoDbBlocker") -> None:
        self.path = path
        self._blocker = blocker
        self._thread = ThreadPoolExecutor(1, initializer=self._connect)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def _connect(self) -> None:
        databases = {**connections.settings, "default": dict(connections.settings["default"])}
        databases["default"]["NAME"] = str(self.path)
        databases["default"]["OPTIONS"] = {"timeout": 20}
        wrapper = connections["default"].__class__(databases["default"], "default")
        connections["default"] = wrapper

    def run(self, work: Callable[[], T]) -> T:
        def unblocked() -> T:
            with self._blocker.unblock():
                return work()

        return self._thread.submit(unblocked).result()

    async def arun(self, work: Callable[[], T]) -> T:
        """Any of the methods here, without holding up the caller's event loop."""
        return await asyncio.to_thread(work)

    def migrate(self) -> None:
        self.run(lambda: call_command("migrate", verbosity=0))

    def copy(self, path: Path) -> "World":
        shutil.copy(self.path, path)
        return World(path, self._blocker)

    def close(self) -> None:
        self.run(lambda: connections["default"].close())
        self._thread.shutdown()

    # --- People -----------------------------------------------------------------------
    def person(self, name: str = "Ada") -> Person:
        return self.run(lambda: self._person(name))

    def _person(self, name: str) -> Person:
        from accounts.models import User
        from accounts.sessions import auth_digest

        email = f"{secrets.token_hex(6)}@example.org"
        user = User.objects.create_user(email, name=name)
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store.create()
        return Person(
            name=name,
            identity=Identity(f"user:{user.pk}"),
            user_id=user.pk,
            session_key=store.session_key,
            auth=auth_digest(user),
        )

    def log_out(self, person: Person) -> None:
        from django.contrib.sessions.models import Session

        self.run(lambda: Session.objects.filter(pk=person.session_key).delete())

    def expire_session(self, person: Person) -> None:
        from django.contrib.sessions.models import Session

        past = timezone.now() - timedelta(seconds=1)
        self.run(lambda: Session.objects.filter(pk=person.session_key).update(expire_date=past))

    def delete(self, person: Person) -> None:
        from accounts.models import User

        self.run(lambda: User.objects.filter(pk=person.user_id).delete())

    def change(self, person: Person, **fields: Any) -> None:
        from accounts.models import User

        self.run(lambda: User.objects.filter(pk=person.user_id).update(**fields))

    # --- Rooms ------------------------------------------------------------------------
    def room(self, owner: Person, **fields: Any) -> UUID:
        from rooms.models import Room

        values: dict[str, Any] = {"name": "Standup", **fields}
        return self.run(lambda: Room.objects.create(owner_id=owner.user_id, **values).pk)

    def set_room(self, room_id: UUID, **fields: Any) -> None:
        from rooms.models import Room

        self.run(lambda: Room.objects.filter(pk=room_id).update(**fields))


def in_seconds(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)
