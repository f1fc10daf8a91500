"""Browsers live as long as the run; people (contexts, cookies, tabs) as long as a test."""

import itertools
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.e2e.harness.browser import Tab
from tests.e2e.harness.chromium import ChromiumTab, launch_chromium
from tests.e2e.harness.firefox import Firefox, FirefoxTab
from tests.e2e.harness.media import Signature
from tests.e2e.harness.person import RECORD_CONNECTIONS, Person
from tests.e2e.harness.stack import TraverseStack, prepare


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test shows what was on each page and what the server wrote."""
    report = yield
    fixtures = getattr(item, "funcargs", {})
    if report.failed and call.when == "call" and isinstance(fixtures.get("people"), People):
        people = fixtures["people"]
        for person in people.everybody:
            report.sections.append((f"{person.name}'s page", person.describe()))
        log = people.stack.server.read_log()
        report.sections.append(("the server", "\n".join(log.splitlines()[-60:])))
    return report


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
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a migrated database and collected files, to start servers from."""
    return prepare(tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="session")
def shared_stack(
    prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TraverseStack]:
    with TraverseStack(tmp_path_factory.mktemp("stack"), prepared) as stack:
        yield stack


@pytest.fixture
def stack(shared_stack: TraverseStack) -> Iterator[TraverseStack]:
    """One server for the whole run; whatever it complains of fails the test that caused it."""
    before = len(shared_stack.server.problems())
    yield shared_stack
    assert shared_stack.server.problems()[before:] == []


class People:
    """Makes persons, and closes what they opened. No test meets another test's people."""

    _numbers = itertools.count(1)

    def __init__(
        self, stack: TraverseStack, chromiums: Chromiums, request: pytest.FixtureRequest
    ) -> None:
        self.stack = stack
        self._chromiums = chromiums
        self._request = request
        self._contexts: list[BrowserContext] = []
        self._firefox_contexts: list[int] = []
        self.everybody: list[Person] = []

    def chromium(self, name: str, signature: Signature) -> Person:
        context = self._chromiums[signature].new_context(viewport={"width": 1280, "height": 800})
        context.add_init_script(RECORD_CONNECTIONS)
        self._contexts.append(context)
        return self._person(name, ChromiumTab(context), signature)

    def second_tab(self, person: Person) -> Person:
        """Another tab of the same browser, with the same cookies and the same camera."""
        assert isinstance(person.tab, ChromiumTab)
        return self._person(person.name, ChromiumTab(person.tab.context), person.signature)

    def firefox(self, name: str, *, first_script: str = "") -> Person:
        firefox: Firefox = self._request.getfixturevalue("firefox")
        context = firefox.new_context()
        self._firefox_contexts.append(context)
        tab = FirefoxTab(firefox, context, first_script=RECORD_CONNECTIONS + first_script)
        return self._person(name, tab, None)

    def with_account(self, name: str, signature: Signature) -> Person:
        person = self.chromium(name, signature)
        person.sign_up(email=self.new_email())
        return person

    def new_email(self) -> str:
        return f"person{next(self._numbers)}@example.com"

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        for number in self._firefox_contexts:
            self._request.getfixturevalue("firefox").call("discard", context=number)

    def complaints(self) -> list[str]:
        return [complaint for person in self.everybody for complaint in person.tab.complaints]

    def _person(self, name: str, tab: Tab, signature: Signature | None) -> Person:
        person = Person(name=name, tab=tab, base_url=self.stack.origin, signature=signature)
        self.everybody.append(person)
        return person


@pytest.fixture
def people(
    stack: TraverseStack, chromiums: Chromiums, request: pytest.FixtureRequest
) -> Iterator[People]:
    """People at the shared server. Pages that throw, or break their own policy, fail the test."""
    group = People(stack, chromiums, request)
    yield group
    complaints = group.complaints()
    group.close()
    assert complaints == []
