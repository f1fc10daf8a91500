"""Every page and state in both themes, on a phone and on a laptop: axe finds nothing."""

import pytest

from tests.e2e.accessibility.axe import violations
from tests.e2e.gallery.looks import looks
from tests.e2e.gallery.pages import PAGES, Scene
from tests.e2e.gallery.site import Sites

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("scene", PAGES, ids=lambda scene: scene.name)
def test_axe_finds_nothing(scene: Scene, sites: Sites) -> None:
    with sites[scene.site].visit(scene) as page:
        found = {look.name: violations(page) for look in looks(page, widths=(390, 1440))}
    assert {name: faults for name, faults in found.items() if faults} == {}
