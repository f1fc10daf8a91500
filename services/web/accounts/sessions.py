"""Whether a signed-in person's session still stands, asked by open sockets.

The database is the source of truth: a session that was ended (log-out, expiry), a
person who was disabled or deleted, and a changed password all end it. Keys are only
passed through, never kept or logged here.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from accounts.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRef:
    """One person's one session, as it was when the socket opened."""

    session_key: str = field(repr=False)
    user_id: int
    auth: str = field(repr=False)
    """`auth_digest` of the person at that time."""


def auth_digest(user: User) -> str:
    """Changes with the password; may be shown to the person's own browser."""
    return _digest(user.get_session_auth_hash())


def still_valid(refs: Collection[SessionRef]) -> frozenset[SessionRef]:
    """Those of `refs` that may go on. Two queries, however many are asked about."""
    if not refs:
        return frozenset()
    alive = set(
        Session.objects.filter(
            session_key__in={ref.session_key for ref in refs}, expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    people = {
        user.pk: _accepted_digests(user)
        for user in User.objects.filter(pk__in={ref.user_id for ref in refs}, is_active=True).only(
            "pk", "password"
        )
    }
    return frozenset(
        ref for ref in refs if ref.session_key in alive and ref.auth in people.get(ref.user_id, ())
    )


def is_valid(ref: SessionRef) -> bool:
    """`still_valid` of one, in one query."""
    with connection.cursor() as cursor:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        cursor.execute(_PERSON_OF_SESSION, [ref.user_id, ref.session_key, now])
        row = cursor.fetchone()
    return row is not None and ref.auth in _accepted_digests(User(password=row[0]))


# In SQL, because every hello of somebody signed in asks it: the two questions of
# `still_valid` take about 1 ms of CPU to put together.
_PERSON_OF_SESSION: Final = """
SELECT person.password FROM accounts_user AS person
WHERE person.id = %s AND person.is_active AND EXISTS (
    SELECT 1 FROM django_session AS session
    WHERE session.session_key = %s AND session.expire_date > %s)
"""


def session_of(session_key: str) -> tuple[User, SessionRef] | None:
    """The person signed in by this session. Never changes the session."""
    session = Session.objects.filter(
        session_key=session_key, expire_date__gt=timezone.now()
    ).first()
    fields = session.get_decoded() if session else {}
    if fields.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = User.objects.filter(pk=fields[SESSION_KEY], is_active=True).first()
    if user is None or _digest(fields.get(HASH_SESSION_KEY, "")) not in _accepted_digests(user):
        return None
    return user, SessionRef(session_key=session_key, user_id=user.pk, auth=auth_digest(user))


def _accepted_digests(user: User) -> frozenset[str]:
    """Also those made with an older SECRET_KEY that is still in the fallbacks."""
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return frozenset(_digest(hash_) for hash_ in hashes)


def _digest(auth_hash: str) -> str:
    return hashlib.sha256(auth_hash.encode()).hexdigest()[:32]
