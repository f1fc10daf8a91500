"""The credential endpoint on FastAPI with the product's store and checks, for a guest.

The ticket's signature and life (Django's signing format), the failures of the address,
the room's policy by the product's own query from the product's database, both limits
(sliding window, in memory), a response model, then the same HMAC. Installed into a
throw-away environment by the benchmark. `SECRET`, `SECRET_KEY` and `DATABASE` are set.
"""

import base64
import hashlib
import hmac
import json
import os
import sqlite3
import threading
import time
from collections import Counter
from typing import Annotated, Any
from uuid import UUID

from fastapi import FastAPI, Header, HTTPException, Request, Response
from pydantic import BaseModel

SECRET = os.environ["SECRET"].encode()
SALT = "signaling.ticket.v1"
KEY = hashlib.sha256(f"{SALT}signer{os.environ['SECRET_KEY']}".encode()).digest()
POLICY = """
SELECT room.name, room.access, room.locked, room.expires_at, room.owner_id,
    EXISTS (SELECT 1 FROM rooms_removal AS who WHERE who.room_id = room.id AND who.identity = ?),
    EXISTS (SELECT 1 FROM rooms_admission AS who WHERE who.room_id = room.id AND who.identity = ?)
FROM rooms_room AS room WHERE room.id = ?
"""
WINDOW_S = 60
application = FastAPI()
local = threading.local()
counted: Counter[tuple[str, int]] = Counter()


class IceServer(BaseModel):
    urls: list[str]
    username: str | None = None
    credential: str | None = None


class Answer(BaseModel):
    iceServers: list[IceServer]  # noqa: N815
    ttl: int


def database() -> sqlite3.Connection:
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect(os.environ["DATABASE"])
    found: sqlite3.Connection = local.connection
    return found


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def ticket_in(authorization: str) -> dict[str, Any]:
    token = authorization.removeprefix("Bearer ")
    value, _, signature = token.rpartition(":")
    expected = hmac.digest(KEY, value.encode(), hashlib.sha256)
    if not hmac.compare_digest(decoded(signature), expected):
        raise HTTPException(401)
    fields: dict[str, Any] = json.loads(decoded(value.partition(":")[0]))
    if fields["e"] <= time.time() or fields["s"] is not None:
        raise HTTPException(401)
    return fields


def weight(key: str, now: float) -> float:
    window, part = divmod(now, WINDOW_S)
    before = counted[key, int(window) - 1] * (1 - part / WINDOW_S)
    return before + counted[key, int(window)]


def hit(key: str, amount: int) -> None:
    now = time.time()
    if weight(key, now) >= amount:
        raise HTTPException(429)
    counted[key, int(now // WINDOW_S)] += 1


@application.post("/")
def credentials(
    request: Request, response: Response, authorization: Annotated[str, Header()]
) -> Answer:
    address = request.client.host if request.client else "unknown"
    if weight(f"failures {address}", time.time()) >= 30:
        raise HTTPException(429)
    ticket = ticket_in(authorization)
    row = database().execute(POLICY, (ticket["i"], ticket["i"], UUID(ticket["r"]).hex)).fetchone()
    if row is None or row[2] or row[5] or (row[1] != "link" and not row[6]):
        raise HTTPException(403)
    hit(f"{ticket['i']}@{ticket['r']}", 30)
    hit(ticket["r"], 600)
    subject = hmac.digest(KEY, f"{ticket['i']}\n{ticket['r']}".encode(), hashlib.sha256)
    name = base64.b32encode(subject)[:16].decode().lower()
    username = f"{int(time.time()) + 7200}:{name}"
    digest = hmac.digest(SECRET, username.encode(), hashlib.sha1)
    response.headers["Cache-Control"] = "no-store"
    urls = ["turn:relay.test:3478?transport=udp", "turn:relay.test:3478?transport=tcp"]
    credential = base64.b64encode(digest).decode()
    servers = [
        IceServer(urls=["stun:relay.test:3478"]),
        IceServer(urls=urls, username=username, credential=credential),
    ]
    return Answer(iceServers=servers, ttl=7200)
