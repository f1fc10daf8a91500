"""Firefox through a small Node program that speaks WebDriver BiDi (puppeteer-core).

Its fake camera shows a colour that changes and its fake microphone hums 1 kHz;
neither can be chosen.
"""

import json
import selectors
import shutil
import subprocess
import time
from pathlib import Path
from typing import IO, Any, Final

from tests.e2e.harness.browser import BrowserError, Tab

ROOT: Final = Path(__file__).resolve().parent.parent.parent.parent
BRIDGE: Final = ROOT / "tests" / "e2e" / "firefox" / "bridge.mjs"
START_S: Final = 60.0
ANSWER_S: Final = 45.0


class Firefox:
    """One Firefox process; `close` ends it and its bridge."""

    def __init__(self) -> None:
        node, firefox = shutil.which("node"), shutil.which("firefox-esr") or shutil.which("firefox")
        assert node, "node is missing; `./scripts/test e2e` installs it"
        assert firefox, "firefox-esr is missing; `./scripts/test e2e` installs it"
        self._process = subprocess.Popen(
            [node, str(BRIDGE), firefox],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        self._pending = b""
        self._last = 0
        self.version: str = self._read(0, timeout=START_S)

    def call(self, method: str, **parameters: object) -> Any:
        self._last += 1
        request = {"id": self._last, "method": method, **parameters}
        try:
            self._stdin.write(json.dumps(request).encode() + b"\n")
            self._stdin.flush()
        except OSError as error:
            raise BrowserError("Firefox's bridge has gone") from error
        return self._read(self._last, timeout=ANSWER_S)

    def new_context(self) -> int:
        return int(self.call("context"))

    def close(self) -> None:
        self._stdin.close()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            # Not SIGKILL: on SIGTERM puppeteer takes Firefox with it.
            self._process.terminate()
            self._process.wait(15)
        finally:
            if self._process.stdout is not None:
                self._process.stdout.close()

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    def _read(self, wanted: int, *, timeout: float) -> Any:
        answer = json.loads(self._line(timeout))
        assert answer["id"] == wanted, f"Firefox's bridge answered {answer['id']} to {wanted}"
        if "error" in answer:
            raise BrowserError(answer["error"])
        return answer["result"]

    def _line(self, timeout: float) -> bytes:
        assert self._process.stdout is not None
        deadline = time.monotonic() + timeout
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._pending:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise BrowserError(f"Firefox's bridge was silent for {timeout:g} s")
                chunk = self._process.stdout.read1(65536)  # type: ignore[attr-defined]
                if not chunk:
                    raise BrowserError("Firefox's bridge has ended")
                self._pending += chunk
        line, _, self._pending = self._pending.partition(b"\n")
        return line


class FirefoxTab(Tab):
    def __init__(self, firefox: Firefox, context: int, *, first_script: str = "") -> None:
        """`first_script` runs in each page before its own scripts."""
        self._firefox = firefox
        self._page = int(firefox.call("open", context=context, script=first_script))

    def goto(self, url: str) -> None:
        self._call("goto", url=url)

    def reload(self) -> None:
        self._call("reload")

    def url(self) -> str:
        return str(self._call("url"))

    def evaluate(self, expression: str) -> Any:
        return self._call("evaluate", expression=expression)

    def click(self, selector: str) -> None:
        self._call("click", selector=selector)

    def fill(self, selector: str, text: str) -> None:
        self._call("fill", selector=selector, text=text)

    def close(self) -> None:
        self._call("close")

    def _call(self, method: str, **parameters: object) -> Any:
        return self._firefox.call(method, page=self._page, **parameters)
