"""The stage of a call: what one pins, follows, reads and presses, with its effect seen."""

import json
import time
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import People
from tests.e2e.harness.browser import eventually
from tests.e2e.harness.chromium import ChromiumTab
from tests.e2e.harness.media import BLUE, GREEN, RED
from tests.e2e.harness.person import Person

pytestmark = pytest.mark.browser

HARNESS: Final = Path(__file__).parent / "harness"
GONE_S: Final = 15.0
"""A closed tab must not be looked at for longer."""


def page_of(person: Person) -> Page:
    assert isinstance(person.tab, ChromiumTab)
    return person.tab.page


def two_in_a_call(
    people: People, channel: str, *, script: str | None = None
) -> tuple[Person, Person]:
    """`script` of the harness runs in Ada's pages before their own."""
    ada, bob = people.with_account("Ada", RED), people.chromium("Bob", BLUE)
    if script is not None:
        page_of(ada).add_init_script(path=HARNESS / script)
    link = ada.create_channel(channel)
    ada.enter(link)
    bob.enter(link, guest=True)
    ada.wait_for_others("Bob")
    bob.wait_for_others("Ada")
    ada.sees(bob)
    return ada, bob


def tile(person: Person, name: str) -> str:
    return f'[data-testid=tile][data-peer-id="{person.peer_id(name)}"][data-source=camera]'


def width_of(person: Person, selector: str) -> float:
    return float(
        person.tab.evaluate(
            f"document.querySelector({json.dumps(selector)}).getBoundingClientRect().width"
        )
    )


def said(person: Person) -> str:
    return str(
        person.tab.evaluate("document.querySelector('[data-testid=announcements]').textContent")
    )


def hears_announced(person: Person, words: str) -> None:
    eventually(lambda: words in said(person), what=f"{person.name} is told: {words}")


def test_a_pinned_tile_is_large_until_it_is_unpinned(people: People) -> None:
    ada, _bob = two_in_a_call(people, "Pins")
    bobs = tile(ada, "Bob")
    before = width_of(ada, bobs)
    page = page_of(ada)
    page.locator(bobs).hover()
    page.locator(f"{bobs} [data-testid=pin]").click()
    eventually(lambda: width_of(ada, bobs) > before * 1.2, what="the pinned tile is larger")
    assert width_of(ada, bobs) > 2 * width_of(ada, "[data-testid=tile][data-peer-id=self]")
    hears_announced(ada, "Pinned: Bob.")
    page.locator(bobs).dblclick(position={"x": 60, "y": 60})
    eventually(lambda: width_of(ada, bobs) <= before, what="a double click unpins it")


def test_a_tile_and_the_page_fill_the_screen(people: People) -> None:
    ada, _bob = two_in_a_call(people, "Cinema")
    bobs, page = tile(ada, "Bob"), page_of(ada)
    page.locator(bobs).hover()
    page.locator(f"{bobs} [data-testid=fill]").click()
    ada.tab.wait_until("document.fullscreenElement?.dataset.source === 'camera'")
    ada.tab.evaluate("document.exitFullscreen()")
    ada.tab.wait_until("document.fullscreenElement === null")
    page.keyboard.press("f")
    ada.tab.wait_until("document.fullscreenElement === document.documentElement")


def test_the_mark_of_the_speaker_follows_the_sound(people: People) -> None:
    ada, bob = two_in_a_call(people, "Voices")
    bobs = f"{tile(ada, 'Bob')}[data-speaking]"
    ada.tab.wait_for(bobs)
    bob.toggle("audio")
    ada.tab.wait_gone(bobs)
    ada.open_panel("people")
    ada.tab.wait_until("!document.querySelector('.person[data-speaking]')")
    bob.toggle("audio")
    ada.tab.wait_for(bobs)


