#!/usr/bin/env python3
"""Writes coturn's configuration from the environment. Standard library only.

Owns: which address the relay uses, and a file that only its owner can read: it
holds the secret, which never stands on a command line. Refuses: a weak secret, a
loopback address (browsers throw such an allocation away), a port range too
small for one call. Source of truth: turnserver.conf.template beside this file.

    TURN_SECRET=... ./render.py --state-dir DIR    writes DIR/turnserver.conf, prints its facts
    turnserver -c DIR/turnserver.conf
"""

import argparse
import ipaddress
import os
import re
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

TEMPLATE: Final = Path(__file__).with_name("turnserver.conf.template")
# coturn reads `=`, `#` and spaces literally, but its image's entrypoint does not.
_SECRET: Final = re.compile(r"[A-Za-z0-9._-]{32,256}")
_REALM: Final = re.compile(r"[A-Za-z0-9.:\[\]-]{1,127}")
_LEAST_PORTS: Final = 20


class RenderRefused(ValueError):
    """Why no configuration is written; the text is for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    secrets: tuple[str, ...]
    """All are accepted; the first is the one that the web service signs with."""
    state_dir: Path
    relay_ip: str
    """An address of this machine, not loopback."""
    external_ip: str
    """What the relay is called from outside; `relay_ip` itself on a LAN."""
    realm: str = "localhost"
    port: int = 3478
    listening_ips: tuple[str, ...] = ()
    """Empty: `relay_ip`."""
    min_port: int = 49152
    max_port: int = 49551
    user_quota: int = 150
    denied_peers: tuple[str, ...] = ()
    """More addresses or ranges, such as the machine's other public ones."""

    @property
    def conf(self) -> Path:
        return self.state_dir / "turnserver.conf"

    def render(self) -> str:
        """The text of the file. Raises RenderRefused."""
        self._check()
        listening = self.listening_ips or (self.relay_ip,)
        return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
            port=self.port,
            listening_ips=_lines("listening-ip", listening),
            relay_ip=self.relay_ip,
            external_ip=self.external_ip,
            min_port=self.min_port,
            max_port=self.max_port,
            realm=self.realm,
            secrets=_lines("static-auth-secret", self.secrets),
            state_dir=self.state_dir,
            user_quota=self.user_quota,
            total_quota=self.max_port - self.min_port + 1,
            denied_peers=_lines("denied-peer-ip", self.denied_peers),
        )

    def write(self) -> Path:
        """Writes the file with mode 0600, all at once. Raises RenderRefused."""
        text = self.render()
        self.state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.conf.with_suffix(".tmp")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        draft.replace(self.conf)
        return self.conf

    def _check(self) -> None:
        if not self.secrets or not all(_SECRET.fullmatch(secret) for secret in self.secrets):
            raise RenderRefused(
                "TURN_SECRET must be 32 to 256 of A-Z a-z 0-9 . _ - "
                "(for example from `openssl rand -hex 32`)"
            )
        if not _REALM.fullmatch(self.realm):
            raise RenderRefused(f"TURN_REALM cannot be {self.realm!r}")
        relay = _address(self.relay_ip)
        if relay.version != 4 or relay.is_loopback or relay.is_unspecified:
            raise RenderRefused(
                f"the relay needs an IPv4 address of this machine that is not loopback, "
                f"not {self.relay_ip}: browsers discard a relay on loopback"
            )
        _address(self.external_ip)
        for address in self.listening_ips:
            _address(address)
        for denied in self.denied_peers:
            _check_range(denied)
        if not 1 <= self.port <= 65535:
            raise RenderRefused("TURN_PORT must be between 1 and 65535")
        if not 1024 <= self.min_port < self.max_port - _LEAST_PORTS + 2 <= 65536:
            raise RenderRefused(
                f"TURN_MIN_PORT and TURN_MAX_PORT must hold at least {_LEAST_PORTS} ports "
                "between 1024 and 65535"
            )


def primary_ipv4() -> str | None:
    """The address that packets to the internet leave from; None: only loopback.

    Connecting a UDP socket sends nothing; it only asks for the route.
    """
    for target in ("1.1.1.1", "10.255.255.255", "192.168.255.255"):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((target, 9))
                address = str(probe.getsockname()[0])
            except OSError:
                continue
        if not ipaddress.ip_address(address).is_loopback:
            return address
    return None


def from_environment(environ: dict[str, str], *, state_dir: Path) -> Relay:
    """Reads TURN_* as the web service does. Raises RenderRefused."""
    relay_ip = environ.get("TURN_RELAY_IP") or primary_ipv4()
    if relay_ip is None:
        raise RenderRefused(
            "this machine has no IPv4 address but loopback, and browsers discard a relay there; "
            "set TURN_RELAY_IP, or run without a relay"
        )
    denied = environ.get("TURN_DENIED_PEERS", "")
    return Relay(
        secrets=(_secret(environ), *_split(environ.get("TURN_SECRET_FALLBACKS", ""))),
        state_dir=state_dir,
        relay_ip=relay_ip,
        external_ip=environ.get("TURN_EXTERNAL_IP") or relay_ip,
        realm=environ.get("TURN_REALM") or "localhost",
        port=_port(environ, "TURN_PORT", 3478),
        min_port=_port(environ, "TURN_MIN_PORT", 49152),
        max_port=_port(environ, "TURN_MAX_PORT", 49551),
        denied_peers=_split(denied),
    )


def _secret(environ: dict[str, str]) -> str:
    path = environ.get("TURN_SECRET_FILE")
    if not path:
        return environ.get("TURN_SECRET", "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise RenderRefused(f"TURN_SECRET_FILE cannot be read: {error.strerror}") from None


def _port(environ: dict[str, str], name: str, default: int) -> int:
    value = environ.get(name) or str(default)
    if not value.isdigit():
        raise RenderRefused(f"{name} must be a port number")
    return int(value)


def _split(text: str) -> tuple[str, ...]:
    return tuple(item for part in text.split(",") if (item := part.strip()))


def _lines(key: str, values: tuple[str, ...]) -> str:
    return "\n".join(f"{key}={value}" for value in values)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise RenderRefused(f"{text!r} is not an IP address") from None


def _check_range(text: str) -> None:
    first = _address(text.partition("-")[0])
    if text.count("-") > 1 or "/" in text:
        raise RenderRefused(f"write a denied range as FIRST-LAST, not {text!r}")
    if "-" in text:
        _address(text.partition("-")[2])
    if first == ipaddress.ip_address("::"):
        raise RenderRefused("a denied range that begins at :: makes coturn deny all of IPv4")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--state-dir", type=Path, required=True, help="for the file and coturn's")
    state_dir: Path = parser.parse_args().state_dir
    try:
        relay = from_environment(dict(os.environ), state_dir=state_dir.resolve())
        relay.write()
    except RenderRefused as error:
        print(f"No TURN relay: {error}.", file=sys.stderr)
        return 1
    print(f"conf={relay.conf}")
    print(f"host={relay.external_ip}")
    print(f"port={relay.port}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
