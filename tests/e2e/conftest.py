"""Browsers live as long as the run; people (contexts, cookies, tabs) as long as a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.e2e.harness.chromium import launch_chromium
from tests.e2e.harness.firefox import Firefox
from tests.e2e.harness.media import SIGNATURES, Signature


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


class Chromiums:
    """One Chromium for each signature, started when first asked for."""

    def __init__(self, playwright: Playwright, directory: Path) -> None:
        self._playwright = playwright
        self._directory = directory
        self._running: dict[str, Browser] = {}

    def __getitem__(self, signature: Signature) -> Browser:
        browser = self._running.get(signature.name)
        if browser is None or not browser.is_connected():
            browser = launch_chromium(
                self._playwright, signature=signature, directory=self._directory
            )
            self._running[signature.name] = browser
        return browser

    def close(self) -> None:
        for browser in self._running.values():
            browser.close()


@pytest.fixture(scope="session")
def chromiums(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Chromiums]:
    browsers = Chromiums(playwright, tmp_path_factory.mktemp("media"))
    yield browsers
    browsers.close()


@pytest.fixture(scope="session")
def firefox() -> Iterator[Firefox]:
    browser = Firefox()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def signatures() -> tuple[Signature, ...]:
    return SIGNATURES
