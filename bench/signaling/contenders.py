"""Who is measured: the product, and the floors it is held against.

A contender starts on a core and gives the seats that a load may take. Floors know no
rooms of their own: a name is enough. The product's rooms and tickets come from its
database, seeded before it starts.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.support.processes import Measured, free_port, wait_for_port
from bench.support.product import WEB, Product
from bench.support.report import ROOT, progress

ADDRESS = "127.0.0.1"
FLOORS = ROOT / "bench" / "floors"


@dataclass(slots=True)
class Contender:
    name: str
    dialect: str
    command: list[str]
    port: int
    origin: str
    environment: dict[str, str] | None = None
    directory: Path | None = None
    rooms: Iterator[dict[str, Any]] | None = None
    log: Path | None = None
    _made: int = field(default=0)

    @contextmanager
    def running(self, *, core: int | None = 1) -> Iterator[Measured]:
        log = self.log.open("ab") if self.log else subprocess.DEVNULL
        server = Measured(
            self.command, core=core, env=self.environment, cwd=self.directory, log=log
        )
        with server:
            wait_for_port(self.port)
            yield server

    def seats(self, pairs: int, *, ports: tuple[int, int] | None = None) -> list[dict[str, Any]]:
        """Two seats for each pair, next to each other."""
        first, second = ports or (self.port, self.port)
        seats: list[dict[str, Any]] = []
        for _ in range(pairs):
            self._made += 1
            room = next(self.rooms) if self.rooms else {"id": f"room-{self._made}", "tickets": []}
            tickets = room["tickets"] or [None, None]
            for ticket, port in zip(tickets, (first, second), strict=False):
                seats.append({"room": room["id"], "ticket": ticket, "port": port})
        return seats

    def connection(self) -> dict[str, Any]:
        return {"dialect": self.dialect, "address": ADDRESS, "origin": self.origin}


def _floor(name: str, dialect: str, command: list[str]) -> Contender:
    port = free_port()
    filled = [part.replace("PORT", str(port)) for part in command]
    return Contender(name, dialect, filled, port, f"http://{ADDRESS}:{port}", directory=FLOORS)


def daphne_floor() -> Contender:
    command = [sys.executable, "-m", "daphne", "-b", ADDRESS, "-p", "PORT", "-v", "0"]
    return _floor("bare Daphne", "bare", [*command, "relay_asgi:application"])


def node_floor() -> Contender:
    return _floor("bare Node", "bare", ["node", "relay_node.mjs", ADDRESS, "PORT"])


def socketio_floor(directory: Path) -> Contender | None:
    """None when socket.io cannot be installed here; nothing of the project changes."""
    modules = directory / "socketio"
    modules.mkdir(parents=True, exist_ok=True)
    quiet = ["--no-audit", "--no-fund", "--silent"]
    install = ["npm", "install", "--prefix", str(modules), *quiet, "socket.io@4"]
    if shutil.which("npm") is None or subprocess.run(install, check=False).returncode != 0:
        progress("socket.io cannot be installed here; its ratios are left out")
        return None
    return _floor(
        "socket.io", "socketio", ["node", "relay_socketio.mjs", ADDRESS, "PORT", str(modules)]
    )


def product(instance: Product, rooms: Iterator[dict[str, Any]]) -> Contender:
    return Contender(
        "Traverse",
        "product",
        instance.command,
        instance.port,
        instance.origin,
        environment=instance.environment,
        directory=WEB,
        rooms=rooms,
        log=instance.directory / "web.log",
    )
