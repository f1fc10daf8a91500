"""How a room is named in addresses: 128 random bits, written as 22 characters.

The slug is the base64url form (RFC 4648 section 5, no padding) of the room's UUID.
Each room has exactly one slug: 22 characters hold 132 bits, so spellings whose four
spare bits are not zero are refused, not read as some room.
"""

import base64
import binascii
import secrets
from typing import Final, NewType
from uuid import UUID

Slug = NewType("Slug", str)

SLUG_CHARS: Final = 22
ID_BYTES: Final = 16


class InvalidSlug(ValueError):
    """The text is not the slug of any possible room."""


def new_room_id() -> UUID:
    """All 128 bits are random; a version 4 UUID would fix six of them."""
    return UUID(bytes=secrets.token_bytes(ID_BYTES))


def slug_of(room_id: UUID) -> Slug:
    return Slug(base64.urlsafe_b64encode(room_id.bytes).rstrip(b"=").decode("ascii"))


def id_of(slug: str) -> UUID:
    """Raises InvalidSlug for everything that `slug_of` cannot have made."""
    if len(slug) != SLUG_CHARS or not slug.isascii():
        raise InvalidSlug
    try:
        room_id = UUID(bytes=base64.b64decode(slug + "==", altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise InvalidSlug from error
    if slug_of(room_id) != slug:
        raise InvalidSlug
    return room_id
