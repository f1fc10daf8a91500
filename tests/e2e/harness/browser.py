"""The small surface that every browser under test has, whichever program drives it."""

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

# An expression: what is called on it follows.
PROBES: Final = (
    (Path(__file__).parent / "probes.js").read_text(encoding="utf-8").strip().removesuffix(";")
)
PATIENCE_S: Final = 20.0
"""How long a test waits for what should take a fraction of a second."""

Value = TypeVar("Value")


class Tab(ABC):
    """One page of one browser. Selectors are CSS; times are seconds."""

    complaints: Sequence[str] = ()
    """What the page threw or logged as an error, where the browser tells."""

    @abstractmethod
    def goto(self, url: str) -> None: ...

    @abstractmethod
    def reload(self) -> None: ...

    @abstractmethod
    def url(self) -> str: ...

    @abstractmethod
    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page; a promise is awaited."""

    @abstractmethod
    def click(self, selector: str) -> None:
        """Waits for the element to be there, seen and enabled, then clicks it."""

    @abstractmethod
    def fill(self, selector: str, text: str) -> None: ...

    @abstractmethod
    def close(self) -> None: ...

    def wait_for(self, selector: str, *, timeout: float = PATIENCE_S) -> None:
        """Until the element is in the page and takes up room."""
        self.wait_until(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            " return Boolean(e && e.getClientRects().length); })()",
            timeout=timeout,
        )

    def wait_gone(self, selector: str, *, timeout: float = PATIENCE_S) -> None:
        self.wait_until(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            " return !(e && e.getClientRects().length); })()",
            timeout=timeout,
        )

    def wait_until(self, expression: str, *, timeout: float = PATIENCE_S) -> Any:
        return eventually(lambda: self.evaluate(expression), what=expression, timeout=timeout)

    def text(self, selector: str) -> str:
        """What a reader sees of the first match; empty when there is none."""
        shown = self.evaluate(
            f"(document.querySelector({json.dumps(selector)})?.innerText ?? '').trim()"
        )
        return str(shown)

    def count(self, selector: str) -> int:
        return int(self.evaluate(f"document.querySelectorAll({json.dumps(selector)}).length"))

    def picture(self, video: str) -> dict[str, int] | None:
        """What a `<video>` shows now; `video` is an expression for the element."""
        shown: dict[str, int] | None = self.evaluate(f"{PROBES}.picture({video})")
        return shown

    def sound(self, stream: str, *, seconds: float = 1.2) -> dict[str, int]:
        """The loudest tone of a MediaStream; `stream` is an expression for it."""
        heard: dict[str, int] = self.evaluate(f"{PROBES}.sound({stream}, {round(seconds * 1000)})")
        return heard


def eventually(
    probe: Callable[[], Value | None], *, what: str, timeout: float = PATIENCE_S, every: float = 0.1
) -> Value:
    """The first true value of `probe`; a page that is navigating counts as not yet."""
    deadline = time.monotonic() + timeout
    last: object = None
    while True:
        try:
            value = probe()
            if value:
                return value
            last = value
        except BrowserError as error:
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout:g} s: {what}; last: {last!r}")
        time.sleep(every)


class BrowserError(Exception):
    """The browser could not do it: no such element, a script threw, it went away."""
