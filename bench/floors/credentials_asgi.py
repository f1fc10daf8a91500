"""The floor of the credential endpoint: the same HMAC in a bare ASGI application.

No framework, no session, no limits. `SECRET` in the environment.
"""

import base64
import hashlib
import hmac
import json
import os
import time
from typing import Any

secret = os.environ["SECRET"].encode()
HEADERS = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    username = f"{int(time.time()) + 7200}:abcdefghijklmnop"
    digest = hmac.digest(secret, username.encode(), hashlib.sha1)
    credential = base64.b64encode(digest).decode()
    urls = ["turn:relay.test:3478?transport=udp", "turn:relay.test:3478?transport=tcp"]
    server = {"urls": urls, "username": username, "credential": credential}
    body = json.dumps({"iceServers": [server], "ttl": 7200}).encode()
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": body})
