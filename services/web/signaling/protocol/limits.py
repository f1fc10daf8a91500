"""Every bound of the signalling protocol, by name.

The ones that a client must know travel in `welcome.limits`. The browser enforces
the same values on its data channels.
"""

from typing import Final

PROTOCOL: Final = "call.v1"

# --- Sizes (bytes of UTF-8 unless said otherwise) ------------------------------
FRAME_BYTES: Final = 64 * 1024
SDP_BYTES: Final = 48 * 1024
CANDIDATE_BYTES: Final = 1024
CANDIDATES_PER_FRAME: Final = 32
CHAT_BYTES: Final = 4 * 1024
NAME_CHARS: Final = 64
MESSAGE_ID_CHARS: Final = 36
TOKEN_CHARS: Final = 2048
FEATURES: Final = 32
MAX_SAFE_INTEGER: Final = 2**53 - 1
MAX_REVISION: Final = 10**13
"""Fourteen digits: what Redis' Lua keeps of a number."""
ROOM_PEERS: Final = 8

LOBBY_PEERS: Final = 64
"""Sockets per room that have said hello and hold no seat."""
LOBBY_TABS: Final = 8
"""Of these, one person's."""

# --- Times (seconds) -----------------------------------------------------------
HELLO_TIMEOUT_S: Final = 5.0
HEARTBEAT_S: Final = 10.0
LEASE_S: Final = 25.0
"""Silence after which a peer is away, whether or not its socket was seen to close."""
GRACE_S: Final = 120.0
"""Absence after which an away peer loses its seat."""

# --- Tolerance -----------------------------------------------------------------
BAD_MESSAGES: Final = 10
"""Malformed frames answered with an error before the socket is closed."""
QUEUED_FRAMES: Final = 100
QUEUED_BYTES: Final = 1024 * 1024