def test_chat_counts_the_unread_and_opens_only_web_addresses(people: People) -> None:
    ada, bob = two_in_a_call(people, "Letters")
    bob.say("See https://example.com/a_(b). And javascript:alert(1), and ftp://example.com")
    bob.say("a second one")
    ada.tab.wait_until("document.querySelector('[data-testid=unread]').textContent === '2'")
    hears_announced(ada, "Bob says: ")
    ada.messages()
    ada.tab.wait_gone("[data-testid=unread]")
    links = ada.tab.evaluate(
        "[...document.querySelectorAll('[data-testid=message] a')]"
        ".map((a) => [a.href, a.target, a.relList.contains('noopener')])"
    )
    assert links == [["https://example.com/a_(b)", "_blank", True]]
    assert ada.tab.count("[data-testid=message][data-continues]") == 1
    long = "w" * 900
    bob.say(long)
    eventually(lambda: ada.messages()[-1] == long, what="the long word is there")
    assert ada.tab.evaluate(
        "(() => { const log = document.querySelector('[data-part=chat-log]');"
        " return log.scrollWidth <= log.clientWidth; })()"
    )


def test_raised_hands_stand_first_in_their_order(people: People) -> None:
    ada, bob = two_in_a_call(people, "Hands")
    bob.toggle("hand")
    ada.tab.wait_for(f"{tile(ada, 'Bob')} [data-testid=hand]")
    hears_announced(ada, "Bob raised a hand.")
    ada.toggle("hand")
    ada.open_panel("people")
    eventually(
        lambda: (
            ada.tab.evaluate(
                "[...document.querySelectorAll('[data-testid=person]')].map((each) =>"
                " each.querySelector('[data-part=hand-place]').textContent"
                " + each.querySelector('[data-part=name]').textContent)"
            )
            == ["1Bob", "2Ada"]
        ),
        what="Bob stands before Ada",
    )
    bob.toggle("hand")
    ada.tab.wait_gone(f"{tile(ada, 'Bob')} [data-testid=hand]")


def test_whoever_closes_the_tab_leaves_the_stage_and_comes_back_to_it(people: People) -> None:
    ada, bob = two_in_a_call(people, "Tunnel")
    link = bob.tab.url()
    bob.tab.close()
    started = time.monotonic()
    ada.wait_for_others(timeout=GONE_S)
    assert time.monotonic() - started > 1, "a moment without network is not a departure"
    hears_announced(ada, "Bob lost the connection.")
    ada.open_panel("people")
    assert "Away" in ada.tab.text(".person[data-state=away] [data-testid=way]")
    again = people.second_tab(bob)
    again.enter(link, guest=True)
    ada.wait_for_others("Bob")


def test_the_owner_asks_removes_after_a_question_and_locks(people: People) -> None:
    ada, bob = two_in_a_call(people, "Order")
    ada.press_for("Bob", "ask-mute")
    bob.tab.wait_for("[data-testid=notice][data-code=asked_to_mute]")
    bob.tab.click("[data-testid=notice-action]")
    ada.tab.wait_for(f"{tile(ada, 'Bob')} [data-testid=muted]")
    ada.tab.click("[data-testid=lock]")
    bob.tab.wait_for("[data-testid=locked]")
    assert ada.tab.count("[data-testid=channel-settings]") == 1
    assert bob.tab.count("[data-testid=channel-settings]") == 0
    page = page_of(ada)
    page.locator("[data-testid=remove]:visible").click()
    page.locator("[data-testid=confirm-no]").click()
    assert ada.others() == ["Bob"]
    ada.press_for("Bob", "remove")
    bob.tab.wait_for("[data-testid=ended][data-code=removed]")
    ada.wait_for_others()


def test_the_statistics_show_numbers_and_copy_without_names(people: People) -> None:
    ada, _bob = two_in_a_call(people, "Numbers")
    page = page_of(ada)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[data-testid=more]").click()
    page.locator("[data-testid=menu-stats]").click()
    ada.tab.wait_until("/Round trip\\s*\\d+ ms/.test(document.querySelector('#stats').innerText)")
    page.locator("[data-testid=stats-copy]").click()
    copied = eventually(
        lambda: ada.tab.evaluate("navigator.clipboard.readText()"), what="the numbers are copied"
    )
    assert "Round trip" in copied
    assert "Bob" not in copied
    assert "." not in copied.replace(" %", "").split("Way")[0]


