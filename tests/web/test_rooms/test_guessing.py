"""S9: ten thousand guesses tell nobody which channels exist."""

import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from core.ratelimit import limiter
from rooms import services
from rooms.identifiers import new_room_id, slug_of
from rooms.models import Room
from tests.support.ranks import differ

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
ADDRESSES = ("/c/{}/", "/c/{}/settings/", "/api/v1/rooms/{}/ticket")
SAMPLES = 300
Told = tuple[str, int, bytes]
"""Address, status, body."""


@pytest.fixture
def one_minute() -> Iterator[None]:
    """A clock that stands still: all guesses fall into one minute."""
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False):
        yield


def guess(client: Client, address: str, slug: str) -> tuple[int, bytes]:
    ask = client.post if address.startswith("/api") else client.get
    answer = ask(address.format(slug))
    hidden = re.sub(rb'(name="csrfmiddlewaretoken" value=")\w+', rb"\1", answer.content)
    return answer.status_code, hidden.replace(slug.encode(), b"SLUG")


def guesses(user: User | None, room: Room, browser: Browser, *, count: int) -> Counter[Told]:
    """Every tenth is a channel that exists, of somebody else."""
    told: Counter[Told] = Counter()
    client = browser(user)
    for number in range(count):
        if user is None:
            client.cookies.clear()
        slug = room.slug if number >= 20 and number % 10 == 0 else slug_of(new_room_id())
        address = ADDRESSES[number % 2 * 2 if user is None else 1]
        told[(address, *guess(client, address, slug))] += 1
    return told


@pytest.mark.usefixtures("one_minute")
@pytest.mark.parametrize("who", ["stranger", "member"])
@pytest.mark.parametrize(
    "count",
    [500, pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.timeout(600)])],
)
def test_guesses_have_one_answer_and_after_twenty_in_a_minute_another(
    room: Room, member: User, browser: Browser, who: str, count: int
) -> None:
    told = guesses(None if who == "stranger" else member, room, browser, count=count)
    statuses: Counter[int] = Counter()
    for (_, status, _), times in told.items():
        statuses[status] += times
    assert statuses == {404: 20, 429: count - 20}
    # One body for each address and status: a hit looks like a miss.
    assert len(told) == len({(address, status) for address, status, _ in told})


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_time_of_a_refusal_does_not_tell_an_existing_channel(
    room: Room, owner: User, member: User, browser: Browser
) -> None:
    """Settings of somebody else's channel against those of none, asked in turn."""
    client = browser(member)
    existing = [room, *(services.create_room(owner_id=owner.pk, name=f"{n}") for n in range(20))]
    took: dict[bool, list[float]] = {True: [], False: []}
    order = random.Random(9)
    for number in range(SAMPLES + 10):
        for exists in order.sample([True, False], 2):
            slug = order.choice(existing).slug if exists else slug_of(new_room_id())
            limiter.cache_clear()
            started = time.perf_counter()
            status, _ = guess(client, ADDRESSES[1], slug)
            if number >= 10:
                took[exists].append(time.perf_counter() - started)
            assert status == 404
    gap = abs(statistics.median(took[True]) - statistics.median(took[False]))
    assert gap < 0.005 or differ(took[True], took[False]) > 0.01
