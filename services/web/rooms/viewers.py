"""Who stands at a room's door: an account, or a guest known by a cookie of ours.

A guest's id lives in a signed, HttpOnly cookie: it cannot be chosen, only thrown away.
Throwing it away sheds a removal, as a new browser would; a room that must keep
somebody out is locked, for signed-in people, or ask-first.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from core.clients import client_key
from rooms.queries import identity_of_user
from signaling.tickets import Identity

GUEST_COOKIE: Final = "traverse_guest"
GUEST_LIFE: Final = timedelta(days=180)
_SALT: Final = "rooms.guest"
_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    identity: Identity
    user: User | None
    """None: a guest."""
    newcomer: bool
    """A guest whose identity was made for this very request."""
    address: str
    """A key to count by (core.clients); never stored or logged."""

    @property
    def name(self) -> str:
        """An account's name; empty for a guest, who gives one in `hello`."""
        return "" if self.user is None else self.user.name


def viewer_of(request: HttpRequest) -> Viewer:
    """The account of the session, else the guest of the cookie, else a new guest."""
    user = request.user
    if user.is_authenticated:
        return Viewer(
            identity=identity_of_user(user.pk),
            user=user,
            newcomer=False,
            address=client_key(request),
        )
    known = request.get_signed_cookie(GUEST_COOKIE, default=None, salt=_SALT, max_age=GUEST_LIFE)
    guest_id = known or secrets.token_urlsafe(_ID_BYTES)
    return Viewer(
        identity=Identity(f"guest:{guest_id}"),
        user=None,
        newcomer=known is None,
        address=client_key(request),
    )


def account_of(request: HttpRequest) -> User:
    """For pages behind `login_required`."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def remember(viewer: Viewer, response: HttpResponse) -> None:
    """Sets the cookie of a guest who got a ticket; the others need none."""
    if viewer.user is not None:
        return
    response.set_signed_cookie(
        GUEST_COOKIE,
        viewer.identity.removeprefix("guest:"),
        salt=_SALT,
        max_age=GUEST_LIFE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
