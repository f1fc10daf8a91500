"""The main promise, in real browsers: two people, and three, see and hear each other."""

import pytest

from tests.e2e.conftest import People
from tests.e2e.harness.media import BLUE, FIREFOX_TONE, GREEN, RED
from tests.e2e.harness.person import meet

pytestmark = pytest.mark.browser


def test_a_person_signs_up_creates_a_channel_and_meets_a_guest_by_link(people: People) -> None:
    ada, bob = people.chromium("Ada", RED), people.chromium("Bob", BLUE)
    ada.sign_up(email=people.new_email())
    link = ada.create_channel("Garden party")
    ada.enter(link)
    bob.enter(link, guest=True)
    meet(ada, bob)
    assert ada.tab.text("[data-testid=room-name]") == "Garden party"
    assert ada.path_to("Bob") in {"host", "srflx"}


def test_three_people_meet(people: People) -> None:
    ada = people.with_account("Ada", RED)
    link = ada.create_channel("Three")
    bob, cyd = people.chromium("Bob", BLUE), people.chromium("Cyd", GREEN)
    ada.enter(link)
    bob.enter(link, guest=True)
    cyd.enter(link, guest=True)
    for person, others in ((ada, ("Bob", "Cyd")), (bob, ("Ada", "Cyd")), (cyd, ("Ada", "Bob"))):
        person.wait_for_others(*others)
    meet(ada, bob, cyd)


@pytest.mark.parametrize("first", ["Chromium", "Firefox"])
def test_chromium_and_firefox_meet_whoever_comes_first(people: People, first: str) -> None:
    owner = people.with_account("Olga", GREEN)
    link = owner.create_channel("Two kinds")
    ada, fox = people.chromium("Ada", RED), people.firefox("Fox")
    for person in (ada, fox) if first == "Chromium" else (fox, ada):
        person.enter(link, guest=True)
    ada.sees(fox)
    ada.hears(fox, tone=FIREFOX_TONE)
    fox.meets(ada)


def test_two_people_meet_through_the_relay_alone(people: People) -> None:
    ada = people.with_account("Ada", RED)
    link = ada.create_channel("Relayed")
    bob = people.chromium("Bob", BLUE)
    ada.enter(link, relay_only=True)
    bob.enter(link, relay_only=True, guest=True)
    meet(ada, bob)
    for person, other in ((ada, "Bob"), (bob, "Ada")):
        pairs = person.pairs()
        assert pairs, "no candidate pair is in use"
        assert {pair.local for pair in pairs} == {"relay"}
        assert all(pair.sent > 10_000 and pair.received > 10_000 for pair in pairs)
        assert person.path_to(other).startswith("relay/")


def test_firefox_meets_chromium_through_the_relay_alone(people: People) -> None:
    ada = people.with_account("Ada", RED)
    link = ada.create_channel("Relayed fox")
    fox = people.firefox("Fox")
    ada.enter(link, relay_only=True)
    fox.enter(link, relay_only=True, guest=True)
    ada.sees(fox)
    ada.hears(fox, tone=FIREFOX_TONE)
    fox.meets(ada)
    assert {pair.local for pair in fox.pairs()} == {"relay"}
