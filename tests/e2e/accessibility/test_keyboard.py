"""A whole call without a mouse: signed in, created, joined, used and left by key presses."""

import pytest
from playwright.sync_api import Browser

from tests.e2e.accessibility.keyboard import LISTEN, Keyboard, in_order, wait_for_url
from tests.e2e.conftest import People
from tests.e2e.gallery.seed import PASSWORD
from tests.e2e.gallery.site import Sites
from tests.e2e.harness.browser import eventually
from tests.e2e.harness.chromium import ChromiumTab
from tests.e2e.harness.media import BLUE, RED
from tests.e2e.harness.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONTROLS = ("Copy link", "People", "Chat", "Mute", "Camera off", "Share screen", "Raise hand")
MANY = 25
"""More stops than any dialog has."""


def keyboard_of(person: Person) -> Keyboard:
    assert isinstance(person.tab, ChromiumTab)
    return Keyboard(person.tab.page)


def listening(people: People, name: str) -> Person:
    person = people.chromium(name, RED)
    assert isinstance(person.tab, ChromiumTab)
    person.tab.context.add_init_script(LISTEN)
    return person


def state_of(keys: Keyboard, button: str) -> str:
    return str(
        keys.page.evaluate(f"document.querySelector('[data-testid=toggle-{button}]').dataset.on")
    )


def test_a_whole_call_is_held_by_key_presses_alone(people: People) -> None:
    ada = listening(people, "Ada")
    keys = keyboard_of(ada)
    ada.tab.goto(f"{ada.base_url}/")
    _make_an_account(keys, ada.base_url, people.new_email())
    link = _create(keys, "Garden party")
    _join(keys)
    bob = people.chromium("Bob", BLUE)
    bob.enter(link, guest=True)
    keys.hears("Bob joined.")
    _use_the_controls(keys)
    _chat(keys, bob)
    _list_the_people(keys)
    bob.toggle("hand")
    keys.hears("Bob raised a hand.")
    ada.meets(bob)
    bob.hang_up()
    keys.hears("Bob left.")
    keys.go("Hang up")
    keys.page.wait_for_selector("[data-testid=ended]")
    eventually(lambda: keys.part() == "ended-focus", what="the focus is where the end is told")
    keys.go("Join again")
    keys.page.wait_for_selector("[data-testid=join]")
    assert keys.unseen == []


def _make_an_account(keys: Keyboard, origin: str, email: str) -> None:
    assert keys.tab() == "Skip to content", "the first stop of every page"
    keys.go("Sign up")
    wait_for_url(keys.page, "/signup/")
    for label, text in (("E-mail", email), ("", "Ada"), ("", PASSWORD)):
        if label:
            keys.tab_to(label)
        else:
            keys.tab()
        keys.write(text)
    keys.press("Enter")
    wait_for_url(keys.page, "/channels/")
    keys.go("Log out")
    keys.page.wait_for_url(f"{origin}/")
    keys.go("Log in")
    wait_for_url(keys.page, "/login/")
    keys.tab_to("E-mail")
    keys.write(email)
    keys.tab()
    keys.write(PASSWORD)
    keys.press("Enter")
    wait_for_url(keys.page, "/channels/")


def _create(keys: Keyboard, name: str) -> str:
    keys.tab_to("Channel name")
    keys.write(name)
    keys.go("Create channel")
    wait_for_url(keys.page, "/ready/")
    link = str(keys.page.evaluate("document.querySelector('.share input').value"))
    keys.go("Enter the channel")
    wait_for_url(keys.page, link)
    return link


def _join(keys: Keyboard) -> None:
    keys.page.wait_for_selector("[data-testid=preview]")
    keys.go("Mute")
    # The focus stays on a button that changes its name.
    keys.has("Unmute")
    keys.press("Enter")
    keys.go("Camera off", key="Space")
    keys.press("Space")
    keys.go("Join")
    keys.page.wait_for_selector("[data-testid=stage]")
    keys.hears("You are in")
    eventually(lambda: keys.part() == "stage-focus", what="the focus is in the call")


def _use_the_controls(keys: Keyboard) -> None:
    stops = keys.round_trip()
    assert in_order(CONTROLS, [*stops, *stops]), stops
    for button, name, then, said in (
        ("audio", "Mute", "Unmute", "Microphone muted."),
        ("video", "Camera off", "Camera on", "Camera off."),
        ("hand", "Raise hand", "Lower hand", "Your hand is raised."),
        ("screen", "Share screen", "Stop sharing", "You are sharing your screen."),
    ):
        before = state_of(keys, button)
        keys.go(name)
        eventually(
            lambda button=button, before=before: state_of(keys, button) != before,  # type: ignore[misc]
            what=f"{name} has an effect",
        )
        keys.hears(said)
        keys.has(then)
        keys.press("Space")
        eventually(
            lambda button=button, before=before: state_of(keys, button) == before,  # type: ignore[misc]
            what=f"{then} undoes it",
        )


