"""The product under test: a throw-away instance, prepared and started as it ships.

One directory holds its database, its built files and its keys; it goes with the
instance. The web process is started by the command that `scripts/run` uses.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.support import relay
from bench.support.report import ROOT

WEB = ROOT / "services" / "web"
START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Product:
    directory: Path
    address: str
    port: int
    redis_url: str = ""
    turn_host: str = ""

    @property
    def origin(self) -> str:
        return f"http://{self.address}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "PYTHONPATH": f"{WEB}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "BASE_URL": self.origin,
            "ALLOW_INSECURE_HTTP": "true",
            "VAR_DIR": str(self.directory),
            "SECRET_KEY": "bench-only-" + "0123456789" * 6,
            "REDIS_URL": self.redis_url,
            "TURN_HOST": self.turn_host,
            "TURN_PORT": str(relay.PORT),
            "TURN_SECRET": relay.SECRET if self.turn_host else "",
            "LOG_LEVEL": "WARNING",
            "LOG_FORMAT": "console",
        }

    @property
    def command(self) -> list[str]:
        """The command that `scripts/run` ends in."""
        return self.command_on(self.port)

    def command_on(self, port: int) -> list[str]:
        """For a second process of the same instance, behind the same address."""
        options = ["--host", self.address, "--port", str(port)]
        return [sys.executable, str(WEB / "manage.py"), "serve", *options]

    def prepare(self) -> None:
        """Make the database and the built files, as `scripts/run` does."""
        self.directory.mkdir(parents=True, exist_ok=True)
        for command in (["build_icons"], ["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
            self.python(["manage.py", *command])

    def seed(self, wanted: Mapping[str, Any]) -> Any:
        """Run `bench.support.seed` inside the product; return what it made."""
        return json.loads(self.python(["-m", "bench.support.seed", json.dumps(wanted)]))

    def python(self, arguments: Sequence[str]) -> str:
        result = subprocess.run(
            [sys.executable, *arguments],
            cwd=WEB,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return result.stdout


def wait_until_up(url: str, *, command: Sequence[str] = ()) -> None:
    """Wait for an answer at the URL; `command` runs the asking elsewhere (a lab host)."""
    deadline = time.monotonic() + START_SECONDS
    script = f"import urllib.request; urllib.request.urlopen({url!r}, timeout=2).read()"
    asking = [*command, sys.executable, "-c", script]
    while True:
        try:
            if command:
                subprocess.run(asking, check=True, capture_output=True)
            else:
                urllib.request.urlopen(url, timeout=2).read()
        except (OSError, subprocess.CalledProcessError) as error:
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing answers at {url}") from error
            time.sleep(0.2)
        else:
            return
