"""How often what may be sent, by class of message: token buckets, published with the limits.

Two doors have rates: the server's, for one socket and all its targets together, and each
browser's, for one data channel. The `PACE`s are for the sender: whoever keeps to them
never meets a limit, even when a network holds frames back and delivers them at once.
"""

from types import MappingProxyType
from typing import Final

from signaling.buckets import Rate
from signaling.protocol import limits

_OTHERS: Final = limits.ROOM_PEERS - 1

CHAT_PACE: Final = Rate(per_second=2, burst=8)
"""Messages of one person to one other: what an honest sender keeps to on a data channel."""
SERVER_CHAT_PACE: Final = Rate(
    per_second=_OTHERS * CHAT_PACE.per_second, burst=_OTHERS * CHAT_PACE.burst
)
"""The same for a socket that carries every message once for each of the others."""

# --- The server's, for one socket -------------------------------------------------
DESCRIPTIONS: Final = Rate(per_second=5, burst=40)
CANDIDATES: Final = Rate(per_second=40, burst=300)
CHAT: Final = Rate(per_second=2 * SERVER_CHAT_PACE.per_second, burst=5 * SERVER_CHAT_PACE.burst)
OTHER: Final = Rate(per_second=5, burst=20)
SOCKET_RATES: Final = MappingProxyType(
    {
        "peer.description": DESCRIPTIONS,
        "peer.candidates": CANDIDATES,
        "chat.send": CHAT,
        "other": OTHER,
    }
)

# --- A browser's, for one data channel ---------------------------------------------
LINK_RATES: Final = MappingProxyType(
    {
        "peer.description": Rate(per_second=2, burst=20),
        "peer.candidates": Rate(per_second=20, burst=60),
        "chat.message": Rate(per_second=2 * CHAT_PACE.per_second, burst=5 * CHAT_PACE.burst),
        "peer.presence": Rate(per_second=5, burst=20),
        "peer.pictures": Rate(per_second=5, burst=20),
        "ping": Rate(per_second=4, burst=10),
        "pong": Rate(per_second=4, burst=10),
    }
)


def rate_values() -> dict[str, dict[str, float] | dict[str, dict[str, float]]]:
    """Plain data of everything above that a client needs."""
    return {
        "CHAT_PACE": _plain(CHAT_PACE),
        "SERVER_CHAT_PACE": _plain(SERVER_CHAT_PACE),
        "SOCKET_RATES": {name: _plain(rate) for name, rate in SOCKET_RATES.items()},
        "LINK_RATES": {name: _plain(rate) for name, rate in LINK_RATES.items()},
    }


def _plain(rate: Rate) -> dict[str, float]:
    return {"perSecond": rate.per_second, "burst": rate.burst}
