"""Fills a server's database with people and channels in every state that has a page.

Runs inside the server's environment: `python -m tests.e2e.gallery.seed` prints JSON of
session keys, addresses and failure pages. What the pages' own forms could make is made
by the same services; only what takes days (an expired channel) or a mail is written.
"""

import json
import os
import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any, Final

import django

PASSWORD: Final = "a long walk by the sea"
LONG_NAME: Final = "The quarterly planning meeting of everybody who gardens in town"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from accounts.models import User

    ada = _person(User, "Ada Lindqvist", "ada@example.com")
    new = _person(User, "Noor", "noor@example.com")
    sam = _person(User, "Sam Oyelaran", "sam@example.com")
    _second_factor(sam)
    kai = _person(User, "Kai", "kai@example.com")
    print(
        json.dumps(
            {
                "sessions": {
                    "ada": _session(ada, fresh=True),
                    "noor": _session(new, fresh=True),
                    "sam": _session(sam, fresh=True),
                    "empty": _session(kai, fresh=True),
                    "stale": _session(ada, fresh=False),
                    "sam-stale": _session(sam, fresh=False),
                },
                "links": {**_channels(ada, new, sam), **_one_time_links(new)},
                "failures": _failures(),
            }
        )
    )


def _person(model: Any, name: str, email: str) -> Any:
    from allauth.account.models import EmailAddress

    person = model.objects.create_user(email, PASSWORD, name=name)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def _second_factor(person: Any) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)


def _session(person: Any, *, fresh: bool) -> str:
    """As a log-in leaves it; `fresh`: so recent that no page asks for the password again."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    at = time.time() + (86_400 if fresh else -86_400)
    session["account_authentication_methods"] = [
        {"method": "password", "at": at, "email": person.email}
    ]
    session.create()
    return str(session.session_key)


def _channels(ada: Any, noor: Any, sam: Any) -> dict[str, str]:
    from django.utils import timezone

    from rooms import services
    from rooms.models import Access
    from rooms.queries import identity_of_user

    def channel(owner: Any, name: str) -> Any:
        return services.create_room(owner_id=owner.pk, name=name)

    expired = channel(ada, "Spring fair")
    services.set_expiry(room_id=expired.pk, expires_at=timezone.now() - timedelta(days=3))
    locked = channel(ada, "Board")
    services.set_locked(room_id=locked.pk, locked=True)
    members = channel(ada, LONG_NAME)
    services.set_access(room_id=members.pk, access=Access.SIGNED_IN)
    ask = channel(ada, "Office hours")
    services.set_access(room_id=ask.pk, access=Access.ASK)
    services.set_expiry(room_id=ask.pk, expires_at=timezone.now() + timedelta(days=30))
    garden = channel(ada, "Garden party")
    services.record_removal(room_id=garden.pk, identity=identity_of_user(sam.pk), name=sam.name)
    theirs = channel(noor, "Choir rehearsal")
    services.record_visit(room_id=theirs.pk, user_id=ada.pk)
    other = channel(sam, "Allotment 14")
    services.record_visit(room_id=other.pk, user_id=ada.pk)
    rooms = {
        "expired": expired,
        "locked": locked,
        "members": members,
        "ask": ask,
        "garden": garden,
        "choir": theirs,
    }
    return {name: f"/c/{room.slug}/" for name, room in rooms.items()}


def _one_time_links(person: Any) -> dict[str, str]:
    from allauth.account.forms import default_token_generator
    from allauth.account.models import EmailAddress, EmailConfirmationHMAC
    from allauth.account.utils import user_pk_to_url_str
    from django.urls import reverse
    from django.utils import timezone

    from accounts import links
    from accounts.models import LinkPurpose

    pending = EmailAddress.objects.create(user=person, email="noor.new@example.com")
    key = {
        "uidb36": user_pk_to_url_str(person),
        "key": default_token_generator.make_token(person),
    }
    setup = links.create_link(purpose=LinkPurpose.OWNER, life=links.OWNER_LIFE, now=timezone.now())
    return {
        "setup": "/" + setup.split("/", 3)[3],
        "reset": reverse("account_reset_password_from_key", kwargs=key),
        "confirm": reverse("account_confirm_email", args=[EmailConfirmationHMAC(pending).key]),
        "invitation": reverse("account_invitation", args=[secrets.token_urlsafe(32)]),
    }


def _failures() -> dict[str, str]:
    """The pages that the server shows when something broke: no address asks for them."""
    from django.http import HttpRequest, HttpResponse

    from core import views

    request = HttpRequest()
    pages: dict[str, Callable[[HttpRequest], HttpResponse]] = {
        "400": views.bad_request,
        "403": views.permission_denied,
        "403-csrf": views.csrf_failure,
        "404": views.page_not_found,
        "429": views.too_many_requests,
        "500": views.server_error,
    }
    return {name: view(request).content.decode() for name, view in pages.items()}


if __name__ == "__main__":
    main()
