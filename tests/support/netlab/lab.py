"""Hosts in network namespaces, joined by an internet with a settable delay.

Owns the namespaces, their processes and the wire between them. Addresses are
globally routable on purpose: coturn refuses documentation and private ranges as
peers, and a lab must not loosen that list. No packet leaves the namespaces.

    with Lab([Host("server", "44.30.0.10"), Host("a", "44.30.0.21")]) as lab:
        lab.conditions(round_trip_ms=50)
        lab.start("server", ["python", "-m", "http.server"])
        browser.launch(executable_path=lab.wrapper("a", "/usr/bin/chromium"))

Namespaces carry the pid of their lab, so that labs can stand side by side; those
of a lab that died are removed by the next one.
"""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

PREFIX: Final = "netlab"
STOP_SECONDS: Final = 5.0
WIRE: Final = Path(__file__).with_name("wire.py")


class LabUnavailable(RuntimeError):
    """This machine cannot hold a lab; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Host:
    name: str
    ipv4: str
    ipv6: str | None = None

    @property
    def addresses(self) -> list[str]:
        return [self.ipv4, *([self.ipv6] if self.ipv6 else [])]


def require_lab() -> None:
    """Raise `LabUnavailable` unless namespaces and TUN devices can be made."""
    if os.geteuid() != 0:
        raise LabUnavailable("network namespaces need root: run this as root (sudo)")
    if shutil.which("ip") is None:
        raise LabUnavailable("the command `ip` is missing: install iproute2")
    if not Path("/dev/net/tun").exists():
        raise LabUnavailable("/dev/net/tun is missing: load the kernel module `tun`")


def _ip(*arguments: str) -> str:
    result = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise LabUnavailable(f"ip {' '.join(arguments)}: {result.stderr.strip()}")
    return result.stdout


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _is_stale(name: str) -> bool:
    prefix, _, rest = name.partition("-")
    pid = rest.partition("-")[0]
    return prefix == PREFIX and pid.isdigit() and not _is_running(int(pid))


def _end_all_in(namespace: str) -> None:
    """End what still runs in the namespace: its processes outlive its deletion."""
    deadline = time.monotonic() + STOP_SECONDS
    number = signal.SIGTERM
    while pids := [int(pid) for pid in _ip("netns", "pids", namespace).split()]:
        for pid in pids:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        if time.monotonic() > deadline:
            number = signal.SIGKILL
        time.sleep(0.05)


def _remove(namespace: str) -> None:
    _end_all_in(namespace)
    _ip("netns", "del", namespace)


def remove_stale_labs() -> None:
    """Remove what labs left behind whose process is gone."""
    for line in _ip("netns", "list").splitlines():
        if _is_stale(name := line.split()[0]):
            _remove(name)
    for directory in Path(tempfile.gettempdir()).glob(f"{PREFIX}-*"):
        if _is_stale(directory.name):
            shutil.rmtree(directory, ignore_errors=True)


class Lab:
    def __init__(self, hosts: Sequence[Host]) -> None:
        self.hosts: Final = {host.name: host for host in hosts}
        self._processes: list[subprocess.Popen[Any]] = []
        self._wire: subprocess.Popen[str] | None = None
        self._directory: Path | None = None

    def __enter__(self) -> Self:
        require_lab()
        remove_stale_labs()
        self._directory = Path(tempfile.mkdtemp(prefix=f"{PREFIX}-{os.getpid()}-"))
        try:
            self._build()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def namespace(self, host: str) -> str:
        return f"{PREFIX}-{os.getpid()}-{self.hosts[host].name}"

    def conditions(self, *, round_trip_ms: float = 0.0, loss: float = 0.0) -> dict[str, int]:
        """Set what every packet sent from now on meets; return the wire's counters.

        `loss` is a probability per packet and direction.
        """
        return self._command({"delay_ms": round_trip_ms / 2, "loss": loss})

    def command(self, host: str, arguments: Sequence[str]) -> list[str]:
        """Return the command line that runs `arguments` on the host."""
        return ["ip", "netns", "exec", self.namespace(host), *arguments]

    def start(
        self,
        host: str,
        arguments: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        output: IO[Any] | int = subprocess.DEVNULL,
    ) -> subprocess.Popen[bytes]:
        """Start a process on the host; the lab ends it when it closes."""
        process = subprocess.Popen(
            self.command(host, arguments),
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        self._processes.append(process)
        return process

    def run(self, host: str, arguments: Sequence[str], *, timeout: float = 30.0) -> str:
        """Run a command on the host to its end; return what it printed."""
        result = subprocess.run(
            self.command(host, arguments),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=True,
        )
        return result.stdout

    def wrapper(self, host: str, executable: str) -> str:
        """Return the path of a script that runs the executable on the host.

        For what wants a path and not a command line, such as Playwright.
        """
        assert self._directory is not None
        script = self._directory / f"{host}-{Path(executable).name}"
        script.write_text(f'#!/bin/sh\nexec {shlex.join(self.command(host, [executable]))} "$@"\n')
        script.chmod(0o755)
        return str(script)

    def close(self) -> None:
        """End every process and remove every namespace; safe to call twice."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
        self._processes.clear()
        if self._wire is not None:
            # Leaving the block closes its input, which ends it.
            with self._wire:
                pass
            self._wire = None
        existing = {line.split()[0] for line in _ip("netns", "list").splitlines()}
        for name in self.hosts:
            if self.namespace(name) in existing:
                _remove(self.namespace(name))
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None

    def _build(self) -> None:
        for name in self.hosts:
            _ip("netns", "add", self.namespace(name))
            _ip("-n", self.namespace(name), "link", "set", "lo", "up")
        self._wire = subprocess.Popen(
            [
                sys.executable,
                str(WIRE),
                *(
                    f"{self.namespace(host.name)}=nl{os.getpid()}x{number}={','.join(host.addresses)}"
                    for number, host in enumerate(self.hosts.values())
                ),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()
        for host in self.hosts.values():
            namespace = self.namespace(host.name)
            _ip("-n", namespace, "address", "add", f"{host.ipv4}/32", "dev", "eth0")
            if host.ipv6 is None:
                # Otherwise browsers would gather a link-local address that leads nowhere.
                _ip("-n", namespace, "link", "set", "eth0", "addrgenmode", "none")
            else:
                _ip("-n", namespace, "address", "add", f"{host.ipv6}/128", "dev", "eth0", "nodad")
            _ip("-n", namespace, "link", "set", "eth0", "up")
            # coturn stops relaying on an allocation after "network unreachable".
            _ip("-n", namespace, "route", "add", "default", "dev", "eth0")
            if host.ipv6 is not None:
                _ip("-n", namespace, "-6", "route", "add", "default", "dev", "eth0")

    def _command(self, command: dict[str, float]) -> dict[str, int]:
        assert self._wire is not None
        assert self._wire.stdin is not None
        self._wire.stdin.write(json.dumps(command) + "\n")
        self._wire.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, int]:
        assert self._wire is not None
        assert self._wire.stdout is not None
        line = self._wire.stdout.readline()
        if not line:
            raise LabUnavailable("the lab's wire ended; its error is above")
        answer: dict[str, int] = json.loads(line)
        return answer
