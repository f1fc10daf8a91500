"""Every state of the call page that people meet, reached by real browsers in a real call.

`moments` yields a name and the tab to look at while everybody stays as they are; it is
the one list behind the pictures and the accessibility checks.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.gallery.site import Site
from tests.e2e.harness.browser import eventually
from tests.e2e.harness.chromium import ChromiumTab
from tests.e2e.harness.person import Person

NAMES: Final = (
    "Ada Lindqvist",
    "Bob",
    "Chiara Fontana",
    "Desta",
    "Emeka Nwosu",
    "Farah",
    "Grete Johannesdottir-Wennerström",
    "Hiro",
)
Moment = tuple[str, Page]


@dataclass
class Cast:
    """Who takes part: the first signs in and owns the channels, the others are guests."""

    site: Site
    browser_of: Callable[[int], Browser]
    refused: Browser
    """A browser that gives pages no camera and no microphone."""
    _contexts: list[BrowserContext] = field(init=False, default_factory=list)

    def person(self, index: int, *, who: str = "visitor", browser: Browser | None = None) -> Person:
        context = self.site.context(who, browser or self.browser_of(index))
        context.set_default_timeout(20_000)
        self._contexts.append(context)
        tab = ChromiumTab(context)
        tab.page.set_viewport_size({"width": 1280, "height": 800})
        return Person(name=NAMES[index], tab=tab, base_url=self.site.origin)

    def close(self) -> None:
        while self._contexts:
            self._contexts.pop().close()


def page_of(person: Person) -> Page:
    assert isinstance(person.tab, ChromiumTab)
    return person.tab.page


def moments(cast: Cast, *, crowds: Sequence[int]) -> Iterator[Moment]:
    try:
        for scenes in (_lobbies(cast), _crowd(cast, crowds), _door(cast), _ends(cast)):
            yield from scenes
            cast.close()
    finally:
        cast.close()


# --- Before --------------------------------------------------------------------------
def _lobbies(cast: Cast) -> Iterator[Moment]:
    garden, locked = cast.site.link("garden"), cast.site.link("locked")
    owner = cast.person(0, who="ada")
    _open(owner, garden)
    eventually(lambda: owner.tab.text("[data-testid=who]"), what="the lobby knows who is there")
    yield "lobby-owner", page_of(owner)
    owner.tab.click("[data-testid=lobby-audio]")
    owner.tab.click("[data-testid=lobby-video]")
    yield "lobby-devices-off", page_of(owner)
    guest = cast.person(1)
    _open(guest, garden)
    yield "lobby-guest", page_of(guest)
    guest.tab.click("[data-testid=join]")
    guest.tab.wait_for("[data-testid=name-error]")
    yield "lobby-guest-without-a-name", page_of(guest)
    _open(guest, locked)
    guest.tab.fill("[data-testid=name]", guest.name)
    guest.tab.click("[data-testid=join]")
    guest.tab.wait_for("[data-testid=notice]")
    yield "lobby-locked", page_of(guest)
    barred = cast.person(2, browser=cast.refused)
    barred.open(garden)
    barred.tab.wait_for("[data-testid=advice]")
    yield "lobby-devices-denied", page_of(barred)
    owner.tab.click("[data-testid=open-settings]")
    owner.tab.wait_for("[data-testid=settings]")
    yield "lobby-settings", page_of(owner)


def _open(person: Person, link: str) -> None:
    """Until the camera shows. A guest without a name is not told who is there."""
    person.open(link)
    person.tab.wait_for("[data-testid=preview]")


# --- During --------------------------------------------------------------------------
def _crowd(cast: Cast, crowds: Sequence[int]) -> Iterator[Moment]:
    """The same call, from one person to the largest crowd."""
    link = cast.site.link("garden")
    everybody: list[Person] = []
    for size in range(1, max(crowds) + 1):
        newcomer = cast.person(size - 1, who="ada" if size == 1 else "visitor")
        newcomer.enter(link, guest=size > 1)
        everybody.append(newcomer)
        if size in crowds:
            _everybody_shows(everybody[0], everybody[1:])
            yield f"call-{size}", page_of(everybody[0])
        if size == 2:
            yield from _pair(everybody)
        if size == 3:
            yield from _three(everybody)
        if size == max(crowds):
            everybody[0].open_panel("people")
            yield f"call-{size}-people", page_of(everybody[0])


def _everybody_shows(person: Person, others: Sequence[Person]) -> None:
    person.wait_for_others(*(other.name for other in others))
    for other in others:
        eventually(
            lambda other=other: person.picture_of(other.name),  # type: ignore[misc]
            what=f"{person.name} sees {other.name}",
            timeout=40,
        )
        eventually(
            lambda other=other: person.path_to(other.name),  # type: ignore[misc]
            what=f"{person.name} knows the path to {other.name}",
            timeout=40,
        )


def _pair(everybody: list[Person]) -> Iterator[Moment]:
    ada, bob = everybody
    ada.open_panel("chat")
    yield "chat-empty", page_of(ada)
    bob.say("Hello! I can hear you well.")
    bob.say("Here is the seed catalogue: https://example.com/seeds/2026/spring?sort=by-month")
    ada.say("Thank you.")
    eventually(lambda: len(ada.messages()) == 3, what="three messages")
    yield "chat", page_of(ada)
    ada.tab.click("[data-testid=toggle-chat]")
    yield from _dialogs(ada)


def _dialogs(person: Person) -> Iterator[Moment]:
    page = page_of(person)
    page.click("[data-testid=more]")
    page.wait_for_selector("[data-testid=menu]")
    yield "menu", page
    page.click("[data-testid=menu-help]")
    yield "help", page
    page.keyboard.press("Escape")
    for name in ("stats", "settings"):
        page.click("[data-testid=more]")
        page.click(f"[data-testid=menu-{name}]")
        page.wait_for_selector(f"[data-testid={name}]")
        yield name, page
        page.keyboard.press("Escape")
    if page.locator("#stats").is_visible():
        page.click("[data-part=stats-close]")


def _three(everybody: list[Person]) -> Iterator[Moment]:
    ada, bob, chiara = everybody
    bob.toggle("audio")
    chiara.toggle("video")
    chiara.toggle("hand")
    ada.tab.wait_for("[data-testid=tile]:not([data-peer-id=self]) [data-testid=hand]:not([hidden])")
    ada.tab.wait_for(
        "[data-testid=tile]:not([data-peer-id=self]) [data-testid=muted]:not([hidden])"
    )
    ada.open_panel("people")
    yield "people", page_of(ada)
    ada.tab.click("[data-testid=toggle-people]")
    yield "marks", page_of(ada)
    bob.toggle("screen")
    ada.tab.wait_for("[data-testid=tile][data-source=screen]")
    eventually(lambda: ada.picture_of("Bob", source="screen"), what="the screen shows")
    yield "screen-of-another", page_of(ada)
    yield "screen-own", page_of(bob)
    bob.toggle("screen")
    ada.press_for("Chiara Fontana", "ask-mute")
    chiara.tab.wait_for("[data-testid=notice]")
    yield "asked-to-mute", page_of(chiara)
    ada.tab.click("[data-testid=toggle-people]")
    yield from _offline(chiara)
    bob.toggle("audio")
    chiara.toggle("video")
    chiara.toggle("hand")


def _offline(person: Person) -> Iterator[Moment]:
    context = page_of(person).context
    context.set_offline(True)
    person.tab.wait_for("[data-part=connection][data-state=offline]")
    yield "offline", page_of(person)
    context.set_offline(False)
    person.tab.wait_for("[data-part=connection][data-state=online]")


def _door(cast: Cast) -> Iterator[Moment]:
    link = cast.site.link("ask")
    owner, guest = cast.person(0, who="ada"), cast.person(1)
    owner.enter(link)
    guest.ask(link)
    yield "waiting", page_of(guest)
    owner.tab.wait_for("[data-testid=knock]")
    yield "knock", page_of(owner)
    owner.answer_knock("deny")
    guest.tab.wait_for("[data-testid=ended]")
    yield "ended-denied", page_of(guest)


# --- After ---------------------------------------------------------------------------
def _ends(cast: Cast) -> Iterator[Moment]:
    link = cast.site.link("garden")
    owner, guest = cast.person(0, who="ada"), cast.person(1)
    owner.enter(link)
    guest.enter(link, guest=True)
    owner.wait_for_others(guest.name)
    owner.open_panel("people")
    peer = owner.peer_id(guest.name)
    owner.tab.click(f'#people [data-peer-id="{peer}"] [data-part=remove]')
    owner.tab.wait_for("[data-testid=confirm]")
    yield "confirm-remove", page_of(owner)
    owner.tab.click("[data-testid=confirm-yes]")
    guest.tab.wait_for("[data-testid=ended]")
    yield "ended-removed", page_of(guest)
    owner.hang_up()
    yield "ended-left", page_of(owner)
