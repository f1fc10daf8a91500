"""Does the relay work, and if not, why: a real allocation with a real credential.

Owns: turning what happened into a `Cause` that pages and operators can read.
Used by readiness, by `manage.py turn_probe` and by tests.
"""

import asyncio
import socket
import time
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings

from turn.client import Transport, TurnClient, TurnRefused
from turn.credentials import mint

SUBJECT: Final = "probe"
_LIFE: Final = timedelta(minutes=1)


class Cause(StrEnum):
    OK = "ok"
    DNS = "dns"
    """The host name does not resolve."""
    UNREACHABLE = "unreachable"
    """Nothing listens there, or a firewall says no."""
    TIMEOUT = "timeout"
    """No answer: the port is filtered, or coturn is not running."""
    CREDENTIAL = "credential"
    """401: another secret on the two sides, or a clock that is wrong."""
    FORBIDDEN = "forbidden"
    """403: the server drains or denies this peer."""
    QUOTA = "quota"
    """486: too many allocations under one name, or on the server."""
    PORTS = "ports"
    """508: the relay's port range is full."""
    REFUSED = "refused"
    """Another error; `code` says which."""


_CAUSES: Final = {
    401: Cause.CREDENTIAL,
    403: Cause.FORBIDDEN,
    486: Cause.QUOTA,
    508: Cause.PORTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    transport: Transport
    cause: Cause
    code: int | None
    """The server's STUN error code."""
    elapsed_ms: float

    @property
    def ok(self) -> bool:
        return self.cause is Cause.OK


async def probe(
    *, host: str, port: int, secret: str, transport: Transport, timeout_s: float = 2.0
) -> ProbeResult:
    """One allocation, given back at once. Never raises for what the network does."""
    credential = mint(secret=secret, subject=SUBJECT, ttl=_LIFE, now=time.time())
    started = time.monotonic()
    code: int | None = None
    try:
        async with asyncio.timeout(timeout_s):
            async with TurnClient(
                host=host,
                port=port,
                transport=transport,
                username=credential.username,
                credential=credential.credential,
                timeout_s=timeout_s,
            ) as client:
                await client.allocate(lifetime_s=60)
        cause = Cause.OK
    except TurnRefused as refusal:
        code = refusal.code
        cause = _CAUSES.get(code, Cause.REFUSED)
    except TimeoutError:
        cause = Cause.TIMEOUT
    except socket.gaierror:
        cause = Cause.DNS
    except OSError:
        cause = Cause.UNREACHABLE
    elapsed_ms = round((time.monotonic() - started) * 1000, 1)
    return ProbeResult(transport=transport, cause=cause, code=code, elapsed_ms=elapsed_ms)


async def probe_configured(*, timeout_s: float = 2.0) -> list[ProbeResult]:
    """Probes the relay of the settings over UDP and TCP at once; empty without one."""
    if not settings.TURN_HOST:
        return []
    return list(
        await asyncio.gather(
            *(
                probe(
                    host=settings.TURN_HOST,
                    port=settings.TURN_PORT,
                    secret=settings.TURN_SECRET,
                    transport=transport,
                    timeout_s=timeout_s,
                )
                for transport in Transport
            )
        )
    )
