"""Takes a picture of every page and state, in three widths and both themes.

`./scripts/gallery [--out DIR] [--only TEXT] [--no-pages] [--calls 1 2 3 5 8] [--readme]`. Opens as
DIR/index.html. With --readme it makes docs/images/call.jpg instead: three real browsers
in a call.
"""

import argparse
import html
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.e2e.gallery.calls import Cast, moments, page_of
from tests.e2e.gallery.looks import looks
from tests.e2e.gallery.pages import PAGES
from tests.e2e.gallery.portraits import write_portraits, write_silence
from tests.e2e.gallery.site import ROOT, Sites
from tests.e2e.harness.browser import eventually
from tests.e2e.harness.chromium import launch_chromium
from tests.e2e.harness.media import GREEN
from tests.e2e.harness.stack import prepare

WIDTHS: Final = (390, 834, 1440)
README_BYTES: Final = 200_000


class Studio:
    """Browsers with portraits for cameras, started when somebody needs one."""

    def __init__(self, playwright: Playwright, directory: Path, people: int, height: int) -> None:
        self._playwright = playwright
        self._directory = directory
        self._people = people
        self._height = height
        self._running: dict[int, Browser] = {}
        self._portraits: list[Path] = []
        self.plain = launch_chromium(playwright, signature=GREEN, directory=directory)
        self.refused = launch_chromium(
            playwright,
            signature=GREEN,
            directory=directory,
            flags=("--use-fake-ui-for-media-stream=deny",),
        )

    def __call__(self, index: int) -> Browser:
        if not self._portraits:
            self._portraits = write_portraits(
                self.plain,
                self._directory,
                people=self._people,
                width=self._height * 16 // 9,
                height=self._height,
            )
        if index not in self._running:
            # The last of two equal flags is the one that counts.
            self._running[index] = launch_chromium(
                self._playwright,
                signature=GREEN,
                directory=self._directory,
                flags=(
                    f"--use-file-for-fake-video-capture={self._portraits[index]}",
                    f"--use-file-for-fake-audio-capture={write_silence(self._directory)}",
                    "--auto-select-desktop-capture-source=Entire screen",
                ),
            )
        return self._running[index]

    def close(self) -> None:
        for browser in (self.plain, self.refused, *self._running.values()):
            browser.close()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "gallery")
    parser.add_argument("--only", default="", help="pictures whose name holds this text")
    parser.add_argument("--calls", type=int, nargs="*", default=[1, 2, 3, 5, 8], help="crowds")
    parser.add_argument("--no-pages", action="store_true", help="calls alone")
    parser.add_argument("--readme", action="store_true", help="make docs/images/call.jpg")
    options = parser.parse_args()
    with _sites(people=max([3, *options.calls]), height=720 if options.readme else 360) as scene:
        sites, studio = scene
        cast = Cast(sites["open"], studio, studio.refused)
        if options.readme:
            return _readme(cast, ROOT / "docs" / "images" / "call.jpg")
        options.out.mkdir(parents=True, exist_ok=True)
        if not options.no_pages:
            for name, page in _pages(sites, options.only):
                _portray(page, name, options.out)
        if options.calls:
            for name, page in moments(cast, crowds=options.calls):
                if options.only in name:
                    _portray(page, name, options.out)
    _write_index(options.out)
    print(f"The pictures are in {options.out}; open index.html.")
    return 0


@contextmanager
def _sites(*, people: int, height: int) -> Iterator[tuple[Sites, Studio]]:
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        playwright = stack.enter_context(sync_playwright())
        studio = Studio(playwright, directory, people, height)
        stack.callback(studio.close)
        prepared = directory / "prepared"
        prepared.mkdir()
        prepare(prepared)
        yield stack.enter_context(Sites(directory, prepared, studio.plain)), studio


def _pages(sites: Sites, only: str) -> Iterator[tuple[str, Page]]:
    for scene in PAGES:
        if only in scene.name:
            with sites[scene.site].visit(scene) as page:
                yield f"page-{scene.name}", page


def _portray(page: Page, name: str, out: Path) -> None:
    whole = not page.locator("body.call").count()
    for look in looks(page, widths=WIDTHS):
        page.wait_for_timeout(150)
        page.screenshot(path=out / f"{name}-{look.name}.png", full_page=whole)


def _readme(cast: Cast, path: Path) -> int:
    """Two guests and the owner, talking; the owner's window."""
    link = cast.site.link("garden")
    people = [cast.person(0, who="ada"), cast.person(1), cast.person(2)]
    for number, person in enumerate(people):
        person.enter(link, guest=number > 0)
    ada = people[0]
    for other in people[1:]:
        eventually(
            lambda other=other: (ada.picture_of(other.name) or {}).get("height", 0) >= 360,  # type: ignore[misc]
            what=f"a sharp picture of {other.name}",
            timeout=60,
        )
        eventually(lambda other=other: ada.path_to(other.name), what="the paths are known")  # type: ignore[misc]
    page = page_of(ada)
    page.set_viewport_size({"width": 1280, "height": 800})
    people[2].toggle("hand")
    people[1].say("The tomatoes are ready.")
    ada.open_panel("chat")
    ada.tab.wait_for("[data-testid=message]")
    page.wait_for_timeout(12_000)
    path.parent.mkdir(parents=True, exist_ok=True)
    for quality in (86, 78, 70, 60):
        page.screenshot(path=path, type="jpeg", quality=quality)
        if path.stat().st_size < README_BYTES:
            break
    cast.close()
    print(f"{path}: {path.stat().st_size} bytes")
    return 0 if path.stat().st_size < README_BYTES else 1


def _write_index(out: Path) -> None:
    names = sorted(path.name for path in out.glob("*.png"))
    figures = "".join(
        f'<figure><a href="{html.escape(name)}"><img loading="lazy" src="{html.escape(name)}" '
        f'alt=""></a><figcaption>{html.escape(name.removesuffix(".png"))}</figcaption></figure>'
        for name in names
    )
    (out / "index.html").write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title>'
        "<style>body{display:flex;flex-wrap:wrap;gap:16px;font:14px system-ui}"
        "figure{margin:0}img{max-width:360px;max-height:480px;border:1px solid #999}</style>"
        f"{figures}</html>",
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
