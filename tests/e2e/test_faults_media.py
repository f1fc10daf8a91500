"""Pictures and voices come back after everything between two people was gone."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Chromiums, People
from tests.e2e.harness.browser import eventually
from tests.e2e.harness.media import BLUE, RED
from tests.e2e.harness.person import Person, meet
from tests.e2e.harness.stack import TraverseStack

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OUTAGE_S = 45.0
"""Long enough for every restart of the link to have failed and new connections to be tried."""
BACK_S = 45.0


@pytest.fixture
def own_stack(prepared: Path, tmp_path: Path) -> Iterator[TraverseStack]:
    with TraverseStack(tmp_path / "stack", prepared) as stack:
        yield stack


def frames_of(person: Person, other: Person) -> int:
    picture = person.picture_of(other.name)
    return picture["frames"] if picture else 0


@pytest.mark.timeout(300)
def test_a_relayed_call_comes_back_with_its_pictures_after_server_and_relay_were_away(
    own_stack: TraverseStack, chromiums: Chromiums, request: pytest.FixtureRequest
) -> None:
    people = People(own_stack, chromiums, request)
    ada, bob = people.with_account("Ada", RED), people.chromium("Bob", BLUE)
    link = ada.create_channel("Faults")
    ada.enter(link, relay_only=True)
    bob.open(link, relay_only=True)
    bob.tab.fill("[data-testid=lobby] [data-testid=name]", bob.name)
    bob.tab.click("[data-testid=join]")
    bob.is_in()
    meet(ada, bob)

    own_stack.stop_server()
    own_stack.coturn.stop()
    time.sleep(OUTAGE_S)
    own_stack.coturn.start()
    own_stack.start_server()

    for person, other in ((ada, bob), (bob, ada)):
        eventually(
            lambda person=person, other=other: person.path_to(other.name) == "relay/udp",  # type: ignore[misc]
            what=f"{person.name} is linked through the relay",
            timeout=BACK_S,
        )
    meet(ada, bob)
    for person, other in ((ada, bob), (bob, ada)):
        before = frames_of(person, other)
        eventually(
            lambda person=person, other=other, before=before: (  # type: ignore[misc]
                frames_of(person, other) > before + 10
            ),
            what=f"{other.name}'s picture moves at {person.name}'s",
        )
    people.close()
