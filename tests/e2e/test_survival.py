"""A call outlives its server and its socket."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Chromiums, People
from tests.e2e.harness.browser import eventually
from tests.e2e.harness.media import BLUE, RED
from tests.e2e.harness.person import Person, meet
from tests.e2e.harness.stack import TraverseStack
from tests.e2e.harness.wire import CuttableWire

pytestmark = pytest.mark.browser

CONNECTIONS = "testConnections.filter((each) => each.getTransceivers().length > 0).length"
"""Those in use: a page keeps one more, empty, for whoever comes next."""


@pytest.fixture
def wire() -> Iterator[CuttableWire]:
    with CuttableWire() as wire:
        yield wire


@pytest.fixture
def own_stack(wire: CuttableWire, prepared: Path, tmp_path: Path) -> Iterator[TraverseStack]:
    """A server of the test's own behind a wire that it can cut."""
    stack = TraverseStack(tmp_path / "stack", prepared, origin=wire.origin)
    wire.target = stack.server.port
    with stack:
        yield stack


@pytest.fixture
def call(
    own_stack: TraverseStack, chromiums: Chromiums, request: pytest.FixtureRequest
) -> Iterator[tuple[Person, Person]]:
    """Ada, who owns the channel, and Bob, in a call."""
    people = People(own_stack, chromiums, request)
    ada, bob = people.with_account("Ada", RED), people.chromium("Bob", BLUE)
    link = ada.create_channel("Survival")
    ada.enter(link)
    bob.enter(link, guest=True)
    meet(ada, bob)
    yield ada, bob
    people.close()
    assert own_stack.server.problems() == []


def frames_of(person: Person, other: str) -> int:
    picture = person.picture_of(other)
    return picture["frames"] if picture else -1


def test_media_goes_on_while_the_server_restarts_and_people_are_back(
    call: tuple[Person, Person], own_stack: TraverseStack
) -> None:
    ada, bob = call
    connections = ada.tab.evaluate(CONNECTIONS)
    own_stack.stop_server()
    eventually(lambda: _status(ada) != "online" and _status(bob) != "online", what="both see it")
    before = frames_of(ada, "Bob")
    time.sleep(2)
    assert frames_of(ada, "Bob") > before + 10, "the picture goes on without a server"
    ada.meets(bob)
    own_stack.start_server()
    for person in (ada, bob):
        eventually(lambda person=person: _status(person) == "online", what="back")  # type: ignore[misc]
    meet(ada, bob)
    assert ada.others() == ["Bob"]
    assert bob.others() == ["Ada"]
    assert ada.tab.evaluate(CONNECTIONS) == connections, "the same link all along"
    ada.say("still here")
    eventually(lambda: bob.messages() == ["still here"], what="chat")


def test_a_cut_socket_comes_back_in_the_same_seat_and_media_never_stops(
    call: tuple[Person, Person], wire: CuttableWire
) -> None:
    ada, bob = call
    connections = ada.tab.evaluate(CONNECTIONS)
    peer = ada.peer_id("Bob")
    wire.cut()
    eventually(lambda: _status(bob) != "online", what="Bob's page sees the cut")
    bob.toggle("hand")
    # Over the data channel: the server cannot be reached.
    ada.tab.wait_for("[data-testid=tile]:not([data-peer-id=self]) [data-testid=hand]")
    ada.meets(bob)
    wire.mend()
    for person in (ada, bob):
        eventually(lambda person=person: _status(person) == "online", what="back")  # type: ignore[misc]
    meet(ada, bob)
    assert ada.peer_id("Bob") == peer, "a cut socket is no new peer"
    assert ada.tab.evaluate(CONNECTIONS) == connections


def _status(person: Person) -> str:
    return str(
        person.tab.evaluate("document.querySelector('[data-part=connection]').dataset.state")
    )
