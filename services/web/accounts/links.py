"""One-time links that let a person in without mail.

Owns: the token's making, its expiry and its single use. A token is 256 random
bits; the database keeps only its SHA-256, so a copy of the database opens
nothing. Two kinds: `OWNER` makes the first administrator and is worth nothing
once there is one; `INVITE` opens sign-up once where SIGNUP=invite.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import LinkPurpose, OneTimeLink, User

OWNER_LIFE: Final = timedelta(days=1)
INVITE_LIFE: Final = timedelta(days=7)
_ADDRESSES: Final = {LinkPurpose.OWNER: "setup", LinkPurpose.INVITE: "account_invitation"}


class LinkInvalid(Exception):
    """Unknown, used, expired, or meant for something else: nobody is told which."""


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def create_link(
    *,
    purpose: LinkPurpose,
    life: timedelta,
    now: datetime,
    note: str = "",
    created_by: User | None = None,
) -> str:
    """The whole address. It can be read here only, never again."""
    OneTimeLink.objects.filter(expires_at__lte=now).delete()
    token = secrets.token_urlsafe(32)
    OneTimeLink.objects.create(
        purpose=purpose,
        token_hash=digest_of(token),
        expires_at=now + life,
        note=note,
        created_by=created_by,
    )
    return address_of(purpose=purpose, token=token)


def address_of(*, purpose: LinkPurpose, token: str) -> str:
    return absolute(reverse(_ADDRESSES[purpose], args=[token]))


def absolute(path: str) -> str:
    return settings.SITE.base_url.rstrip("/") + path


def at_home(address: str) -> str:
    """`address` at BASE_URL, whatever host and port the request that made it named."""
    parts = urlsplit(address)
    return absolute(urlunsplit(("", "", parts.path, parts.query, parts.fragment)))


def is_valid(token: str, *, purpose: LinkPurpose, now: datetime) -> bool:
    return _open(token, purpose=purpose, now=now).exists()


def redeem(token: str, *, purpose: LinkPurpose, now: datetime) -> None:
    """Use the link up, or raise `LinkInvalid`; of two at once, one wins."""
    if not _open(token, purpose=purpose, now=now).update(used_at=now):
        raise LinkInvalid


def needs_owner() -> bool:
    return not User.objects.filter(is_superuser=True, is_active=True).exists()


def _open(token: str, *, purpose: LinkPurpose, now: datetime) -> QuerySet[OneTimeLink]:
    return OneTimeLink.objects.filter(
        purpose=purpose, token_hash=digest_of(token), used_at=None, expires_at__gt=now
    )
