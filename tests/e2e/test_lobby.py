"""Before the call: seeing and hearing oneself, choosing devices, and every way to lack them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from tests.e2e.conftest import People
from tests.e2e.harness.browser import eventually
from tests.e2e.harness.chromium import ChromiumTab, launch_chromium
from tests.e2e.harness.media import BLUE, GREEN, RED
from tests.e2e.harness.person import Person
from tests.e2e.harness.recognise import shows
from tests.e2e.test_devices import choose, plug_green, with_devices

pytestmark = pytest.mark.browser

LOBBY = "[data-testid=lobby]"
ADVICE = "[data-testid=advice]"
PREVIEW = "document.querySelector('[data-testid=preview]')"
STORED = "JSON.parse(localStorage.getItem('traverse:preferences') ?? '{}')"


def context_of(person: Person) -> ChromiumTab:
    assert isinstance(person.tab, ChromiumTab)
    return person.tab


@pytest.fixture
def link(people: People) -> str:
    return people.with_account("Ada", RED).create_channel("Lobby")


@pytest.fixture(scope="module")
def bare_chromium(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A machine without a camera; its microphone is a fake one."""
    browser = launch_chromium(
        playwright,
        signature=BLUE,
        directory=tmp_path_factory.mktemp("bare"),
        flags=("--use-fake-device-for-media-stream=device-count=0",),
        camera=False,
    )
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def asking_chromium(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    browser = launch_chromium(
        playwright, signature=BLUE, directory=tmp_path_factory.mktemp("asking"), answer=False
    )
    yield browser
    browser.close()


def test_one_sees_oneself_and_the_level_of_the_microphone(people: People, link: str) -> None:
    bob = people.chromium("Bob", BLUE)
    bob.open(link)
    eventually(lambda: shows(bob.tab.picture(PREVIEW), BLUE), what="Bob sees himself")
    bob.tab.wait_until(
        f"Number(document.querySelector('{LOBBY} [data-testid=meter]').ariaValueNow) > 30"
    )
    assert bob.tab.text(f"{LOBBY} [data-testid=meter-words]") == "Your microphone works."
    bob.tab.click("[data-testid=lobby-audio]")
    bob.tab.wait_until(
        f"document.querySelector('{LOBBY} [data-testid=meter]').ariaValueText === 'No sound'"
    )
    assert bob.tab.text(f"{LOBBY} [data-testid=meter-words]") == "Your microphone is off."


def test_devices_and_what_is_on_are_remembered(people: People, link: str) -> None:
    bob = with_devices(people.chromium("Bob", BLUE))
    context_of(bob).page.add_init_script(
        "globalThis.testDevices?.plug('green', 'Green camera', 'rgb(40, 170, 60)')"
    )
    bob.open(link)
    eventually(lambda: shows(bob.tab.picture(PREVIEW), BLUE), what="Bob sees himself in blue")
    choose(bob, f"{LOBBY} [data-testid=pick-camera]", "green")
    eventually(lambda: shows(bob.tab.picture(PREVIEW), GREEN), what="Bob sees himself in green")
    bob.tab.click("[data-testid=lobby-audio]")
    bob.tab.reload()
    eventually(lambda: shows(bob.tab.picture(PREVIEW), GREEN), what="Bob is green again")
    assert bob.tab.text("[data-testid=lobby-audio]") == "Unmute"
    assert bob.tab.evaluate(f"{STORED}.camera.label") == "Green camera"
    assert bob.tab.evaluate("testDevices.opened()") == 1, "the microphone stays closed"


def test_a_camera_with_another_id_is_found_by_its_name(people: People, link: str) -> None:
    bob = with_devices(people.chromium("Bob", BLUE))
    bob.open(link)
    bob.tab.evaluate(
        "localStorage.setItem('traverse:preferences', JSON.stringify("
        "{ version: 1, camera: { id: 'of-last-year', label: 'Green camera' } }))"
    )
    bob.tab.reload()
    plug_green(bob)
    eventually(lambda: shows(bob.tab.picture(PREVIEW), GREEN), what="Bob sees himself in green")


def test_one_joins_with_both_devices_off(people: People, link: str) -> None:
    bob = people.chromium("Bob", BLUE)
    bob.open(link)
    bob.tab.click("[data-testid=lobby-audio]")
    bob.tab.click("[data-testid=lobby-video]")
    bob.tab.fill(f"{LOBBY} [data-testid=name]", "Bob")
    bob.tab.click("[data-testid=join]")
    bob.is_in()
    own = "[data-testid=tile][data-peer-id=self]"
    bob.tab.wait_for(f"{own} [data-testid=muted]")
    bob.tab.wait_for(f"{own} [data-testid=camera-off]")


@pytest.fixture
def refused(people: People, asking_chromium: Browser) -> Iterator[Person]:
    """Bob at a browser that nobody answers: it refuses, as it does when its user does."""
    context = asking_chromium.new_context()
    yield Person(name="Bob", tab=ChromiumTab(context), base_url=people.stack.origin)
    context.close()


def test_a_refusal_is_explained_where_it_is_mended_and_one_button_tries_again(
    refused: Person, link: str
) -> None:
    refused.open(link)
    refused.tab.wait_for(f"{ADVICE}[data-code=devices_denied]")
    advice = refused.tab.text(ADVICE)
    assert "Your browser blocks the camera and microphone." in advice
    assert "Click the symbol left of the address" in advice
    assert refused.tab.count("[data-testid=notice]") == 0, "it is said once"
    context_of(refused).context.grant_permissions(["camera", "microphone"])
    refused.tab.click("[data-testid=try-again]")
    refused.tab.wait_gone(ADVICE)
    eventually(lambda: shows(refused.tab.picture(PREVIEW), BLUE), what="Bob sees himself")
    assert refused.tab.evaluate("document.activeElement.dataset.testid") == "join"


def test_one_joins_although_everything_is_refused(refused: Person, link: str) -> None:
    refused.enter(link, guest=True)
    refused.tab.wait_for("[data-testid=notice][data-code=devices_denied]")


def test_without_a_camera_there_is_a_voice_and_a_sentence(
    people: People, link: str, bare_chromium: Browser
) -> None:
    context = bare_chromium.new_context()
    bob = Person(name="Bob", tab=ChromiumTab(context), base_url=people.stack.origin)
    try:
        bob.open(link)
        bob.tab.wait_for(f"{ADVICE}[data-code=camera_missing]")
        assert "No camera was found." in bob.tab.text(ADVICE)
        assert bob.tab.evaluate(
            f"document.querySelector('{LOBBY} [data-testid=pick-camera]').disabled"
        )
        bob.tab.wait_until(
            f"document.querySelector('{LOBBY} [data-testid=meter-words]').textContent"
            " === 'Your microphone works.'"
        )
        bob.tab.fill(f"{LOBBY} [data-testid=name]", "Bob")
        bob.tab.click("[data-testid=join]")
        bob.is_in()
        assert list(bob.tab.complaints) == []
    finally:
        context.close()


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        ("NotReadableError", "busy", "cannot be opened"),
        ("OverconstrainedError", "unfit", "cannot do what a call needs"),
        ("AbortError", "busy", "cannot be opened"),
        ("TypeError", "failed", "could not be started"),
    ],
)
def test_each_failure_has_its_own_advice(
    people: People, link: str, error: str, code: str, words: str
) -> None:
    bob = people.chromium("Bob", BLUE)
    context_of(bob).page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => {"
        f" throw new DOMException('no', '{error}'); }}"
    )
    bob.open(link)
    bob.tab.wait_for(f"{ADVICE}[data-code=devices_{code}]")
    assert words in bob.tab.text(ADVICE)