def test_single_keys_act_unless_one_types_or_switched_them_off(people: People) -> None:
    ada, bob = two_in_a_call(people, "Keys")
    page = page_of(ada)
    muted = f"{tile(bob, 'Ada')} [data-testid=muted]"
    page.keyboard.press("m")
    bob.tab.wait_for(muted)
    page.keyboard.down(" ")
    bob.tab.wait_gone(muted)
    page.keyboard.up(" ")
    bob.tab.wait_for(muted)
    page.keyboard.press("c")
    ada.tab.wait_until("document.activeElement?.dataset.testid === 'chat-input'")
    page.keyboard.type("mmm? no")
    assert ada.tab.evaluate("document.activeElement.value") == "mmm? no"
    bob.tab.wait_for(muted)
    page.keyboard.press("Escape")
    ada.tab.wait_gone("#chat")
    assert ada.tab.evaluate("document.activeElement?.dataset.testid") == "toggle-chat"
    page.keyboard.press("?")
    ada.tab.wait_for("[data-testid=help]")
    page.keyboard.press("m")
    page.locator("[data-testid=shortcuts]").uncheck()
    page.keyboard.press("Escape")
    ada.tab.wait_gone("[data-testid=help]")
    page.keyboard.press("m")
    page.keyboard.press("h")
    bob.tab.wait_for(muted)
    assert bob.tab.count(f"{tile(bob, 'Ada')} [data-testid=hand]:not([hidden])") == 0


def test_ones_own_picture_can_be_hidden_from_oneself(people: People) -> None:
    ada, bob = two_in_a_call(people, "Mirror")
    page = page_of(ada)
    page.locator("[data-testid=more]").click()
    page.locator("[data-testid=menu-self]").click()
    ada.tab.wait_gone("[data-testid=tile][data-peer-id=self]")
    assert bob.others() == ["Ada"]


@pytest.mark.timeout(240)
@pytest.mark.slow
def test_eight_people_share_one_stage(people: People) -> None:
    """Cameras are off: what eight pictures cost this machine is for bench/ to say."""
    ada = people.with_account("Ada", RED)
    link = ada.create_channel("Choir")
    ada.enter(link)
    ada.toggle("video")
    names = ["Bea", "Cyd", "Dan", "Eve", "Fay", "Gus", "Hal"]
    for index, name in enumerate(names):
        singer = people.chromium(name, (BLUE, GREEN, RED)[index % 3])
        singer.open(link)
        singer.tab.fill("[data-testid=lobby] [data-testid=name]", name)
        singer.tab.click("[data-testid=lobby-video]")
        singer.tab.click("[data-testid=join]")
        singer.is_in()
    ada.wait_for_others(*names, timeout=60)
    eventually(
        lambda: ada.tab.count("[data-testid=tile][data-state=connected]") == len(names),
        what="all links are up",
        timeout=60,
    )
    rects = ada.tab.evaluate(
        "[...document.querySelectorAll('[data-testid=tile]')].map((each) => {"
        " const { x, y, width, height } = each.getBoundingClientRect();"
        " return [Math.round(x), Math.round(y), Math.round(width), Math.round(height)]; })"
    )
    assert len({(x, y) for x, y, _, _ in rects}) == 8
    assert len({(width, height) for _, _, width, height in rects}) == 1


def test_a_fast_burst_of_chat_arrives_whole_and_in_order(people: People) -> None:
    ada = people.with_account("Ada", RED)
    link = ada.create_channel("Burst")
    bob = people.chromium("Bob", BLUE)
    ada.enter(link)
    bob.enter(link, guest=True)
    ada.sees(bob)
    ada.open_panel("chat")
    lines = [f"line {index}" for index in range(50)]
    ada.tab.evaluate(
        "(() => { const box = document.querySelector('[data-testid=chat-input]');"
        f" for (let i = 0; i < {len(lines)}; i += 1)"
        " { box.value = `line ${i}`; box.form.requestSubmit(); } })()"
    )
    sending = "document.querySelectorAll('[data-testid=sending]:not([hidden])').length"
    ada.tab.wait_until(f"{sending} > 0")
    eventually(lambda: bob.messages() == lines, what="Bob has all of it", timeout=40)
    ada.tab.wait_until(f"{sending} === 0")
