"""Tickets: what a page holds to prove to the socket who is at its other end."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpRequest

from accounts.sessions import auth_digest
from rooms import access, throttles
from rooms.models import Room
from rooms.viewers import Viewer
from signaling.protocol.messages import Role
from signaling.tickets import TICKET_LIFE_S, Ticket, session_digest, sign_ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    token: str
    expires_at: datetime


def role_of(viewer: Viewer, room: Room) -> Role:
    if access.owns(viewer, room):
        return Role.OWNER
    return Role.GUEST if viewer.user is None else Role.MEMBER


def ticket_for(request: HttpRequest, room: Room, viewer: Viewer) -> Pass:
    """`room` came from `access.room_for` for this viewer. Raises TooManyRequests.

    An account's ticket is bound to its session, so that it ends with it; a guest's
    name is not in it, it goes in `hello`.
    """
    wait_s = throttles.count_ticket(viewer, room_id=room.pk)
    if wait_s:
        raise access.TooManyRequests(retry_after_s=wait_s)
    expires_at = int(time.time()) + TICKET_LIFE_S
    user, session_key = viewer.user, request.session.session_key
    token = sign_ticket(
        Ticket(
            room_id=room.pk,
            identity=viewer.identity,
            name=viewer.name,
            role=role_of(viewer, room),
            session=session_digest(session_key) if user and session_key else None,
            auth=auth_digest(user) if user and session_key else None,
            expires_at=expires_at,
        )
    )
    return Pass(token=token, expires_at=datetime.fromtimestamp(expires_at, UTC))
