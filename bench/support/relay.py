"""A coturn for benchmarks, the same for the floor and for the product.

Its configuration holds only what timing depends on; the safe one that ships is in
services/turn and is tested there.
"""

import base64
import hashlib
import hmac
import time
from pathlib import Path

SECRET = "bench-only-" + "0123456789abcdef" * 4
PORT = 3478


def write_configuration(directory: Path, *, address: str) -> Path:
    path = directory / "turnserver.conf"
    lines = [
        f"listening-ip={address}",
        f"relay-ip={address}",
        f"listening-port={PORT}",
        "min-port=49152",
        "max-port=49999",
        "realm=bench",
        "fingerprint",
        "use-auth-secret",
        f"static-auth-secret={SECRET}",
        "no-cli",
        "no-tls",
        "no-dtls",
        "no-tcp-relay",
        "no-multicast-peers",
        f"userdb={directory / 'turndb'}",
        f"pidfile={directory / 'turnserver.pid'}",
        "log-file=stdout",
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


def ice_servers(*, address: str) -> list[dict[str, object]]:
    """Mint what the product's page gets too: a credential good for an hour."""
    username = f"{int(time.time()) + 3600}:bench"
    digest = hmac.digest(SECRET.encode(), username.encode(), hashlib.sha1)
    return [
        {
            "urls": [
                f"turn:{address}:{PORT}?transport=udp",
                f"turn:{address}:{PORT}?transport=tcp",
            ],
            "username": username,
            "credential": base64.b64encode(digest).decode(),
        }
    ]
