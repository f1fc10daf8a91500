"""Liveness, readiness and who may read the metrics."""

import asyncio
from typing import Any

import pytest
from django.test import AsyncClient, Client
from pytest_django import Settings

from core import health
from core.health import State
from turn.client import Transport
from turn.probe import Cause, ProbeResult


@pytest.fixture(autouse=True)
def _fresh(settings: Settings) -> None:
    health.relay_memory.forget()
    settings.TURN_HOST = ""


def test_a_living_process_says_so_and_asks_nobody() -> None:
    answer = Client().get("/-/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db(transaction=True)
async def test_a_process_is_ready_when_all_that_it_needs_answers() -> None:
    answer = await AsyncClient().get("/-/ready")
    body = answer.json()
    assert answer.status_code == 200, body
    states = {name: part["state"] for name, part in body["parts"].items()}
    assert states == {"database": "ok", "cache": "ok", "layer": "ok", "turn": "absent"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", ["_database", "_cache", "_layer"])
async def test_one_part_that_fails_takes_the_process_out(
    monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    async def broken() -> None:
        raise ConnectionRefusedError("10.0.0.5 said no")

    monkeypatch.setattr(health, part, broken)
    answer = await AsyncClient().get("/-/ready")
    assert answer.status_code == 503
    told = answer.json()["parts"][part.removeprefix("_")]
    assert told["state"] == "failed"
    assert told["cause"] == "ConnectionRefusedError"
    assert "10.0.0.5" not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
async def test_a_part_that_hangs_is_a_timeout_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang() -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(health, "_cache", hang)
    monkeypatch.setitem(health._TIMEOUT_S, "cache", 0.05)
    body = (await AsyncClient().get("/-/ready")).json()
    assert body["parts"]["cache"]["state"] == "timeout"
    assert body["parts"]["database"]["state"] == "ok"


@pytest.mark.django_db(transaction=True)
async def test_a_relay_that_fails_is_told_and_does_not_decide(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    asked: list[float] = []

    async def probed(*, timeout_s: float) -> list[ProbeResult]:
        asked.append(timeout_s)
        values: dict[str, Any] = {"code": 401, "elapsed_ms": 1.0, "cause": Cause.CREDENTIAL}
        return [ProbeResult(transport=Transport.UDP, **values)]

    settings.TURN_HOST = "turn.test"
    monkeypatch.setattr("turn.probe.probe_configured", probed)
    answers = [await AsyncClient().get("/-/ready") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    answer = answers[-1]
    assert answer.json()["parts"]["turn"]["state"] == State.FAILED
    assert answer.json()["parts"]["turn"]["cause"] == "udp: credential"
    assert len(asked) == 1, "each probe is an allocation"


def test_this_machine_may_read_the_metrics() -> None:
    answer = Client().get("/-/metrics", REMOTE_ADDR="127.0.0.1")
    assert answer.status_code == 200
    assert b"traverse_http_request_seconds" in answer.content


@pytest.mark.parametrize(
    "extra",
    [
        {"REMOTE_ADDR": "93.184.216.34"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "93.184.216.34"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=93.184.216.34"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_nobody_else_learns_that_there_are_metrics(extra: dict[str, Any]) -> None:
    assert Client().get("/-/metrics", **extra).status_code == 404


def test_a_token_opens_the_metrics_and_replaces_the_address(settings: Settings) -> None:
    settings.METRICS_TOKEN = "t" * 32
    assert Client().get("/-/metrics", REMOTE_ADDR="127.0.0.1").status_code == 404
    good = {"Authorization": f"Bearer {'t' * 32}"}
    assert Client().get("/-/metrics", headers=good, REMOTE_ADDR="1.2.3.4").status_code == 200
    assert Client().get("/-/metrics", headers={"Authorization": "Bearer x"}).status_code == 404


@pytest.mark.parametrize("address", ["/-/health", "/-/metrics"])
def test_reading_changes_nothing(address: str) -> None:
    assert Client().post(address).status_code == 405


@pytest.mark.parametrize("address", ["/-/health", "/-/ready"])
@pytest.mark.django_db(transaction=True)
async def test_an_orchestrator_asks_by_any_name_over_plain_http(
    settings: Settings, address: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = await AsyncClient().get(address, headers={"Host": "10.1.2.3:8000"})
    assert answer.status_code == 200
    assert (await AsyncClient().get("/", headers={"Host": "10.1.2.3:8000"})).status_code == 400


async def test_a_crowd_that_asks_at_once_causes_one_probe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    probes = 0

    async def slow_probe() -> health.Part:
        nonlocal probes
        probes += 1
        await asyncio.sleep(0.01)
        return health.Part(state=health.State.OK, elapsed_ms=1.0)

    monkeypatch.setattr(health, "_probe_relay", slow_probe)
    memory = health._RelayMemory()
    await memory.part()
    memory._until = 0.0
    await asyncio.gather(*(memory.part() for _ in range(20)))
    assert probes == 2
