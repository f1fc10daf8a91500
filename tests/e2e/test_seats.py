"""Coming, going and coming back: reload, second tab, leave, remove, lock, ask first."""

import pytest

from tests.e2e.conftest import People
from tests.e2e.harness.browser import eventually
from tests.e2e.harness.chromium import ChromiumTab
from tests.e2e.harness.media import BLUE, GREEN, RED
from tests.e2e.harness.person import Person, meet

pytestmark = pytest.mark.browser


@pytest.fixture
def ada(people: People) -> Person:
    """Owns the channel of the test."""
    return people.with_account("Ada", RED)


@pytest.fixture
def bob(people: People) -> Person:
    return people.chromium("Bob", BLUE)


def test_a_reload_keeps_the_seat_and_the_call(ada: Person, bob: Person) -> None:
    link = ada.create_channel("Reload")
    ada.enter(link)
    bob.enter(link, guest=True)
    meet(ada, bob)
    before, seat = ada.peer_id("Bob"), _seat_of(ada, "Bob")
    bob.reload()
    eventually(
        lambda: ada.others() == ["Bob"] and ada.peer_id("Bob") != before,
        what="one tile of Bob, of a new peer",
    )
    meet(ada, bob)
    assert ada.others() == ["Bob"]
    assert _seat_of(ada, "Bob") == seat


def test_a_duplicated_tab_has_a_seat_of_its_own(ada: Person, bob: Person, people: People) -> None:
    link = ada.create_channel("Two tabs")
    ada.enter(link)
    bob.enter(link, guest=True)
    twin = people.second_tab(bob)
    twin.enter(link, guest=True)
    ada.wait_for_others("Bob", "Bob")
    assert len(set(_peer_ids(ada))) == 2
    ada.sees(bob)
    twin.meets(ada)
    twin.hang_up()
    ada.wait_for_others("Bob")
    bob.meets(ada)


def test_who_leaves_is_gone_at_once_and_the_others_stay(
    ada: Person, bob: Person, people: People
) -> None:
    link = ada.create_channel("Leaving")
    cyd = people.chromium("Cyd", GREEN)
    ada.enter(link)
    bob.enter(link, guest=True)
    cyd.enter(link, guest=True)
    ada.wait_for_others("Bob", "Cyd")
    bob.hang_up()
    ada.wait_for_others("Cyd", timeout=5)
    cyd.wait_for_others("Ada", timeout=5)
    meet(ada, cyd)


def test_who_is_removed_is_told_and_cannot_come_back(ada: Person, bob: Person) -> None:
    link = ada.create_channel("Removal")
    ada.enter(link)
    bob.enter(link, guest=True)
    ada.wait_for_others("Bob")
    ada.press_for("Bob", "remove")
    bob.tab.wait_for("[data-testid=ended]")
    assert bob.tab.evaluate("document.querySelector('[data-testid=ended]').dataset.code") == (
        "removed"
    )
    ada.wait_for_others()
    bob.tab.goto(link)
    assert bob.tab.count("[data-testid=join]") == 0, "the door is shut to a removed person"
    assert isinstance(bob.tab, ChromiumTab)
    assert all("403" in complaint for complaint in bob.tab.complaints)
    bob.tab.complaints.clear()


def test_a_locked_channel_lets_nobody_in_until_it_is_unlocked(
    ada: Person, bob: Person, people: People
) -> None:
    link = ada.create_channel("Lock")
    cyd = people.chromium("Cyd", GREEN)
    ada.enter(link)
    cyd.enter(link, guest=True)
    ada.wait_for_others("Cyd")
    ada.open_panel("people")
    ada.tab.click("[data-testid=lock]")
    cyd.tab.wait_for("[data-testid=locked]")
    bob.ask_to_join(link)
    bob.tab.wait_for("[data-testid=lobby]")
    ada.tab.click("[data-testid=lock]")
    cyd.tab.wait_gone("[data-testid=locked]")
    assert ada.others() == ["Cyd"], "nobody came in while the channel was locked"
    bob.enter(link, guest=True)
    meet(ada, bob)


def test_where_one_asks_first_the_owner_admits(ada: Person, bob: Person) -> None:
    link = ada.create_channel("Ask first")
    ada.set_access(link, "ask")
    ada.enter(link)
    bob.ask(link)
    ada.answer_knock("admit")
    bob.is_in()
    meet(ada, bob)
    # Once admitted, a reload does not ask again.
    bob.reload()
    meet(ada, bob)


def test_where_one_asks_first_the_owner_refuses(ada: Person, bob: Person) -> None:
    link = ada.create_channel("Ask first")
    ada.set_access(link, "ask")
    ada.enter(link)
    bob.ask(link)
    ada.answer_knock("deny")
    bob.tab.wait_for("[data-testid=ended]")
    assert bob.tab.evaluate("document.querySelector('[data-testid=ended]').dataset.code") == (
        "denied"
    )
    assert ada.others() == []


def test_logging_out_in_another_tab_ends_the_call_within_five_seconds(
    ada: Person, bob: Person, people: People
) -> None:
    link = ada.create_channel("Log out")
    ada.enter(link)
    bob.enter(link, guest=True)
    ada.wait_for_others("Bob")
    people.second_tab(ada).log_out()
    ada.tab.wait_for("[data-testid=ended]", timeout=7)
    assert ada.tab.evaluate("document.querySelector('[data-testid=ended]').dataset.code") == (
        "unauthenticated"
    )
    bob.wait_for_others()


def _peer_ids(person: Person) -> list[str]:
    found: list[str] = person.tab.evaluate(
        "[...document.querySelectorAll('[data-testid=tile][data-source=camera]')]"
        ".map((tile) => tile.dataset.peerId).filter((id) => id !== 'self')"
    )
    return found


def _seat_of(person: Person, name: str) -> str:
    """As the server's newest roster says."""
    assert isinstance(person.tab, ChromiumTab)
    rosters = [frame["peers"] for frame in person.tab.frames if frame["type"] == "room.state"]
    seats = [peer["seat_id"] for peer in rosters[-1] if peer["name"] == name]
    assert len(seats) == 1, f"{name} has {len(seats)} seats"
    return str(seats[0])
