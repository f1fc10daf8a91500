"""What a click on the toolbar does at the other end."""

import json
import time
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.conftest import People
from tests.e2e.harness.browser import eventually
from tests.e2e.harness.chromium import ChromiumTab
from tests.e2e.harness.media import BLUE, GREEN, RED, Signature
from tests.e2e.harness.person import Person, meet

pytestmark = pytest.mark.browser

SCREEN_SCRIPT: Final = (
    (Path(__file__).parent / "harness" / "screen.js")
    .read_text(encoding="utf-8")
    .strip()
    .removesuffix(";")
)
SCREEN: Final = Signature("screen", GREEN.rgb, 2100)
"""What Bob has to share: neither of the two cameras' colours, nobody's tone."""
STILL_S: Final = 2.0


@pytest.fixture
def call(people: People) -> tuple[Person, Person]:
    """Ada, who owns the channel, and Bob, in a call."""
    ada, bob = people.with_account("Ada", RED), people.chromium("Bob", BLUE)
    assert isinstance(bob.tab, ChromiumTab)
    shared = json.dumps({"rgb": SCREEN.rgb, "tone": SCREEN.tone})
    bob.tab.page.add_init_script(f"({SCREEN_SCRIPT})({shared})")
    link = ada.create_channel("Buttons")
    ada.enter(link)
    bob.enter(link, guest=True)
    meet(ada, bob)
    return ada, bob


def test_mute_is_silence_at_the_other_end_and_unmute_is_sound(call: tuple[Person, Person]) -> None:
    ada, bob = call
    bob.toggle("audio")
    ada.hears_nothing_of(bob)
    ada.tab.wait_for("[data-testid=tile]:not([data-peer-id=self]) [data-testid=muted]")
    bob.hears(ada)
    bob.toggle("audio")
    ada.hears(bob)
    ada.tab.wait_gone("[data-testid=tile]:not([data-peer-id=self]) [data-testid=muted]")


def frames_within(sender: Person, receiver: Person, *, seconds: float) -> tuple[int, int]:
    """How many pictures left the one, and how many the other could read, in that time."""
    sent, decoded = sender.video_frames().sent, receiver.video_frames().decoded
    time.sleep(seconds)
    return sender.video_frames().sent - sent, receiver.video_frames().decoded - decoded


def test_camera_off_sends_and_shows_no_picture_at_the_other_end_and_on_does_again(
    call: tuple[Person, Person],
) -> None:
    ada, bob = call
    assert min(frames_within(bob, ada, seconds=STILL_S)) > 0
    bob.toggle("video")
    ada.tab.wait_for("[data-testid=tile]:not([data-peer-id=self]) [data-testid=camera-off]")
    ada.tab.wait_gone("[data-testid=tile]:not([data-peer-id=self]) video")
    # What was on its way when the button was pressed may still come.
    time.sleep(0.5)
    assert frames_within(bob, ada, seconds=STILL_S) == (0, 0)
    assert frames_within(ada, bob, seconds=STILL_S)[1] > 0, "only Bob's camera is off"
    ada.hears(bob)
    bob.toggle("video")
    ada.sees(bob)
    assert min(frames_within(bob, ada, seconds=STILL_S)) > 0


def test_a_shared_screen_is_a_tile_of_its_own_beside_the_camera(
    call: tuple[Person, Person],
) -> None:
    ada, bob = call
    bob.toggle("screen")
    ada.sees_screen_of(bob, SCREEN)
    meet(ada, bob)
    bob.toggle("screen")
    ada.tab.wait_gone("[data-testid=tile][data-source=screen]")
    meet(ada, bob)


def test_the_sound_of_a_shared_screen_is_heard_beside_the_voice(
    call: tuple[Person, Person],
) -> None:
    ada, bob = call
    bob.toggle("screen")
    ada.hears_screen_of(bob, SCREEN)
    ada.hears(bob)
    bob.toggle("audio")
    ada.hears_nothing_of(bob)
    ada.hears_screen_of(bob, SCREEN)
    bob.toggle("screen")
    eventually(
        lambda: ada.tab.count("[data-testid=voices] audio[data-source=screenAudio]") == 0,
        what="the screen's sound is gone",
    )


def test_a_raised_hand_is_seen(call: tuple[Person, Person]) -> None:
    ada, bob = call
    bob.toggle("hand")
    ada.tab.wait_for("[data-testid=tile]:not([data-peer-id=self]) [data-testid=hand]")
    bob.toggle("hand")
    ada.tab.wait_gone("[data-testid=tile]:not([data-peer-id=self]) [data-testid=hand]")


def test_chat_goes_both_ways_once_each_and_in_order(call: tuple[Person, Person]) -> None:
    ada, bob = call
    ada.say("Hello Bob")
    eventually(lambda: bob.messages() == ["Hello Bob"], what="Bob reads it")
    bob.say("Hello Ada")
    bob.say("How are you?")
    expected = ["Hello Bob", "Hello Ada", "How are you?"]
    eventually(lambda: ada.messages() == expected, what="Ada reads both")
    eventually(lambda: bob.messages() == expected, what="Bob sees his own")
