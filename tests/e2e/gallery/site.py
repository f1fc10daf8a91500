"""The servers behind the pages, and people who are already signed in to them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.gallery.pages import Scene
from tests.e2e.harness.person import RECORD_CONNECTIONS
from tests.e2e.harness.stack import TraverseStack
from tests.support.server import WEB

ROOT: Final = Path(__file__).resolve().parents[3]
OPEN: Final = {"EMAIL_URL": "consolemail://"}
BARE: Final = {"SIGNUP": "closed", "TURN_HOST": "", "TURN_SECRET": ""}
FAILURE: Final = "/gallery-failure/"


@dataclass
class Site:
    """One server, its seeded people, and one browser context for each of them."""

    stack: TraverseStack
    browser: Browser
    seeded: dict[str, Any] = field(init=False)
    _contexts: dict[str, BrowserContext] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "tests.e2e.gallery.seed"],
            cwd=WEB,
            env={**self.stack.server.environment(), "PYTHONPATH": f"{WEB}:{ROOT}"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        self.seeded = json.loads(done.stdout.splitlines()[-1])

    @property
    def origin(self) -> str:
        return self.stack.origin

    def link(self, name: str) -> str:
        return f"{self.origin}{self.seeded['links'][name]}"

    def context(self, who: str, browser: Browser | None = None) -> BrowserContext:
        """A browser of its own, signed in as `who`; nobody for `visitor`."""
        context = (browser or self.browser).new_context(base_url=self.origin)
        context.add_init_script(RECORD_CONNECTIONS)
        session = self.seeded["sessions"].get(who)
        if session:
            host = urlsplit(self.origin).hostname or ""
            context.add_cookies(
                [{"name": "sessionid", "value": session, "domain": host, "path": "/"}]
            )
        return context

    def address(self, scene: Scene) -> str:
        if scene.path.startswith("!"):
            return f"{self.origin}{FAILURE}{scene.path[1:]}"
        return self.origin + scene.path.format(**self.seeded["links"])

    @contextmanager
    def visit(self, scene: Scene) -> Iterator[Page]:
        """A tab that shows the scene. Visitors are new each time: half a log-in is a cookie."""
        known = self._contexts.get(scene.who)
        context = known or self.context(scene.who)
        if known is None:
            context.route(f"**{FAILURE}*", self._fail)
            if scene.who != "visitor":
                self._contexts[scene.who] = context
        page = context.new_page()
        try:
            page.goto(self.address(scene), wait_until="load")
            if scene.act is not None:
                scene.act(page)
            yield page
        finally:
            page.close()
            if scene.who == "visitor":
                context.close()

    def _fail(self, route: Any) -> None:
        name = route.request.url.rsplit("/", 1)[-1]
        route.fulfill(
            status=int(name[:3]),
            content_type="text/html; charset=utf-8",
            body=self.seeded["failures"][name],
        )

    def close(self) -> None:
        for context in self._contexts.values():
            context.close()


class Sites:
    """The two servers that the scenes name, started when first asked for."""

    def __init__(self, directory: Path, prepared: Path, browser: Browser) -> None:
        self._directory = directory
        self._prepared = prepared
        self._browser = browser
        self._running: dict[str, Site] = {}
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for site in self._running.values():
            site.close()
        self._closing.close()

    def __getitem__(self, name: str) -> Site:
        if name not in self._running:
            env = OPEN if name == "open" else BARE
            stack = TraverseStack(self._directory / name, self._prepared, env=env)
            self._running[name] = Site(self._closing.enter_context(stack), self._browser)
        return self._running[name]