def test_a_browser_without_devices_can_join_all_the_same(people: People, link: str) -> None:
    bob = people.chromium("Bob", BLUE)
    context_of(bob).page.add_init_script(
        "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })"
    )
    bob.enter(link, guest=True)
    bob.tab.wait_for("[data-testid=notice][data-code=devices_unsupported]")


def test_the_settings_keep_the_focus_and_give_it_back(people: People, link: str) -> None:
    bob = people.chromium("Bob", BLUE)
    bob.open(link)
    page = context_of(bob).page
    page.focus("[data-testid=open-settings]")
    page.keyboard.press("Enter")
    bob.tab.wait_for("[data-testid=settings]")
    for _ in range(20):
        page.keyboard.press("Tab")
        assert bob.tab.evaluate(
            "document.activeElement === document.body"
            " || document.querySelector('[data-testid=settings]').contains(document.activeElement)"
        )
    page.keyboard.press("Escape")
    bob.tab.wait_gone("[data-testid=settings]")
    assert bob.tab.evaluate("document.activeElement.dataset.testid") == "open-settings"


def test_the_test_sound_is_played_and_closed(people: People, link: str) -> None:
    bob = people.chromium("Bob", BLUE)
    context_of(bob).page.add_init_script(
        """(() => {
          const Native = globalThis.AudioContext;
          globalThis.testContexts = [];
          globalThis.AudioContext = class extends Native {
            constructor(...parameters) {
              super(...parameters);
              globalThis.testContexts.push(this);
            }
          };
        })()"""
    )
    bob.open(link)
    bob.tab.click(f"{LOBBY} [data-testid=test-sound]")
    bob.tab.wait_until("testContexts.length === 1 && testContexts[0].state === 'running'")
    bob.tab.wait_until("testContexts[0].state === 'closed'")


