"""What a browser and a device do around a call: they refuse sound, turn, change the speaker."""

from typing import Final

import pytest

from tests.e2e.conftest import People
from tests.e2e.harness.browser import eventually
from tests.e2e.harness.media import GREEN
from tests.e2e.harness.person import Person
from tests.e2e.test_stage import page_of, two_in_a_call

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE: Final = (390, 844)
SINKS: Final = (
    "[...document.querySelectorAll('[data-testid=voices] audio')].map((each) => each.sinkId)"
)
"""Where each voice is played."""


def test_sound_that_the_browser_refuses_is_turned_on_with_one_click(people: People) -> None:
    ada, bob = two_in_a_call(people, "Silence", script="autoplay.js")
    ada.tab.wait_for("[data-testid=sound]")
    assert ada.tab.text("[data-testid=sound]") == "Turn on sound"
    voice = (
        "document.querySelector('[data-testid=voices] audio[data-source=audio]"
        f'[data-peer-id="{ada.peer_id("Bob")}"]\')'
    )
    assert ada.tab.evaluate(f"{voice}.paused")
    ada.tab.click("[data-testid=sound]")
    ada.tab.wait_gone("[data-testid=sound]")
    ada.tab.wait_until(f"!{voice}.paused && {voice}.currentTime > 0.5")
    ada.hears(bob)
    assert not ada.tab.evaluate(f"{voice}.muted || {voice}.volume === 0")
    cyd = people.chromium("Cyd", GREEN)
    cyd.enter(ada.tab.url(), guest=True)
    ada.hears(cyd)
    assert ada.tab.evaluate(
        "[...document.querySelectorAll('[data-testid=voices] audio')].every((a) => !a.paused)"
    ), "one click is enough for whoever comes later"
    ada.tab.wait_gone("[data-testid=sound]")


def test_a_phone_that_is_turned_shows_everybody_and_loses_nothing(people: People) -> None:
    ada, bob = two_in_a_call(people, "Turn")
    cyd = people.chromium("Cyd", GREEN)
    cyd.enter(ada.tab.url(), guest=True)
    ada.wait_for_others("Bob", "Cyd")
    across, down = PHONE
    for width, height in ((across, down), (down, across), (across, down)):
        page_of(ada).set_viewport_size({"width": width, "height": height})
        ada.tab.wait_until(f"innerWidth === {width} && innerHeight === {height}")
        eventually(
            lambda: laid_out(ada, tiles=3) is None,
            what=f"three tiles apart and inside {width} x {height}: {laid_out(ada, tiles=3)}",
        )
        decoded = ada.video_frames().decoded
        ada.sees(bob)
        ada.sees(cyd)
        ada.hears(bob)
        assert ada.video_frames().decoded > decoded


def laid_out(person: Person, *, tiles: int) -> str | None:
    """What is wrong with where the tiles are; None: nothing."""
    wrong = person.tab.evaluate(
        "(() => { const tiles = [...document.querySelectorAll('[data-testid=tile]')]"
        ".map((each) => each.getBoundingClientRect());"
        f" if (tiles.length !== {tiles}) return `${{tiles.length}} tiles`;"
        " const out = tiles.find((t) => t.width < 40 || t.height < 40 || t.left < 0 || t.top < 0"
        " || t.right > innerWidth + 0.5 || t.bottom > innerHeight + 0.5);"
        " if (out) return `outside or too small: ${JSON.stringify(out)}`;"
        " if (document.documentElement.scrollWidth > innerWidth) return 'scrolls sideways';"
        " const bar = document.querySelector('[data-testid=hang-up]').getBoundingClientRect();"
        " if (bar.right > innerWidth || bar.bottom > innerHeight) return 'no way to hang up';"
        " const over = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5"
        " && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;"
        " if (tiles.some((a, i) => tiles.some((b, j) => i < j && over(a, b))))"
        " return 'one over another: ' + JSON.stringify(tiles);"
        " if (tiles.some((a) => over(a, bar))) return 'over the bar'; return null; })()"
    )
    return None if wrong is None else str(wrong)


def test_a_chosen_speaker_plays_every_voice_also_of_who_comes_later(people: People) -> None:
    ada, _bob = two_in_a_call(people, "Speakers", script="speakers.js")
    ada.tab.wait_until(f"{SINKS}.length > 0")
    assert set(ada.tab.evaluate(SINKS)) == {""}, "the system's, until one chooses"
    ada.tab.click("[data-testid=open-settings]")
    picker = page_of(ada).locator("[data-testid=settings] [data-testid=pick-speaker]")
    picker.select_option(label="Right speaker")
    eventually(
        lambda: set(ada.tab.evaluate(SINKS)) == {"right"}, what="Bob is heard from the right"
    )
    ada.tab.click("[data-testid=settings-close]")
    cyd = people.chromium("Cyd", GREEN)
    cyd.enter(ada.tab.url(), guest=True)
    ada.sees(cyd)
    ada.tab.wait_until(f"{SINKS}.length >= 2 && {SINKS}.every((sink) => sink === 'right')")
    ada.tab.click("[data-testid=open-settings]")
    picker.select_option(label="Left speaker")
    eventually(lambda: set(ada.tab.evaluate(SINKS)) == {"left"}, what="both are moved to the left")
