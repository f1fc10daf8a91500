"""The addresses at which the service is reached.

Owns: which hosts Django answers, and the exact origins that may post a form or
open a WebSocket. Refuses: an address that a browser would not treat as a
secure context, because such a page gets no camera and no microphone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Self
from urllib.parse import urlsplit

_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class SiteInvalid(ValueError):
    """Why an address cannot be used, and what to write instead."""

    def __init__(self, address: str, problem: str, remedy: str) -> None:
        super().__init__(f"{address!r} {problem}. {remedy}")
        self.address = address
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    base_url: str
    """The first origin; links in mail begin with it."""
    host: str
    """Host name or address, without port; IPv6 in brackets."""
    hosts: list[str]
    """For ALLOWED_HOSTS."""
    origins: list[str]
    """Exact `scheme://host[:port]`, as a browser writes them in `Origin`."""
    secure: bool
    """Served over https."""

    @property
    def websocket_origins(self) -> list[str]:
        """For `connect-src`, which has no way to write an IPv6 address (CSP 3, host-source);
        there `'self'` serves."""
        return [f"ws{origin.removeprefix('http')}" for origin in self.origins if "[" not in origin]

    @classmethod
    def parse(
        cls, base_url: str, *, extra_origins: Sequence[str] = (), allow_insecure: bool = False
    ) -> Self:
        """Raises `SiteInvalid`."""
        base = _Address.parse(base_url, allow_insecure=allow_insecure)
        addresses = [base, *base.twins()]
        for text in extra_origins:
            extra = _Address.parse(text, allow_insecure=allow_insecure)
            if base.scheme == "https" and extra.scheme == "http":
                raise SiteInvalid(
                    text,
                    "has a plain http origin beside an https BASE_URL",
                    "The session cookie would not be sent there: use https for every origin.",
                )
            addresses += [extra, *extra.twins()]
        return cls(
            base_url=base.origin,
            host=base.host,
            hosts=_unique(address.host for address in addresses),
            origins=_unique(address.origin for address in addresses),
            secure=base.scheme == "https",
        )


@dataclass(frozen=True, slots=True)
class _Address:
    scheme: str
    host: str
    port: int | None

    @property
    def origin(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    @property
    def loopback(self) -> bool:
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False

    def twins(self) -> list["_Address"]:
        """The other names of this machine for itself: people type any of them."""
        if self.host not in _LOOPBACK:
            return []
        return [_Address(self.scheme, host, self.port) for host in _LOOPBACK]

    @classmethod
    def parse(cls, text: str, *, allow_insecure: bool) -> "_Address":
        remedy = "Write it like https://call.example.org."
        try:
            parts = urlsplit(text.strip())
            port = parts.port
            host = _host(parts.hostname or "")
        except ValueError:
            raise SiteInvalid(text, f"is no web address ({text!r})", remedy) from None
        if parts.scheme not in _DEFAULT_PORTS or not host:
            raise SiteInvalid(text, f"is no http or https address ({text!r})", remedy)
        if parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
            raise SiteInvalid(text, "has more than scheme, host and port", remedy)
        if port == _DEFAULT_PORTS[parts.scheme]:
            port = None
        address = cls(parts.scheme, host, port)
        if address.scheme == "http" and not address.loopback and not allow_insecure:
            raise SiteInvalid(
                text,
                "is plain http on a host other than this machine, "
                "where browsers give no camera and no microphone",
                "Use https, or ALLOW_INSECURE_HTTP=true if a proxy you trust adds it.",
            )
        return address


def _host(host: str) -> str:
    """Lower case, punycode, IPv6 in brackets and in its shortest form."""
    if "*" in host or any(character.isspace() for character in host):
        raise ValueError(host)
    if ":" in host:
        return f"[{ip_address(host).compressed}]"
    return host.encode("idna").decode("ascii").lower() if host else ""


def _unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))