def _chat(keys: Keyboard, bob: Person) -> None:
    bob.say("Good evening")
    keys.hears("Bob says: Good evening")
    keys.go("Chat")
    keys.has("Message to everyone")
    keys.write("Hello mad h c v")
    keys.press("Enter")
    eventually(lambda: "Hello mad h c v" in bob.messages(), what="the message arrives")
    assert state_of(keys, "audio") == "true", "no shortcut fires while somebody types"
    assert state_of(keys, "video") == "true"
    assert state_of(keys, "hand") == "false"
    keys.press("Escape")
    keys.page.wait_for_selector("#chat", state="hidden")
    keys.has("Chat")


def _list_the_people(keys: Keyboard) -> None:
    keys.go("People")
    keys.page.wait_for_selector("#people")
    eventually(lambda: keys.part() == "people-first", what="the focus is in the list of people")
    keys.go("Close people")
    keys.page.wait_for_selector("#people", state="hidden")
    keys.has("People")


def test_dialogs_take_the_focus_keep_it_and_give_it_back(people: People) -> None:
    ada = people.with_account("Ada", RED)
    ada.enter(ada.create_channel("Dialogs"))
    keys = keyboard_of(ada)
    openers = keys.page.locator("button[aria-haspopup=dialog]:visible")
    names = [keys.name_of(openers.nth(index)) for index in range(openers.count())]
    assert {"Settings", "Choose a microphone", "Choose a camera"} <= set(names)
    for name in names:
        keys.tab_to(name)
        keys.press("Enter")
        _stays_in_the_dialog(keys, name)
        keys.press("Escape")
        keys.page.locator("dialog[open]").wait_for(state="detached")
        keys.has(name)
    assert keys.unseen == []


def test_the_menu_and_what_it_opens_give_the_focus_back(people: People) -> None:
    ada = people.with_account("Ada", RED)
    ada.enter(ada.create_channel("Menu"))
    keys = keyboard_of(ada)
    keys.tab_to("More")
    _open_the_menu(keys)
    first = keys.focus()
    keys.press("ArrowDown")
    assert keys.focus() != first, "arrows walk through the menu"
    keys.press("Escape")
    keys.has("More")
    for item in ("Settings", "Keyboard shortcuts"):
        _open_the_menu(keys)
        keys.go(item)
        _stays_in_the_dialog(keys, item)
        keys.press("Escape")
        keys.page.locator("dialog[open]").wait_for(state="detached")
        keys.has("More")
    _open_the_menu(keys)
    keys.go("Statistics")
    eventually(lambda: keys.part() == "stats-first", what="the focus is in the panel")
    keys.press("Escape")
    keys.page.wait_for_selector("#stats", state="hidden")
    keys.has("More")
    assert keys.unseen == []


def _open_the_menu(keys: Keyboard) -> None:
    keys.press("Enter")
    eventually(
        lambda: keys.page.evaluate("Boolean(document.activeElement.closest('#menu'))"),
        what="the focus is in the menu",
    )


def _stays_in_the_dialog(keys: Keyboard, name: str) -> None:
    dialog = keys.page.locator("dialog[open]")
    dialog.wait_for()
    assert dialog.evaluate("(each) => each.contains(document.activeElement)"), name
    for _ in range(MANY):
        keys.tab()
        # Between the last and the first, the browser's own controls have a turn.
        assert keys.page.evaluate(
            "document.activeElement === document.body"
            " || Boolean(document.activeElement.closest('dialog[open]'))"
        ), f"{name}: the focus left for {keys.focus()}"


def test_an_error_is_said_at_once(sites: Sites, refused: Browser) -> None:
    """No camera and no microphone: told when the lobby opens, with what to do."""
    site = sites["open"]
    context = site.context("ada", refused)
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.goto(site.link("garden"))
    keys = Keyboard(page)
    keys.hears("blocks the camera and microphone", urgent=True)
    context.close()


def test_a_lost_network_is_said(people: People) -> None:
    ada = listening(people, "Ada")
    ada.sign_up(email=people.new_email())
    ada.enter(ada.create_channel("Offline"))
    keys = keyboard_of(ada)
    keys.page.context.set_offline(True)
    keys.hears("You are offline.")
    keys.page.context.set_offline(False)
    keys.hears("Connected again.")
    assert isinstance(ada.tab, ChromiumTab)
    ada.tab.complaints.clear()  # The browser itself complains of an address it cannot reach.
