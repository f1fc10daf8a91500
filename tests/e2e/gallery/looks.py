"""How a page is looked at: window sizes and colour schemes, changed without a reload."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from playwright.sync_api import Page

Scheme = Literal["light", "dark"]
HEIGHTS: Final = {320: 640, 390: 844, 834: 1112, 1440: 900}
"""A small phone, a phone, a tablet upright, a laptop; CSS pixels."""
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
# Two frames, one to lay out and one to paint what scripts measured; then the colours,
# which fade from one theme to the other.
_SETTLED: Final = """(async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const passing = document.getAnimations().filter(
    (each) => Number.isFinite(each.effect?.getComputedTiming().endTime));
  await Promise.allSettled(passing.map((each) => each.finished));
})()"""


@dataclass(frozen=True, slots=True)
class Look:
    width: int
    scheme: Scheme

    @property
    def name(self) -> str:
        return f"{self.width}-{self.scheme}"


def looks(
    page: Page, *, widths: Iterable[int], schemes: Iterable[Scheme] = SCHEMES
) -> Iterator[Look]:
    """Each combination in turn, with the page settled in it."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate(_SETTLED)
            yield Look(width, scheme)
