"""The address that a failure is counted against. Kept nowhere, logged nowhere."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from django.conf import settings
from django.http import HttpRequest

UNKNOWN: Final = "unknown"


def client_key(request: HttpRequest) -> str:
    """See `key_of`."""
    return key_of(
        remote=request.META.get("REMOTE_ADDR"),
        forwarded_for=request.META.get("HTTP_X_FORWARDED_FOR"),
        proxies=settings.TRUSTED_PROXIES,
    )


def key_of(*, remote: str | None, forwarded_for: str | None, proxies: int) -> str:
    """One key per IPv4 address, or per IPv6 /64, which is what one customer gets.

    `proxies`: how many of our own proxies append to X-Forwarded-For. Entries
    further left were written by the client and prove nothing.
    """
    address = remote
    if proxies and forwarded_for:
        hops = [hop.strip() for hop in forwarded_for.split(",")]
        address = hops[-proxies] if len(hops) >= proxies else hops[0]
    try:
        parsed = ip_address((address or "").strip("[]").partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)


def key_of_scope(scope: Mapping[str, object]) -> str:
    """`client_key` for an ASGI scope."""
    headers = scope.get("headers")
    forwarded = None
    if isinstance(headers, (list, tuple)):
        forwarded = next((v for k, v in headers if k == b"x-forwarded-for"), None)
    client = scope.get("client")
    return key_of(
        remote=str(client[0]) if isinstance(client, (list, tuple)) and client else None,
        forwarded_for=forwarded.decode("latin-1") if isinstance(forwarded, bytes) else None,
        proxies=settings.TRUSTED_PROXIES,
    )
