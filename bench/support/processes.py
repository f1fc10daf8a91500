"""Processes under measurement: pinned to a core, their CPU time and memory read."""

import os
import resource
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

OPEN_FILES: Final = 16_384
STOP_SECONDS: Final = 10.0
CPUCLOCK_SCHED: Final = 2


def free_port(address: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, *, address: str = "127.0.0.1") -> None:
    deadline = time.monotonic() + STOP_SECONDS
    while True:
        try:
            socket.create_connection((address, port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def allow_many_sockets() -> None:
    """For this process and every child it starts."""
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(OPEN_FILES, most)), most))


def pinned(command: Sequence[str], *, core: int | None) -> list[str]:
    """Keep the command on one core, all its threads; None: wherever it likes."""
    if core is None:
        return list(command)
    return ["taskset", "--cpu-list", str(core % (os.cpu_count() or 1)), *command]


class Measured:
    """A child process; `core` pins it, so that a generator cannot take its time."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        core: int | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        log: IO[Any] | int = subprocess.DEVNULL,
    ) -> None:
        self._process = subprocess.Popen(
            pinned(command, core=core),
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def cpu_seconds(self) -> float:
        """Time on a core by all threads so far, in nanosecond steps (clock_getcpuclockid)."""
        return time.clock_gettime((~self._process.pid << 3) | CPUCLOCK_SCHED)

    @property
    def rss_bytes(self) -> int:
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
