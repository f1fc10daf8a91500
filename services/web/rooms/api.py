"""Fresh tickets for a call page that outlives the one it was served with."""

from datetime import datetime
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema
from ninja.utils import check_csrf

from core.problems import Problem
from rooms import access, entry
from rooms.viewers import remember, viewer_of
from turn.api import ProblemOut

router: Final = Router(tags=["rooms"])

DETAILS: Final[dict[type[access.Refusal], str]] = {
    access.NotFound: "There is no such channel.",
    access.Expired: "The channel has expired.",
    access.NeedsSignIn: "This channel is for signed-in people.",
    access.Removed: "The owner removed this person.",
    access.TooManyRequests: "Too many requests; wait, then try again.",
}


class TicketOut(Schema):
    ticket: str = Field(description="For the socket's `hello`.")
    expiresAt: datetime  # noqa: N815


@router.post(
    "/{slug}/ticket",
    response={
        200: TicketOut,
        403: ProblemOut,
        404: ProblemOut,
        410: ProblemOut,
        429: ProblemOut,
    },
    operation_id="room_ticket",
    url_name="room_ticket",
    summary="A fresh ticket for whoever the cookies say is asking",
)
def room_ticket(request: HttpRequest, response: HttpResponse, slug: str) -> TicketOut:
    """For the call page alone: it wants the CSRF token in `X-CSRFToken`."""
    response["Cache-Control"] = "no-store"
    if check_csrf(request) is not None:
        raise Problem(HTTPStatus.FORBIDDEN, "csrf", "Reload the page; its form token is old.")
    viewer = viewer_of(request)
    try:
        room = access.room_for(slug, viewer)
        ticket = entry.ticket_for(request, room, viewer)
    except access.Refusal as refusal:
        raise _problem(refusal) from refusal
    remember(viewer, response)
    return TicketOut(ticket=ticket.token, expiresAt=ticket.expires_at)


def _problem(refusal: access.Refusal) -> Problem:
    wait_s = refusal.retry_after_s
    headers = {"Retry-After": str(wait_s)} if wait_s else None
    return Problem(refusal.status, refusal.code, DETAILS[type(refusal)], headers=headers)
