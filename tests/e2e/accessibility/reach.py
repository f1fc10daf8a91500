"""Is all of a page there in a narrow or magnified window? Asked of the page itself."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Page

_LOST: Final = (
    (Path(__file__).parent / "reach.js").read_text(encoding="utf-8").strip().removesuffix(";")
)


def lost(page: Page) -> list[str]:
    """What cannot be seen or pressed in the window as it is."""
    found: list[str] = page.evaluate(_LOST)
    return found
