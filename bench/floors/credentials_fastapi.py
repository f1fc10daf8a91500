"""The credential endpoint on FastAPI with the product's store and checks.

The session and the person come from the same database by the same queries, the
answer goes through a response model, then the same HMAC. Installed into a throw-away
environment by the benchmark. `SECRET` and `DATABASE` (an SQLite file) are set.
"""

import base64
import hashlib
import hmac
import os
import sqlite3
import threading
import time
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Cookie, FastAPI, HTTPException, Response
from pydantic import BaseModel

SECRET = os.environ["SECRET"].encode()
SESSION = "SELECT session_data FROM django_session WHERE session_key = ? AND expire_date > ?"
PERSON = "SELECT * FROM accounts_user WHERE id = ? AND is_active"
application = FastAPI()
local = threading.local()


class IceServer(BaseModel):
    urls: list[str]
    username: str
    credential: str


class Answer(BaseModel):
    iceServers: list[IceServer]  # noqa: N815
    ttl: int


def database() -> sqlite3.Connection:
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect(os.environ["DATABASE"])
    found: sqlite3.Connection = local.connection
    return found


@application.post("/")
def credentials(response: Response, sessionid: Annotated[str, Cookie()]) -> Answer:
    now = datetime.now(UTC).isoformat(" ")
    session = database().execute(SESSION, (sessionid, now)).fetchone()
    person = database().execute(PERSON, (1,)).fetchone()
    if session is None or person is None:
        raise HTTPException(401)
    username = f"{int(time.time()) + 7200}:abcdefghijklmnop"
    digest = hmac.digest(SECRET, username.encode(), hashlib.sha1)
    response.headers["Cache-Control"] = "no-store"
    urls = ["turn:relay.test:3478?transport=udp", "turn:relay.test:3478?transport=tcp"]
    server = IceServer(urls=urls, username=username, credential=base64.b64encode(digest).decode())
    return Answer(iceServers=[server], ttl=7200)
