"""`POST /api/v1/turn/credentials`: a TURN credential for whoever may have one.

The body's `iceServers` is usable as it is: `new RTCPeerConnection(body)`. Pages
of ours get the same list inside `welcome` and `ice.servers`; this address is for
other clients and for a refresh while the socket is down.
"""

import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from core import metrics
from core.ratelimit import Rate, limiter
from turn.callers import Caller, ReadPolicy, SessionCaller, TicketCaller, too_many
from turn.ice import IceConfig, ice_config

PER_PERSON: Final = Rate(name="turn_credentials", amount=30, seconds=60)
# Guests can throw their cookie away and ask for another ticket.
PER_ROOM: Final = Rate(name="turn_credentials_room", amount=600, seconds=60)
REFRESH_AT: Final = 0.8
"""Part of its life after which a credential is to be replaced."""


class Format(StrEnum):
    ICE = "ice"
    """`RTCConfiguration` with times; the default."""
    UBERTI = "uberti"
    """draft-uberti-behave-turn-rest-00."""
    MATRIX = "matrix"
    """Matrix client-server API, `GET /voip/turnServer`."""


class IceServerOut(Schema):
    urls: list[str]
    username: str | None = None
    credential: str | None = None


class IceOut(Schema):
    iceServers: list[IceServerOut] = Field(description="Empty when no relay is configured.")  # noqa: N815
    ttl: int | None = Field(description="Seconds from serverTime to expiresAt.")
    expiresAt: datetime | None  # noqa: N815
    refreshAfter: datetime | None = Field(  # noqa: N815
        description="Fetch the next credential then. An expired one ends no call, but with it "
        "no ICE restart finds a relay."
    )
    serverTime: datetime  # noqa: N815
    policy: Literal["all", "relay"] = Field(description="The iceTransportPolicy to use.")


class UrisOut(Schema):
    """All four absent when no relay is configured."""

    username: str | None = None
    password: str | None = None
    ttl: int | None = None
    uris: list[str] | None = None


class ProblemOut(Schema):
    """RFC 9457, as application/problem+json."""

    type: str
    status: int
    code: str
    detail: str


def credentials_router(*, policy_for: ReadPolicy) -> Router:
    """`policy_for` is `rooms.queries.policy_for`; passed in, because TURN knows no rooms."""
    router = Router(
        tags=["turn"], auth=[TicketCaller(policy_for), SessionCaller(settings.SESSION_COOKIE_NAME)]
    )
    router.post(
        "/credentials",
        response={
            200: IceOut | UrisOut,
            401: ProblemOut,
            403: ProblemOut,
            422: ProblemOut,
            429: ProblemOut,
        },
        exclude_unset=True,
        operation_id="turn_credentials",
        summary="ICE servers with a credential of the caller's own",
    )(credentials)
    return router


def credentials(
    request: HttpRequest,
    response: HttpResponse,
    format: Query[Format] = Format.ICE,  # noqa: A002  (the parameter's public name)
) -> Any:
    caller: Caller = request.auth  # type: ignore[attr-defined]
    _count(caller)
    now = time.time()
    config = ice_config(identity=caller.identity, room_id=caller.room_id, now=now)
    metrics.TURN_CREDENTIALS.labels("issued" if config.servers else "no_relay").inc()
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["Vary"] = "Cookie, Authorization"
    return _as_ice(config, now) if format is Format.ICE else _as_uris(config, now)


def _count(caller: Caller) -> None:
    wait_s = limiter().hit(PER_PERSON, caller.rate_key)
    if not wait_s and caller.room_id is not None:
        wait_s = limiter().hit(PER_ROOM, caller.room_id.hex)
    if wait_s:
        metrics.TURN_CREDENTIALS.labels("rate_limited").inc()
        raise too_many(wait_s)


def _as_ice(config: IceConfig, now: float) -> dict[str, object]:
    issued_at = int(now)
    ttl = None if config.expires_at is None else config.expires_at - issued_at
    return {
        "iceServers": config.servers,
        "ttl": ttl,
        "expiresAt": None if ttl is None else _moment(issued_at + ttl),
        "refreshAfter": None if ttl is None else _moment(issued_at + int(ttl * REFRESH_AT)),
        "serverTime": _moment(issued_at),
        "policy": "all",
    }


def _as_uris(config: IceConfig, now: float) -> dict[str, object]:
    relay = config.relay
    if relay is None or config.expires_at is None:
        return {}
    return {
        "username": relay["username"],
        "password": relay["credential"],
        "ttl": config.expires_at - int(now),
        "uris": relay["urls"],
    }


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
