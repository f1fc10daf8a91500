"""The whole of Traverse for a test: migrated database, collected files, server, coturn."""

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.support.coturn import LocalCoturn
from tests.support.server import WEB, TraverseServer, stop

STEPS: Final = (
    ("migrate", "--no-input"),
    ("build_icons",),
    ("collectstatic", "--no-input"),
)


def prepare(directory: Path) -> Path:
    """Makes, once in a run, what every server of the run starts from."""
    server = TraverseServer(directory, f"sqlite:///{directory / 'traverse.sqlite3'}")
    try:
        for step in STEPS:
            done = subprocess.run(
                [sys.executable, "manage.py", *step],
                check=False,
                cwd=WEB,
                env=server.environment(),
                capture_output=True,
                text=True,
                timeout=120,
            )
            assert done.returncode == 0, f"{step[0]}: {done.stdout}{done.stderr}"
    finally:
        server.listener.close()
    return directory


@dataclass
class TraverseStack:
    """`with TraverseStack(directory, prepared) as stack:` then `stack.origin`."""

    directory: Path
    prepared: Path
    env: dict[str, str] = field(default_factory=dict)
    """More variables for the web service."""
    origin: str = ""
    """Where browsers go; the server's own port unless something stands in front."""
    coturn: LocalCoturn = field(init=False)
    server: TraverseServer = field(init=False)

    def __post_init__(self) -> None:
        shutil.copytree(self.prepared, self.directory, dirs_exist_ok=True)
        self.coturn = LocalCoturn(self.directory)
        self.server = TraverseServer(
            self.directory,
            f"sqlite:///{self.directory / 'traverse.sqlite3'}",
            env={**self.coturn.environment, **self.env},
        )
        self.origin = self.origin or self.server.origin
        self.server.env["BASE_URL"] = self.origin

    def __enter__(self) -> Self:
        self.coturn.start()
        self.server.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.server.__exit__(kind, error, trace)
        finally:
            self.coturn.stop()

    def stop_server(self) -> None:
        """As an orchestrator would: SIGTERM, and its good-byes."""
        for process in self.server.running:
            stop(process)
        self.server.running.clear()

    def start_server(self) -> None:
        self.server.start()
        self.server.wait_ready()
