"""Which ICE servers a person gets, with a credential of their own.

Owns: the list of URLs and its order. Refuses: anybody it is not asked about;
who may have a credential is decided by the caller. Source of truth: the TURN_*
settings. No I/O: this runs for every `welcome`.

The list is short on purpose: browsers make allocations on every URL at once.
Each entry is the only way out of some network:
- UDP on 3478: the cheapest relay;
- TCP on 3478: UDP is blocked;
- TLS on 443: only TLS leaves the network;
- plain TCP on 443 by address: DNS is dead, or a CONNECT proxy is all there is.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, TypedDict
from uuid import UUID

from django.conf import settings

from turn.credentials import mint, opaque_subject

_PEPPER_PURPOSE: Final = b"traverse.turn.subject"


class IceServer(TypedDict, total=False):
    """An RTCIceServer dictionary."""

    urls: list[str]
    username: str
    credential: str


@dataclass(frozen=True, slots=True)
class IceConfig:
    servers: list[IceServer]
    expires_at: int | None
    """Unix seconds; None when no relay is configured, and then `servers` is empty."""

    @property
    def relay(self) -> IceServer | None:
        """The entry with the credential."""
        return next((server for server in self.servers if "username" in server), None)


def ice_config(*, identity: str, room_id: UUID | None, now: float) -> IceConfig:
    """ICE servers for one person, in one room or (`None`) wherever they call."""
    if not settings.TURN_HOST:
        return IceConfig([], None)
    credential = mint(
        secret=settings.TURN_SECRET,
        subject=subject_of(identity=identity, room_id=room_id),
        ttl=settings.TURN_TTL,
        now=now,
    )
    return IceConfig(
        [
            {"urls": [f"stun:{_authority(settings.TURN_HOST, settings.TURN_PORT)}"]},
            {
                "urls": list(turn_urls()),
                "username": credential.username,
                "credential": credential.credential,
            },
        ],
        credential.expires_at,
    )


def subject_of(*, identity: str, room_id: UUID | None) -> str:
    """The name under which coturn counts this person."""
    pepper = hmac.digest(settings.SECRET_KEY.encode(), _PEPPER_PURPOSE, hashlib.sha256)
    return opaque_subject(
        pepper=pepper, identity=identity, room=None if room_id is None else room_id.hex
    )


def turn_urls() -> Iterator[str]:
    """The relay's URLs (RFC 7065), the cheapest path first."""
    named = _authority(settings.TURN_HOST, settings.TURN_PORT)
    yield f"turn:{named}?transport=udp"
    yield f"turn:{named}?transport=tcp"
    if settings.TURN_TLS_PORT:
        yield f"turns:{_authority(settings.TURN_HOST, settings.TURN_TLS_PORT)}?transport=tcp"
    if settings.TURN_TCP_443_PORT:
        for address in settings.TURN_PUBLIC_IPS:
            yield f"turn:{_authority(address, settings.TURN_TCP_443_PORT)}?transport=tcp"


def _authority(host: str, port: int) -> str:
    bare = host.strip("[]")
    try:
        is_v6 = ip_address(bare).version == 6
    except ValueError:
        is_v6 = False
    return f"[{bare}]:{port}" if is_v6 else f"{bare}:{port}"
