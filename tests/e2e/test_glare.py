"""Two people who press the button in the same instant are always linked, and once."""

import time

import pytest

from tests.e2e.conftest import People
from tests.e2e.harness.browser import eventually
from tests.e2e.harness.media import BLUE, RED
from tests.e2e.harness.person import CONNECT_S, Person

pytestmark = pytest.mark.browser

LINKED = """(() => {
  const used = testConnections.filter((each) => each.connectionState === 'connected');
  return used.length === 1 && used[0].getTransceivers().length === 4;
})()"""


def press_at(person: Person, moment_ms: float) -> None:
    """Clicks when the clock says so: both pages run on this machine's."""
    person.tab.evaluate(
        f"void setTimeout(() => document.querySelector('[data-testid=join]').click(),"
        f" {moment_ms} - Date.now())"
    )


def join_together(ada: Person, bob: Person, link: str, *, apart_ms: float) -> None:
    for person in (ada, bob):
        person.open(link)
        person.tab.wait_until("!document.querySelector('[data-testid=join]').disabled")
    moment = time.time() * 1000 + 700
    press_at(ada, moment)
    press_at(bob, moment + apart_ms)
    for person in (ada, bob):
        person.is_in()
        eventually(
            lambda person=person: person.tab.evaluate(LINKED),  # type: ignore[misc]
            what=f"{person.name} has one link with four sections, {apart_ms} ms apart",
            timeout=CONNECT_S,
        )


def repeat(people: People, times: int) -> None:
    ada, bob = people.with_account("Ada", RED), people.with_account("Bob", BLUE)
    link = ""
    for turn in range(times):
        if turn % 20 == 0:
            # Nobody may enter one channel more than thirty times a minute.
            link = ada.create_channel("Glare")
        join_together(ada, bob, link, apart_ms=turn % 11 - 5)
    ada.sees(bob)
    bob.sees(ada)


def test_both_join_in_the_same_ten_milliseconds(people: People) -> None:
    repeat(people, 20)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_both_join_in_the_same_ten_milliseconds_two_hundred_times(people: People) -> None:
    repeat(people, 200)
