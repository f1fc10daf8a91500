"""The only way from what a person typed or followed to a Room.

Owns who may see which room's pages. Each refusal is a type with a status and a code.
`NotFound` is one answer for an address that no room can have, for a room that does
not exist, and for an owner's page asked for by somebody else; each takes the same
path, one query included, so that neither body, status nor time tells them apart.

Whether a call takes this person in (locked, full, ask first) is the socket's
decision; a page only hands out a ticket that says who somebody is.
"""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from django.db.models import Exists, OuterRef

from rooms import throttles
from rooms.identifiers import InvalidSlug, id_of, new_room_id
from rooms.models import Access, Removal, Room
from rooms.viewers import Viewer


class Refusal(Exception):
    """Why a page of a room is not shown."""

    code: ClassVar[str]
    status: ClassVar[HTTPStatus]

    def __init__(self, *, room: Room | None = None, retry_after_s: int | None = None) -> None:
        super().__init__(self.code)
        self.room = room
        """Only where the viewer may know of it."""
        self.retry_after_s = retry_after_s


class NotFound(Refusal):
    code = "room_not_found"
    status = HTTPStatus.NOT_FOUND


class Expired(Refusal):
    code = "room_expired"
    status = HTTPStatus.GONE


class NeedsSignIn(Refusal):
    code = "forbidden"
    status = HTTPStatus.FORBIDDEN


class Removed(Refusal):
    code = "removed"
    status = HTTPStatus.FORBIDDEN


class TooManyRequests(Refusal):
    code = "rate_limited"
    status = HTTPStatus.TOO_MANY_REQUESTS


def room_for(slug: str, viewer: Viewer) -> Room:
    """The room whose door `viewer` may stand at. Raises a Refusal."""
    room, removed = _found(slug, viewer)
    if room.expired:
        raise Expired(room=room if owns(viewer, room) else None)
    if owns(viewer, room):
        return room
    if room.access == Access.SIGNED_IN and viewer.user is None:
        raise NeedsSignIn
    if removed:
        raise Removed
    return room


def own_room_for(slug: str, viewer: Viewer) -> Room:
    """The room that `viewer` may change, expired or not. Raises NotFound."""
    room, _ = _found(slug, viewer)
    if not owns(viewer, room):
        raise _miss(viewer)
    return room


def owns(viewer: Viewer, room: Room) -> bool:
    return viewer.user is not None and room.owner_id == viewer.user.pk


def _found(slug: str, viewer: Viewer) -> tuple[Room, bool]:
    """The room, and whether `viewer` was removed from it.

    Raises NotFound, or TooManyRequests to whoever has guessed too often.
    """
    wait_s = throttles.wait_after_misses(viewer)
    if wait_s:
        raise TooManyRequests(retry_after_s=wait_s)
    room = (
        Room.objects.filter(pk=_id_or_nowhere(slug))
        .annotate(
            viewer_removed=Exists(
                Removal.objects.filter(room_id=OuterRef("pk"), identity=viewer.identity)
            )
        )
        .first()
    )
    if room is None:
        raise _miss(viewer)
    return room, room.viewer_removed


def _id_or_nowhere(slug: str) -> UUID:
    """A malformed slug is looked up, too, at an id that nobody has."""
    try:
        return id_of(slug)
    except InvalidSlug:
        return new_room_id()


def _miss(viewer: Viewer) -> NotFound:
    throttles.count_miss(viewer)
    return NotFound()
