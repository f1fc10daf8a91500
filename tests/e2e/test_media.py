"""What a click on the toolbar does at the other end."""

import pytest

from tests.e2e.conftest import People
from tests.e2e.harness.browser import eventually
from tests.e2e.harness.media import BLUE, RED
from tests.e2e.harness.person import Person, meet
from tests.e2e.harness.recognise import shows

pytestmark = pytest.mark.browser


@pytest.fixture
def call(people: People) -> tuple[Person, Person]:
    """Ada, who owns the channel, and Bob, in a call."""
    ada, bob = people.with_account("Ada", RED), people.chromium("Bob", BLUE)
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


def test_camera_off_shows_no_picture_at_the_other_end_and_on_shows_it_again(
    call: tuple[Person, Person],
) -> None:
    ada, bob = call
    bob.toggle("video")
    ada.tab.wait_for("[data-testid=tile]:not([data-peer-id=self]) [data-testid=camera-off]")
    ada.tab.wait_gone("[data-testid=tile]:not([data-peer-id=self]) video")
    ada.hears(bob)
    bob.toggle("video")
    ada.sees(bob)


def test_a_shared_screen_is_a_tile_of_its_own_beside_the_camera(
    call: tuple[Person, Person],
) -> None:
    ada, bob = call
    bob.toggle("screen")
    picture = eventually(
        lambda: ada.picture_of("Bob", source="screen"), what="Ada sees Bob's screen"
    )
    assert not shows(picture, BLUE), "the screen is not the camera"
    assert not shows(picture, RED)
    meet(ada, bob)
    bob.toggle("screen")
    ada.tab.wait_gone("[data-testid=tile][data-source=screen]")
    meet(ada, bob)


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
