"""S17: what really leaves for Sentry when a running server breaks in the middle of things."""

import gzip
import http.server
import json
import sqlite3
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import pytest_django

from rooms.identifiers import slug_of
from tests import environment
from tests.support.caller import PRESENCE, Caller
from tests.support.server import TraverseServer
from tests.support.world import Person, World, guest, ticket

EMAIL: Final = "quentina.rarename@example.com"
PASSWORD: Final = "a rare pass phrase"
ROOM: Final = "Rareroom"
PATIENCE_S: Final = 20


class Sink:
    """Takes envelopes as Sentry does; `text` is all that ever arrived, unpacked."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                sink.bodies.append(body.decode())
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self.dsn = f"http://0123456789abcdef@127.0.0.1:{self._server.server_port}/1"

    def __enter__(self) -> "Sink":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def text(self) -> str:
        return "\n".join(self.bodies)

    def events(self) -> list[str]:
        lines = [line for body in self.bodies for line in body.splitlines()]
        return [line for line in lines if "exception" in line and json.loads(line)]


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as sink:
        yield sink


@pytest.fixture
def world(tmp_path: Path, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[World]:
    world = World(tmp_path / "db.sqlite3", django_db_blocker)
    world.migrate()
    yield world
    world.close()


def ask(server: TraverseServer, path: str, person: Person, data: dict[str, str] | None) -> int:
    """Ask as a browser of the person, without caring for the answer; return its status."""
    token = "t" * 32
    headers = {
        "Cookie": f"{person.cookie}; csrftoken={token}",
        "User-Agent": "Rarebrowser",
        "Referer": f"{server.origin}/c/secret-referer/",
        "X-CSRFToken": token,
    }
    body = urllib.parse.urlencode(data).encode() if data is not None else None
    request = urllib.request.Request(f"{server.origin}{path}", data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


async def test_a_server_that_breaks_in_mid_call_tells_sentry_no_secret(
    sink: Sink, world: World, tmp_path: Path
) -> None:
    person = world.person("Quentina Rarename")
    room = world.room(person, name=ROOM)
    slug = slug_of(room)
    told: dict[str, str] = {
        "SECRET_KEY": environment.SETTINGS["SECRET_KEY"],
        "TURN_SECRET": environment.SETTINGS["TURN_SECRET"],
        "session": str(person.session_key),
        "e-mail": EMAIL,
        "password": PASSWORD,
        "name": "Rarename",
        "channel": ROOM,
        "link": slug,
        "room": str(room),
        "referer": "secret-referer",
        "browser": "Rarebrowser",
        "address": "127.0.0.1",
        "SDP": "v=0",
        "ticket": ticket(person, room),
    }
    with TraverseServer(tmp_path, world.url, env={"SENTRY_DSN": sink.dsn}) as server:
        async with Caller(server, room, person) as ada, Caller(server, room, guest()) as bob:
            await ada.enter()
            await bob.hello()
            told["TURN password"] = ada.welcome["ice_servers"][-1]["credential"]
            told["TURN user"] = ada.welcome["ice_servers"][-1]["username"]
            told["resume token"] = ada.welcome["resume_token"]
            told["seat token"] = ada.welcome["seat_token"]
            with sqlite3.connect(world.path) as database:
                for table in ("accounts_user", "rooms_room", "rooms_removal"):
                    database.execute(f"ALTER TABLE {table} RENAME TO broken_{table}")
            database.close()
            await bob.send("join", presence=PRESENCE)
            await ada.describe(bob.peer_id)
            statuses = [
                await world.arun(lambda path=path, data=data: ask(server, path, person, data))  # type: ignore[misc]
                for path, data in (
                    (f"/c/{slug}/", None),
                    (f"/c/{slug}/settings/?secret=1", None),
                    (f"/api/v1/rooms/{slug}/ticket", {}),
                    ("/api/v1/turn/credentials", {}),
                    ("/accounts/login/", {"login": EMAIL, "password": PASSWORD}),
                    ("/accounts/password/reset/", {"email": EMAIL}),
                )
            ]
            assert statuses == [500] * len(statuses)
        async with Caller(server, room, person) as late:
            await late.send("hello", ticket=ticket(person, room), name="Rarename")
            await late.closed()
        deadline = time.monotonic() + PATIENCE_S
        while len(sink.events()) < len(statuses) and time.monotonic() < deadline:
            time.sleep(0.2)  # noqa: ASYNC251 - nothing else is going on
    assert len(sink.events()) >= len(statuses), "each failure is reported"
    assert "OperationalError" in sink.text
    assert [what for what, value in told.items() if value in sink.text] == []
    assert [what for what, value in told.items() if value in server.read_log()] == []
