"""What the server tells the call page, in the one JSON block that its scripts read."""

from datetime import datetime
from typing import Final, TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse

from rooms.entry import Pass, role_of
from rooms.models import Room
from rooms.viewers import Viewer

FEATURES: Final[list[str]] = []


class CallConfig(TypedDict):
    roomId: str
    slug: str
    roomName: str
    wsUrl: str
    ticket: str
    ticketExpiresAt: datetime
    ticketUrl: str
    signedIn: bool
    name: str | None
    needsName: bool
    role: str
    shareUrl: str
    settingsUrl: str | None
    csrfToken: str
    turnConfigured: bool
    features: list[str]


def share_url(room: Room) -> str:
    return settings.SITE.base_url + reverse("room", args=(room.slug,))


def call_config(request: HttpRequest, room: Room, viewer: Viewer, ticket: Pass) -> CallConfig:
    role = role_of(viewer, room)
    return {
        "roomId": str(room.pk),
        "slug": room.slug,
        "roomName": room.name,
        # A path: the socket goes to the host that the page came from, as its cookies do.
        "wsUrl": f"/ws/rooms/{room.pk}/",
        "ticket": ticket.token,
        "ticketExpiresAt": ticket.expires_at,
        "ticketUrl": reverse("api:room_ticket", args=(room.slug,)),
        "signedIn": viewer.user is not None,
        "name": viewer.name or None,
        "needsName": viewer.user is None,
        "role": role.value,
        "shareUrl": share_url(room),
        "settingsUrl": reverse("room_settings", args=(room.slug,)) if role == "owner" else None,
        # The cookie is HttpOnly; the ticket endpoint wants the header.
        "csrfToken": get_token(request),
        "turnConfigured": bool(settings.TURN_HOST),
        "features": FEATURES,
    }