def test_always_relay_is_remembered_and_hides_the_address(people: People) -> None:
    ada = people.with_account("Ada", RED)
    link = ada.create_channel("Hidden")
    bob = people.chromium("Bob", BLUE)
    ada.enter(link)
    bob.open(link)
    bob.tab.click("[data-testid=relay]")
    bob.tab.reload()
    bob.tab.wait_for("[data-testid=relay]")
    assert bob.tab.evaluate("document.querySelector('[data-testid=relay]').checked") is True
    bob.tab.fill(f"{LOBBY} [data-testid=name]", "Bob")
    bob.tab.click("[data-testid=join]")
    bob.is_in()
    ada.sees(bob)
    bob.sees(ada)
    sent_through = eventually(bob.pairs, what="Bob's way is known")
    assert {pair.local for pair in sent_through} == {"relay"}


def test_always_relay_chosen_in_the_lobby_holds_for_the_join_that_follows(people: People) -> None:
    ada = people.with_account("Ada", RED)
    link = ada.create_channel("Hidden at once")
    bob = people.chromium("Bob", BLUE)
    ada.enter(link)
    bob.open(link)
    bob.tab.fill(f"{LOBBY} [data-testid=name]", "Bob")
    bob.tab.wait_until("document.querySelector('[data-testid=who]').textContent !== ''")
    bob.tab.click("[data-testid=relay]")
    bob.tab.click("[data-testid=join]")
    bob.is_in()
    ada.sees(bob)
    sent_through = eventually(bob.pairs, what="Bob's way is known")
    assert {pair.local for pair in sent_through} == {"relay"}


def test_firefox_shows_the_picture_and_the_devices(people: People, link: str) -> None:
    fox = people.firefox("Fox")
    fox.open(link)
    eventually(lambda: fox.tab.picture(PREVIEW), what="Fox sees itself")
    fox.tab.wait_until(f"!document.querySelector('{LOBBY} [data-testid=pick-microphone]').disabled")
    fox.tab.click("[data-testid=lobby-video]")
    fox.tab.fill(f"{LOBBY} [data-testid=name]", "Fox")
    fox.tab.click("[data-testid=join]")
    fox.is_in()
    fox.tab.wait_for("[data-testid=tile][data-peer-id=self] [data-testid=camera-off]")
