"""The lobby tells how the door stands, from the first moment and while it changes."""

import pytest

from tests.e2e.conftest import People
from tests.e2e.harness.browser import eventually
from tests.e2e.harness.media import BLUE, RED
from tests.e2e.harness.person import Person

pytestmark = pytest.mark.browser

WHO = "[data-testid=who]"


def hears(person: Person, words: str) -> None:
    eventually(lambda: words in person.tab.text(WHO), what=f"the lobby says: {words}", timeout=5)


def test_a_guest_who_typed_no_name_yet_sees_how_the_door_stands(people: People) -> None:
    ada = people.with_account("Ada", RED)
    link = ada.create_channel("Door")
    ada.enter(link)
    bob = people.chromium("Bob", BLUE)
    bob.open(link)
    assert bob.tab.evaluate("document.querySelector('[data-testid=name]').value") == ""
    hears(bob, "Ada is here.")

    ada.open_panel("people")
    ada.tab.click("[data-testid=lock]")
    hears(bob, "This channel is locked.")
    assert "Ada" not in bob.tab.text(WHO)
    bob.tab.wait_for("[data-testid=locked]")
    ada.tab.click("[data-testid=lock]")
    hears(bob, "Ada is here.")
    bob.tab.wait_gone("[data-testid=locked]")

    ada.set_access(link, "ask")
    hears(bob, "You will ask to be let in")
    assert bob.tab.text("[data-testid=join]") == "Ask to join"
    ada.set_access(link, "link")
    hears(bob, "Ada lost the connection and may come back.")

    ada.enter(link)
    bob.tab.fill("[data-testid=lobby] [data-testid=name]", "Bob")
    bob.tab.click("[data-testid=join]")
    bob.is_in()
    ada.wait_for_others("Bob")
