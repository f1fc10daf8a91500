"""Mints time-limited TURN credentials. Pure: no clock, no settings, no I/O.

The scheme is draft-uberti-behave-turn-rest-00, as coturn's `use-auth-secret`
checks it: the user name is `<unix expiry>:<subject>`, the password is the
padded base64 of HMAC-SHA1 over the user name. coturn answers 401 to SHA-256.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

_SUBJECT: Final = re.compile(r"[a-z0-9]{1,64}")
# coturn compares expiries as a signed 32-bit difference.
_LONGEST: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnCredential:
    username: str
    credential: str
    expires_at: int
    """Unix seconds; the second itself is still good."""


def mint(*, secret: str, subject: str, ttl: timedelta, now: float) -> TurnCredential:
    """A credential that a TURN server with the same secret takes until `now + ttl`.

    `subject` must be opaque: it travels in clear, coturn logs it and counts its
    user quota on it. A second colon would be read differently by other servers.
    Raises ValueError.
    """
    if not secret:
        raise ValueError("a TURN credential needs a secret")
    if _SUBJECT.fullmatch(subject) is None:
        raise ValueError("a TURN subject is 1 to 64 characters of [a-z0-9]")
    if not timedelta(seconds=1) <= ttl <= _LONGEST:
        raise ValueError("a TURN credential lives between one second and one day")
    expires_at = int(now) + int(ttl.total_seconds())
    username = f"{expires_at}:{subject}"
    digest = hmac.digest(secret.encode(), username.encode(), hashlib.sha1)
    return TurnCredential(
        username=username,
        credential=base64.b64encode(digest).decode("ascii"),
        expires_at=expires_at,
    )


def opaque_subject(*, pepper: bytes, identity: str, room: str | None) -> str:
    """16 characters that name nobody: equal for the same identity in the same room.

    80 bits: two people share a quota bucket by chance about never.
    """
    text = identity if room is None else f"{identity}\n{room}"
    digest = hmac.digest(pepper, text.encode(), hashlib.sha256)
    return base64.b32encode(digest)[:16].decode("ascii").lower()
