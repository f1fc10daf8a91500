"""Who asks for a credential over HTTP, and whether they may have one.

Owns: reading the session or the room ticket of a request into a `Caller`.
Refuses: everybody who is neither signed in nor allowed in a room right now: the
relay is not everybody's. Source of truth: the session, the ticket's signature,
and the room's policy, which is read anew for each ticket.

Failures are counted per address and successes per person, so that an office
behind one address is never locked out by its own size.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol
from uuid import UUID

from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from core.clients import client_key
from core.problems import Problem
from core.ratelimit import Rate, limiter
from signaling.tickets import Identity, Ticket, TicketInvalid, read_ticket, session_digest

FAILURES: Final = Rate(name="turn_failures", amount=30, seconds=60)


class RoomPolicy(Protocol):
    """What `rooms.queries.policy_for` knows of one person at one room's door."""

    @property
    def access(self) -> str: ...
    @property
    def locked(self) -> bool: ...
    @property
    def expires_at(self) -> datetime | None: ...
    @property
    def owner(self) -> Identity: ...
    @property
    def removed(self) -> bool: ...
    @property
    def admitted(self) -> bool: ...


class ReadPolicy(Protocol):
    def __call__(self, *, room_id: UUID, identity: Identity) -> RoomPolicy | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    identity: Identity
    room_id: UUID | None
    """The room of the ticket; None for a session, which may call anywhere."""

    @property
    def rate_key(self) -> str:
        return self.identity if self.room_id is None else f"{self.identity}@{self.room_id.hex}"


class TicketCaller(HttpBearer):
    """`Authorization: Bearer <room ticket>`, as the room's page was given."""

    openapi_name = "ticket"

    def __init__(self, policy_for: ReadPolicy, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._policy_for = policy_for
        self._clock = clock

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        refuse_after_failures(request)
        try:
            ticket = read_ticket(token, now=self._clock())
        except TicketInvalid:
            raise _failed(request, 401, "ticket_invalid", "Fetch a new ticket.") from None
        if not _holds_session(request, ticket):
            raise _failed(request, 401, "ticket_invalid", "The ticket's session has ended.")
        policy = self._policy_for(room_id=ticket.room_id, identity=ticket.identity)
        if policy is None or not _may_enter(policy, ticket.identity, now=self._clock()):
            raise _failed(request, 403, "forbidden", "This room is closed to the ticket's holder.")
        return Caller(identity=ticket.identity, room_id=ticket.room_id)


class SessionCaller(APIKeyCookie):
    """A signed-in person's cookie, with the CSRF token in `X-CSRFToken`."""

    openapi_name = "session"

    def __init__(self, cookie_name: str) -> None:
        self.param_name = cookie_name
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        if not request.user.is_authenticated:
            refuse_after_failures(request)
            limiter().hit(FAILURES, client_key(request))
            return None
        if check_csrf(request) is not None:
            raise _failed(request, 403, "csrf", "Send the page's CSRF token as X-CSRFToken.")
        return Caller(identity=Identity(f"user:{request.user.pk}"), room_id=None)


def refuse_after_failures(request: HttpRequest) -> None:
    wait_s = limiter().peek(FAILURES, client_key(request))
    if wait_s:
        raise too_many(wait_s)


def too_many(wait_s: int) -> Problem:
    return Problem(
        429,
        "rate_limited",
        f"Too many requests; try again in {wait_s} s.",
        headers={"Retry-After": str(wait_s)},
    )


def _failed(request: HttpRequest, status: int, code: str, detail: str) -> Problem:
    limiter().hit(FAILURES, client_key(request))
    return Problem(status, code, detail)


def _holds_session(request: HttpRequest, ticket: Ticket) -> bool:
    """An account's ticket can be read by its page, so alone it proves nothing."""
    if ticket.session is None:
        return ticket.identity.startswith("guest:")
    user: Any = request.user
    key = request.session.session_key
    return (
        bool(user.is_authenticated)
        and ticket.identity == f"user:{user.pk}"
        and key is not None
        and session_digest(key) == ticket.session
    )


def _may_enter(policy: RoomPolicy, identity: Identity, *, now: float) -> bool:
    if policy.expires_at is not None and policy.expires_at <= datetime.fromtimestamp(now, UTC):
        return False
    if identity == policy.owner:
        return True
    if policy.removed:
        return False
    is_guest = identity.startswith("guest:")
    if policy.access == "signed_in":
        return not is_guest
    if policy.access == "ask":
        return policy.admitted
    # Inside a locked room a guest has the socket for fresh credentials; whoever stands at
    # its door gets none.
    return policy.admitted or not (is_guest and policy.locked)
