"""Devices that are changed, pulled out, held back and muted during a call."""

import time
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.conftest import People
from tests.e2e.harness.browser import eventually
from tests.e2e.harness.chromium import ChromiumTab
from tests.e2e.harness.media import BLUE, FIREFOX_TONE, GREEN, RED
from tests.e2e.harness.person import Person, meet
from tests.e2e.harness.recognise import shows

pytestmark = pytest.mark.browser

HARNESS: Final = Path(__file__).parent / "harness"
DEVICES: Final = (HARNESS / "devices.js").read_text(encoding="utf-8")
FRAMES: Final = (HARNESS / "frames.js").read_text(encoding="utf-8").strip().removesuffix(";")
GAP_MS: Final = 300
BUSY: Final = 1.5
"""How much longer a gap may be than without a change, where the machine itself stutters."""
SELF: Final = "[data-testid=tile][data-peer-id=self][data-source=camera]"


def with_devices(person: Person) -> Person:
    """A second camera, green, can be plugged in; every track of the page is counted."""
    assert isinstance(person.tab, ChromiumTab)
    person.tab.page.add_init_script(DEVICES)
    return person


def plug_green(person: Person) -> None:
    person.tab.evaluate("testDevices.plug('green', 'Green camera', 'rgb(40, 170, 60)')")


def pick_camera(person: Person, identifier: str) -> None:
    """In the call, from the button beside the camera's."""
    person.tab.click("[data-testid=menu-camera]")
    choose(person, "[data-testid=settings] [data-testid=pick-camera]", identifier)
    person.tab.click("[data-testid=settings-close]")


def choose(person: Person, select: str, identifier: str) -> None:
    person.tab.wait_for(select)
    person.tab.wait_until(
        f"[...document.querySelector('{select}').options]"
        f".some(({{ value }}) => value === '{identifier}')"
    )
    person.tab.evaluate(
        f"(() => {{ const select = document.querySelector('{select}');"
        f" select.value = '{identifier}';"
        " select.dispatchEvent(new Event('change', { bubbles: true })); })()"
    )


def gap_at(person: Person, name: str, *, seconds: float) -> int:
    """The longest time, in milliseconds, that somebody's picture stood still."""
    start_watch(person, name)
    time.sleep(seconds)
    return stop_watch(person)


def start_watch(person: Person, name: str) -> None:
    peer = person.peer_id(name)
    video = f"document.querySelector('[data-peer-id=\"{peer}\"][data-source=camera] video')"
    person.tab.evaluate(f"void (globalThis.testWatch = ({FRAMES})({video}))")


def stop_watch(person: Person) -> int:
    seen = person.tab.evaluate("testWatch()")
    assert seen["frames"] > 10, f"hardly a frame was seen: {seen}"
    return int(seen["milliseconds"])


@pytest.fixture
def call(people: People) -> tuple[Person, Person]:
    """Ada, who owns the channel, and Bob, whose devices can be changed."""
    ada = people.with_account("Ada", RED)
    bob = with_devices(people.chromium("Bob", BLUE))
    link = ada.create_channel("Devices")
    ada.enter(link)
    bob.enter(link, guest=True)
    meet(ada, bob)
    return ada, bob


def sees_green(person: Person, name: str) -> None:
    eventually(
        lambda: shows(person.picture_of(name), GREEN),
        what=f"{person.name} sees {name} in green",
    )


def test_another_camera_is_seen_at_the_other_end_without_a_gap(
    call: tuple[Person, Person],
) -> None:
    ada, bob = call
    plug_green(bob)
    usual = gap_at(ada, "Bob", seconds=3)
    start_watch(ada, "Bob")
    pick_camera(bob, "green")
    sees_green(ada, "Bob")
    time.sleep(1)
    gap = stop_watch(ada)
    assert gap <= max(GAP_MS, usual * BUSY), f"{gap} ms, and {usual} ms without a change"
    assert bob.tab.evaluate("testDevices.live()") == 3, "microphone, its copy, one camera"
    ada.hears(bob)


