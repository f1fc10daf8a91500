"""The lab keeps its promises: delay, loss, isolation, and nothing left behind."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.netlab import Host, Lab
from tests.support.netlab.lab import remove_stale_labs

ECHO = str(Path(__file__).parent.parent / "support" / "netlab" / "echo.py")
HOSTS = [Host("a", "44.30.0.21", "2a10:7a1a::21"), Host("b", "44.30.0.22", "2a10:7a1a::22")]


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab(HOSTS) as lab:
        service = lab.start("b", [sys.executable, ECHO, "serve"], output=subprocess.PIPE)
        assert service.stdout is not None
        service.stdout.readline()
        yield lab


def round_trips(lab: Lab, *, address: str, count: int = 30) -> list[float]:
    times: list[float] = json.loads(
        lab.run("a", [sys.executable, ECHO, "ask", address, str(count)])
    )
    return times


@pytest.mark.parametrize("address", HOSTS[1].addresses)
@pytest.mark.parametrize("wanted", [0, 40])
def test_a_packet_there_and_back_takes_the_round_trip_asked_for(
    lab: Lab, wanted: int, address: str
) -> None:
    lab.conditions(round_trip_ms=wanted)
    times = round_trips(lab, address=address)
    assert len(times) == 30
    assert times[0] >= wanted
    assert times[len(times) // 2] < wanted + 10


def test_packets_are_lost_at_the_rate_asked_for(lab: Lab) -> None:
    before = lab.conditions(loss=0.5)
    assert len(round_trips(lab, address=HOSTS[1].ipv4)) < 20
    assert lab.conditions()["lost"] > before["lost"]


def test_nothing_outside_answers(lab: Lab) -> None:
    lab.conditions()
    assert round_trips(lab, address="44.30.0.99", count=2) == []


def test_a_lab_leaves_nothing_behind_even_when_its_process_was_killed() -> None:
    script = (
        "import sys, time\n"
        "from tests.support.netlab import Host, Lab\n"
        "with Lab([Host('a', '44.30.0.21')]) as lab:\n"
        "    lab.start('a', ['sleep', '600'])\n"
        "    print(lab.namespace('a'), flush=True)\n"
        "    time.sleep(600)\n"
    )
    root = Path(__file__).parents[2]
    victim = subprocess.Popen(
        [sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE, text=True
    )
    assert victim.stdout is not None
    namespace = victim.stdout.readline().strip()
    victim.kill()
    victim.wait()
    victim.stdout.close()

    remove_stale_labs()

    left = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True)
    assert namespace
    assert namespace not in left.stdout
