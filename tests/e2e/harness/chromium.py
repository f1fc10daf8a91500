"""Chromium through Playwright: one process for each signature, one context for each person."""

import json
import shutil
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, WebSocket
from playwright.sync_api import Error as PlaywrightError

from tests.e2e.harness.browser import PATIENCE_S, BrowserError, Tab
from tests.e2e.harness.media import Signature, write_camera, write_microphone

FLAGS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
)
ANSWER: Final = "--use-fake-ui-for-media-stream"
"""Every question for a device or a screen is answered with yes."""


def launch_chromium(
    playwright: Playwright,
    *,
    signature: Signature,
    directory: Path,
    flags: tuple[str, ...] = (),
    camera: bool = True,
    answer: bool = True,
) -> Browser:
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    assert executable, "chromium is missing; `./scripts/test e2e` installs it"
    shown = (f"--use-file-for-fake-video-capture={write_camera(signature, directory)}",)
    return playwright.chromium.launch(
        executable_path=executable,
        chromium_sandbox=False,
        args=[
            *FLAGS,
            *((ANSWER,) if answer else ()),
            *(shown if camera else ()),
            f"--use-file-for-fake-audio-capture={write_microphone(signature, directory)}",
            *flags,
        ],
    )


class ChromiumTab(Tab):
    """Remembers what the page complained of: a test ends by looking at it."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self._home: set[str] = set()
        """Where the test itself went: all that a page asks for must come from there."""
        self.frames: list[dict[str, Any]] = []
        """What the server sent over the page's WebSockets, oldest first."""
        self.page.set_default_timeout(PATIENCE_S * 1000)
        self.page.on("pageerror", lambda error: self.complaints.append(f"pageerror: {error}"))
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(f"console: {message.text}")
                if message.type == "error"
                else None
            ),
        )
        self.page.on("request", lambda request: self._ask(request.url))
        self.page.on("websocket", self._listen)

    def goto(self, url: str) -> None:
        self._home.add(_origin(url))
        self._do(lambda: self.page.goto(url, wait_until="load"))

    def reload(self) -> None:
        self._do(lambda: self.page.reload(wait_until="load"))

    def url(self) -> str:
        return self.page.url

    def evaluate(self, expression: str) -> Any:
        return self._do(lambda: self.page.evaluate(expression))

    def click(self, selector: str) -> None:
        self._do(lambda: self.page.locator(selector).first.click())

    def fill(self, selector: str, text: str) -> None:
        self._do(lambda: self.page.locator(selector).first.fill(text))

    def close(self) -> None:
        if not self.page.is_closed():
            self.page.close()

    def _ask(self, url: str) -> None:
        """`data:`, `blob:` and the browser's own pages leave the machine for nowhere."""
        scheme = urlsplit(url).scheme
        if scheme in ("http", "https", "ws", "wss") and _origin(url) not in self._home:
            self.complaints.append(f"request to another origin: {url}")

    def _listen(self, socket: WebSocket) -> None:
        self._ask(socket.url)
        socket.on("framereceived", lambda frame: self.frames.append(json.loads(frame)))

    @staticmethod
    def _do(action: Any) -> Any:
        try:
            return action()
        except PlaywrightError as error:
            raise BrowserError(str(error)) from error


def _origin(url: str) -> str:
    """Of a WebSocket: that of the server which also answers HTTP there."""
    scheme, host, *_ = urlsplit(url)
    return f"{scheme.replace('ws', 'http')}://{host}"
