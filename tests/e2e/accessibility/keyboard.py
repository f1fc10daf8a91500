"""Somebody who has no mouse: everything here is a key press, and what a screen reader says."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Locator, Page

from tests.e2e.harness.browser import PATIENCE_S, eventually

MOST_STOPS: Final = 80

_FOCUS: Final = (
    (Path(__file__).parent / "focus.js").read_text(encoding="utf-8").strip().removesuffix(";")
)

# Every sentence that enters a live region, in order, for as long as the page lives.
LISTEN: Final = """
globalThis.testSaid = [];
addEventListener('DOMContentLoaded', () => {
  for (const region of document.querySelectorAll('[aria-live]')) {
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const node of addedNodes) {
          const text = node.textContent?.trim();
          if (text) testSaid.push({ text, live: region.getAttribute('aria-live') });
        }
      }
    }).observe(region, { childList: true });
  }
});
"""


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.unseen: list[str] = []
        """Stops of the Tab key at which no eye could find the focus."""

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def focus(self) -> str:
        """The name of what has the focus; empty when nothing has."""
        return str(self._focus()["name"])

    @staticmethod
    def name_of(element: Locator) -> str:
        """By its label, or by the words in it."""
        words = "(each) => each.getAttribute('aria-label') ?? each.textContent"
        return " ".join(str(element.evaluate(words)).split())

    def part(self) -> str:
        return str(self._focus()["part"])

    def tab(self, *, back: bool = False) -> str:
        self.press("Shift+Tab" if back else "Tab")
        focus = self._focus()
        if not focus["seen"]:
            self.unseen.append(f"{focus['name'] or focus['part']} at {self.page.url}")
        return str(focus["name"])

    def tab_to(self, *names: str) -> list[str]:
        """Tab until one of `names` has the focus; the names of all stops on the way."""
        stops: list[str] = []
        for _ in range(MOST_STOPS):
            stops.append(self.tab())
            if any(stops[-1].startswith(name) for name in names):
                return stops
        raise AssertionError(f"the Tab key does not reach {names}; it reaches {stops}")

    def round_trip(self) -> list[str]:
        """Every stop of the Tab key, from where it is until it comes back."""
        stops = [self.tab()]
        while len(stops) < MOST_STOPS:
            name = self.tab()
            if name == stops[0]:
                return stops
            stops.append(name)
        raise AssertionError(f"the Tab key never comes back: {stops}")

    def go(self, name: str, *, key: str = "Enter") -> None:
        """Tab to something and press it."""
        self.tab_to(name)
        self.press(key)

    def has(self, name: str) -> None:
        """Waits until the focus is on `name`."""
        eventually(
            lambda: self.focus().startswith(name), what=f"focus on {name}, not {self.focus()!r}"
        )

    # --- Heard -------------------------------------------------------------------------
    def said(self) -> list[str]:
        return [each["text"] for each in self.page.evaluate("globalThis.testSaid ?? []")]

    def hears(self, text: str, *, urgent: bool = False) -> None:
        """Exactly once, politely unless it is an error."""
        live = "assertive" if urgent else "polite"
        eventually(
            lambda: any(text in said for said in self.said()), what=f"{text!r} is said", timeout=40
        )
        heard: list[dict[str, Any]] = self.page.evaluate("globalThis.testSaid")
        matching = [each for each in heard if text in each["text"]]
        assert [each["live"] for each in matching] == [live], heard

    def _focus(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(_FOCUS)
        return found


def wait_for_url(page: Page, part: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while part not in page.url:
        assert time.monotonic() < deadline, f"still at {page.url}, not at {part}"
        page.wait_for_timeout(50)
    page.wait_for_load_state()


def in_order(wanted: Sequence[str], stops: Sequence[str]) -> bool:
    """Whether `wanted` come in this order among `stops`, others between them."""
    rest = iter(stops)
    return all(any(stop.startswith(name) for stop in rest) for name in wanted)