def test_a_camera_that_is_pulled_out_is_replaced_by_the_other(
    call: tuple[Person, Person],
) -> None:
    ada, bob = call
    plug_green(bob)
    bob.tab.evaluate("testDevices.pullOut()")
    sees_green(ada, "Bob")
    bob.tab.wait_for("[data-testid=notice][data-code=camera_changed]")
    assert "Green camera" in bob.tab.text("[data-testid=notice][data-code=camera_changed]")
    ada.hears(bob)


def test_the_last_camera_that_is_pulled_out_is_a_sentence_with_one_button(
    call: tuple[Person, Person],
) -> None:
    ada, bob = call
    bob.tab.evaluate("testDevices.pullOut()")
    notice = "[data-testid=notice][data-code=camera_lost]"
    bob.tab.wait_for(notice)
    ada.tab.wait_for("[data-testid=tile]:not([data-peer-id=self]) [data-testid=camera-off]")
    ada.hears(bob)
    plug_green(bob)
    pick_camera(bob, "green")
    sees_green(ada, "Bob")
    bob.tab.wait_gone(notice)


def test_a_picture_that_the_system_holds_back_is_told_and_comes_back(
    call: tuple[Person, Person],
) -> None:
    ada, bob = call
    bob.tab.evaluate("testDevices.hold(true)")
    notice = "[data-testid=notice][data-code=camera_paused]"
    bob.tab.wait_for(notice)
    assert "paused by the system" in bob.tab.text(notice)
    bob.tab.evaluate("testDevices.hold(false)")
    bob.tab.wait_gone(notice)
    meet(ada, bob)


def test_who_speaks_while_muted_is_told_and_heard_with_one_click(
    call: tuple[Person, Person],
) -> None:
    ada, bob = call
    bob.toggle("audio")
    bob.tab.wait_for("[data-testid=muted-hint]")
    ada.hears_nothing_of(bob)
    bob.tab.click("[data-testid=unmute]")
    bob.tab.wait_gone("[data-testid=muted-hint]")
    ada.hears(bob)


def test_the_camera_is_there_during_and_after_a_shared_screen(call: tuple[Person, Person]) -> None:
    ada, bob = call
    bob.toggle("screen")
    eventually(lambda: ada.picture_of("Bob", source="screen"), what="Ada sees Bob's screen")
    ada.sees(bob)
    # As the button of the browser's own bar does.
    bob.tab.evaluate(
        "(() => { const [track] = document.querySelector("
        "'[data-peer-id=self][data-source=screen] video').srcObject.getTracks();"
        " track.stop(); track.dispatchEvent(new Event('ended')); })()"
    )
    ada.tab.wait_gone("[data-testid=tile][data-source=screen]")
    meet(ada, bob)


def test_other_settings_of_the_sound_keep_the_voice(call: tuple[Person, Person]) -> None:
    ada, bob = call
    opened = bob.tab.evaluate("testDevices.opened()")
    bob.tab.click("[data-testid=open-settings]")
    bob.tab.click("[data-testid=settings] [data-setting=noiseSuppression]")
    eventually(
        lambda: bob.tab.evaluate("testDevices.opened()") > opened,
        what="the microphone is opened anew",
    )
    bob.tab.click("[data-testid=settings-close]")
    ada.hears(bob)
    eventually(
        lambda: bob.tab.evaluate("testDevices.live()") == 3,
        what="the old microphone is let go",
    )


def test_hanging_up_lets_go_of_everything(call: tuple[Person, Person]) -> None:
    _ada, bob = call
    bob.toggle("audio")
    bob.toggle("video")
    bob.toggle("video")
    bob.hang_up()
    eventually(lambda: bob.tab.evaluate("testDevices.live()") == 0, what="no track is open")


def test_firefox_changes_its_camera_and_mutes(people: People) -> None:
    ada = people.with_account("Ada", RED)
    link = ada.create_channel("Fox")
    fox = people.firefox("Fox", first_script=DEVICES)
    ada.enter(link)
    fox.enter(link, guest=True)
    ada.sees(fox)
    plug_green(fox)
    pick_camera(fox, "green")
    sees_green(ada, "Fox")
    fox.toggle("audio")
    ada.hears_nothing_of(fox)
    fox.toggle("audio")
    ada.hears(fox, tone=FIREFOX_TONE)
