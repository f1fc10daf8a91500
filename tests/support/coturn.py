"""A real coturn for tests: Debian's, on free ports, with the product's own configuration."""

import contextlib
import os
import random
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from render import Relay, primary_ipv4

_START_S: Final = 10.0
_STOP_S: Final = 5.0


class LocalCoturn:
    """`with LocalCoturn(tmp_path) as turn:` then `turn.host`, `turn.port`, `turn.secret`.

    Also `start()` and `stop()` by hand, for tests that restart it on the same port.
    """

    def __init__(
        self,
        directory: Path,
        *,
        user_quota: int = 150,
        program: str | None = None,
        host: str | None = None,
        change: Callable[[str], str] | None = None,
    ) -> None:
        address = host or primary_ipv4()
        assert address, "these tests need an IPv4 address other than loopback"
        self.host = address
        self.port = _free_port(address)
        self.secret = secrets.token_hex(32)
        self.log = directory / "coturn.log"
        first = random.randrange(20_000, 32_000, 200)
        self.relay = Relay(
            secrets=(self.secret,),
            state_dir=directory / "coturn",
            relay_ip=address,
            external_ip=address,
            realm="turn.test",
            port=self.port,
            min_port=first,
            max_port=first + 199,
            user_quota=user_quota,
        )
        self._program = program or shutil.which("turnserver")
        self._change = change
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"turn:{self.host}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """For the web service under test."""
        return {
            "TURN_HOST": self.host,
            "TURN_PORT": str(self.port),
            "TURN_SECRET": self.secret,
            "TURN_REALM": self.relay.realm,
        }

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        assert self._program, "turnserver is missing; `./scripts/test` installs what tests need"
        conf = self.relay.write()
        if self._change is not None:
            conf.write_text(self._change(conf.read_text(encoding="utf-8")), encoding="utf-8")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, "-c", str(conf)],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=self.relay.state_dir,
                env={"PATH": os.environ.get("PATH", "")},
            )
        deadline = time.monotonic() + _START_S
        while not self._answers():
            assert self._process.poll() is None, f"coturn ended: {self.output()}"
            assert time.monotonic() < deadline, f"coturn does not listen: {self.output()}"
            time.sleep(0.05)

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_STOP_S)
        self._process = None

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), 0.5):
            return True
        return False


def _free_port(address: str) -> int:
    with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        tcp.bind((address, 0))
        port = int(tcp.getsockname()[1])
        udp.bind((address, port))
        return port


def local_coturn(directory: Path) -> Iterator[LocalCoturn]:
    """The body of a fixture."""
    with LocalCoturn(directory) as coturn:
        yield coturn
