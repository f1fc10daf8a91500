"""Chromiums on the hosts of a lab, and what is read from their call pages."""

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.support.netlab import Lab

CHROMIUM: Final = "/usr/bin/chromium"
PROBE: Final = Path(__file__).with_name("probe.js")
FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
WAIT_MS: Final = 30_000
KEPT_ALIVE: Final = frozenset({"ping", "pong"})
"""Sent by the clock and not by a set-up; left out of the count."""


@dataclass(slots=True)
class Frames:
    """WebSocket frames of one page, counted by the browser itself (CDP), by type."""

    sent: Counter[str] = field(default_factory=Counter)
    received: Counter[str] = field(default_factory=Counter)

    def clear(self) -> None:
        self.sent.clear()
        self.received.clear()


def _type_of(event: dict[str, Any]) -> str:
    try:
        return str(json.loads(event["response"]["payloadData"])["type"])
    except (ValueError, KeyError, TypeError):
        return "?"


class CallPage:
    """One person's page: the probe inside it, its frames counted outside it."""

    def __init__(
        self, browser: Browser, *, relay_only: bool, cookies: Sequence[dict[str, Any]] = ()
    ) -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": 960, "height": 600})
        if cookies:
            self.context.add_cookies(list(cookies))  # type: ignore[arg-type]
        self.context.add_init_script(f"globalThis.__relayOnly = {json.dumps(relay_only)};")
        self.context.add_init_script(path=PROBE)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(WAIT_MS)
        self.frames = Frames()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        session = self.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.webSocketFrameSent", lambda event: self._count(event, sent=True))
        session.on("Network.webSocketFrameReceived", lambda event: self._count(event, sent=False))

    def _count(self, event: dict[str, Any], *, sent: bool) -> None:
        kind = _type_of(event)
        if kind not in KEPT_ALIVE:
            (self.frames.sent if sent else self.frames.received)[kind] += 1

    def wait_for_first(self, name: str) -> None:
        # Seldom enough not to take the page's time away from the call.
        self.page.wait_for_function(
            "name => __probe.firsts[name] !== undefined", arg=name, polling=200
        )

    def wait_until_received(self, kind: str) -> None:
        deadline = time.monotonic() + WAIT_MS / 1000
        while not self.frames.received[kind]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"no {kind} came over the WebSocket; errors: {self.errors}")
            self.page.wait_for_timeout(20)

    def firsts(self) -> dict[str, float]:
        found: dict[str, float] = self.page.evaluate("__probe.firsts")
        return found

    def timeline(self) -> list[tuple[float, str, str]]:
        found: list[tuple[float, str, str]] = self.page.evaluate("__probe.frames")
        return found

    def media(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate("__probe.media()")
        return found

    def close(self) -> None:
        self.context.close()


def launch(playwright: Playwright, lab: Lab, *, host: str, origins: Sequence[str]) -> Browser:
    """Start a Chromium on the host; cameras need an origin that it takes for secure."""
    secure = f"--unsafely-treat-insecure-origin-as-secure={','.join(origins)}"
    return playwright.chromium.launch(
        executable_path=lab.wrapper(host, CHROMIUM),
        headless=True,
        args=[*FLAGS, secure],
        ignore_default_args=["--headless"],
    )
