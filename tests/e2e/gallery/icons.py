"""Draws the app's icons from its mark: `python -m tests.e2e.gallery.icons`.

Run it after img/mark.svg has changed; the pictures are committed.
"""

import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from tests.e2e.gallery.site import ROOT
from tests.e2e.harness.chromium import launch_chromium
from tests.e2e.harness.media import GREEN

IMAGES: Final = ROOT / "services" / "web" / "static" / "img"
FIELD: Final = "#0b6664"
PLAIN: Final = (192, 512)
MASKABLE: Final = (192, 512)
APPLE: Final = 180
SAFE_SHARE: Final = 0.78
"""Of a maskable icon's width; what is outside a circle of 80 % may be cut off."""


def main() -> None:
    mark = (IMAGES / "mark.svg").read_text(encoding="utf-8")
    wanted = {f"icon-{size}": (size, 1.0) for size in PLAIN}
    wanted |= {f"maskable-{size}": (size, SAFE_SHARE) for size in MASKABLE}
    wanted |= {f"apple-touch-{APPLE}": (APPLE, 0.86)}
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        browser = launch_chromium(playwright, signature=GREEN, directory=Path(directory))
        for name, (size, share) in wanted.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            ground = "transparent" if share == 1.0 else FIELD
            page.set_content(
                f"<style>*{{margin:0}}body{{background:{ground};display:grid;place-items:center;"
                f"height:100vh}}svg{{width:{share * 100}vw;display:block}}</style>{mark}"
            )
            (IMAGES / "icons").mkdir(exist_ok=True)
            page.screenshot(path=IMAGES / "icons" / f"{name}.png", omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
