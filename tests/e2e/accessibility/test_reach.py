"""A window of 320 px, and one magnified to 200 %, lose nothing (WCAG 1.4.4, 1.4.10)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.e2e.accessibility.reach import lost
from tests.e2e.gallery.pages import PAGES, Scene
from tests.e2e.gallery.site import Sites

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WINDOWS = {
    "320 px": (320, 568),
    "200 % of 1280 x 720": (640, 360),
}


def in_each_window(page: Page) -> Iterator[str]:
    page.emulate_media(reduced_motion="reduce")
    for name, (width, height) in WINDOWS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")
        yield name


@pytest.mark.parametrize("scene", PAGES, ids=lambda scene: scene.name)
def test_a_page_loses_nothing(scene: Scene, sites: Sites) -> None:
    with sites[scene.site].visit(scene) as page:
        found = {name: lost(page) for name in in_each_window(page)}
    assert {name: faults for name, faults in found.items() if faults} == {}
