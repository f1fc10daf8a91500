"""A call page whose scripts do not run says so, and a reload is one click."""

import pytest

from tests.e2e.conftest import People
from tests.e2e.harness.chromium import ChromiumTab
from tests.e2e.harness.media import BLUE, RED
from tests.e2e.harness.person import Person

pytestmark = pytest.mark.browser

BROKEN = "[data-testid=broken]"
VISIBLE = f"getComputedStyle(document.querySelector('{BROKEN}')).visibility === 'visible'"


def tab_of(person: Person) -> ChromiumTab:
    assert isinstance(person.tab, ChromiumTab)
    return person.tab


@pytest.fixture
def link(people: People) -> str:
    return people.with_account("Ada", RED).create_channel("Start")


@pytest.mark.parametrize(
    ("pattern", "content"),
    [
        ("**/js/call/main*.js", None),
        ("**/js/rtc/mesh*.js", None),
        ("**/js/call/state*.js", "this is no module ("),
        ("**/js/call/config*.js", "export function readConfig() { throw new Error('broken'); }"),
    ],
)
def test_a_module_that_does_not_come_or_breaks_is_said_at_once(
    people: People, link: str, pattern: str, content: str | None
) -> None:
    bob = people.chromium("Bob", BLUE)
    page = tab_of(bob).page
    page.route(
        pattern,
        lambda route: (
            route.abort()
            if content is None
            else route.fulfill(body=content, content_type="text/javascript")
        ),
    )
    bob.tab.goto(link)
    bob.tab.wait_for(f"{BROKEN}[data-shown=failed]", timeout=8)
    assert bob.tab.evaluate(VISIBLE)
    assert "did not start" in bob.tab.text(BROKEN)
    page.unroute(pattern)
    bob.tab.click("[data-testid=broken-reload]")
    bob.tab.wait_gone(BROKEN)
    bob.tab.wait_for("[data-testid=name]")
    tab_of(bob).complaints.clear()  # They were asked for.


def test_without_any_script_the_page_says_so_by_itself_after_a_while(
    people: People, link: str
) -> None:
    bob = people.chromium("Bob", BLUE)
    page = tab_of(bob).page
    page.route("**/js/call/*.js", lambda route: route.abort())
    bob.tab.goto(link)
    assert not bob.tab.evaluate(VISIBLE), "a slow network is not accused at once"
    bob.tab.wait_until(VISIBLE)
    tab_of(bob).complaints.clear()  # They were asked for.


def test_a_browser_without_webrtc_is_told_so_and_asked_for_no_camera(
    people: People, link: str
) -> None:
    bob = people.chromium("Bob", BLUE)
    page = tab_of(bob).page
    page.add_init_script("delete globalThis.RTCPeerConnection")
    bob.tab.goto(link)
    bob.tab.wait_for(f"{BROKEN}[data-shown=unsupported]")
    assert "WebRTC is switched off" in bob.tab.text(BROKEN)
    assert bob.tab.evaluate("document.querySelector('[data-testid=preview]').srcObject === null")


def test_a_page_that_starts_keeps_nothing_of_it(people: People, link: str) -> None:
    bob = people.chromium("Bob", BLUE)
    bob.open(link)
    bob.tab.wait_gone(BROKEN)
    assert bob.tab.count(BROKEN) == 0
