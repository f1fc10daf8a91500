"""Every state of a call: axe finds nothing, and a small window loses nothing."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Browser

from tests.e2e.accessibility.axe import violations
from tests.e2e.accessibility.reach import lost
from tests.e2e.accessibility.test_reach import in_each_window
from tests.e2e.conftest import Chromiums
from tests.e2e.gallery.calls import Cast, moments
from tests.e2e.gallery.looks import Scheme, looks
from tests.e2e.gallery.site import Sites
from tests.e2e.harness.media import SIGNATURES

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def faults(cast: Cast, *, widths: Sequence[int], schemes: Sequence[Scheme]) -> str:
    """One line for each; empty when all is well."""
    found: list[str] = []
    for name, page in moments(cast, crowds=(1, 2, 3)):
        for look in looks(page, widths=widths, schemes=schemes):
            found += [f"{name}, {look.name}: {each}" for each in violations(page)]
        for window in in_each_window(page):
            found += [f"{name}, {window}: {each}" for each in lost(page)]
        page.set_viewport_size({"width": 1280, "height": 800})
    return "\n".join(found)


@pytest.fixture
def cast(sites: Sites, chromiums: Chromiums, refused: Browser) -> Cast:
    return Cast(sites["open"], lambda index: chromiums[SIGNATURES[index]], refused)


@pytest.mark.timeout(420)
def test_every_state_of_a_call_is_sound(cast: Cast) -> None:
    """The stage is dark in both themes: one of them, on a phone and on a laptop."""
    found = faults(cast, widths=(390, 1440), schemes=("light",))
    assert not found, found


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_state_of_a_call_is_sound_in_every_window_and_theme(cast: Cast) -> None:
    found = faults(cast, widths=(320, 390, 834, 1440), schemes=("light", "dark"))
    assert not found, found
