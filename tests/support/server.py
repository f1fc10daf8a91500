"""A real server process for a test: `manage.py serve` on a random port.

The database is an SQLite file (or any DATABASE_URL) that the test's process may share.
Whatever the server writes is kept: a test asserts on `server.problems()`.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final

from tests import environment

WEB: Final = Path(__file__).resolve().parents[2] / "services" / "web"
START_S: Final = 30
STOP_S: Final = 20
_PROBLEM: Final = re.compile(r"\b(ERROR|CRITICAL)\b|Traceback|never awaited", re.IGNORECASE)


@dataclass
class TraverseServer:
    """One process, or with `processes` several that share the port as on a host."""

    directory: Path
    database: str
    redis_url: str = ""
    processes: int = 1
    env: dict[str, str] = field(default_factory=dict)
    listener: socket.socket = field(init=False)
    running: list[subprocess.Popen[bytes]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.listener = listening_socket()
        self.log = self.directory / f"server-{self.port}.log"

    @property
    def port(self) -> int:
        port: int = self.listener.getsockname()[1]
        return port

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def websocket(self) -> str:
        return f"ws://localhost:{self.port}"

    def __enter__(self) -> "TraverseServer":
        for _ in range(self.processes):
            self.start()
        self.wait_ready()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self.running:
            stop(process)
        self.listener.close()
        if kind is not None:
            sys.stderr.write(self.read_log())

    def start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--fd", str(self.listener.fileno())],
                cwd=WEB,
                env=self.environment(),
                pass_fds=[self.listener.fileno()],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.running.append(process)
        return process

    def environment(self) -> dict[str, str]:
        return {
            **{k: v for k, v in os.environ.items() if k not in environment.REMOVED},
            **environment.SETTINGS,
            "BASE_URL": self.origin,
            "DATABASE_URL": self.database,
            "REDIS_URL": self.redis_url,
            "VAR_DIR": str(self.directory),
            "PYTHONWARNINGS": "default",
            **self.env,
        }

    def wait_ready(self) -> None:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            assert all(process.poll() is None for process in self.running), self.read_log()
            if self.log.read_text().count("Listening on") >= len(self.running):
                return
            with contextlib.suppress(OSError):
                try:
                    urllib.request.urlopen(f"{self.origin}/-/health", timeout=1).close()
                except urllib.error.HTTPError as error:
                    error.close()
                if len(self.running) == 1:
                    return
            time.sleep(0.05)
        raise AssertionError(f"the server did not start\n{self.read_log()}")

    def read_log(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def problems(self) -> list[str]:
        return [line for line in self.read_log().splitlines() if _PROBLEM.search(line)]

    def rss_kib(self) -> int:
        """Resident memory of the first process."""
        status = Path(f"/proc/{self.running[0].pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0])


def stop(process: subprocess.Popen[bytes]) -> int:
    """End a process as an orchestrator would; return its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError("the server did not end on SIGTERM") from None
    return process.returncode


def listening_socket() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1024)
    listener.set_inheritable(True)
    return listener


@contextlib.contextmanager
def redis_server(directory: Path) -> Iterator[str]:
    """A real redis-server on a random port, without persistence; yields its URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), "--save", "", "--appendonly", "no"],
        cwd=directory,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.02)
    raise AssertionError("nothing listens")
