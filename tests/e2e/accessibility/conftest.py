"""One browser and two servers for all accessibility checks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from tests.e2e.gallery.site import Sites
from tests.e2e.harness.chromium import launch_chromium
from tests.e2e.harness.media import GREEN


@pytest.fixture(scope="session")
def sites(
    playwright: Playwright, prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sites]:
    directory = tmp_path_factory.mktemp("accessibility")
    browser = launch_chromium(playwright, signature=GREEN, directory=directory)
    with Sites(directory, prepared, browser) as running:
        yield running
    browser.close()


@pytest.fixture(scope="session")
def refused(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser that gives pages no camera and no microphone."""
    browser = launch_chromium(
        playwright,
        signature=GREEN,
        directory=tmp_path_factory.mktemp("refused"),
        flags=("--use-fake-ui-for-media-stream=deny",),
    )
    yield browser
    browser.close()
