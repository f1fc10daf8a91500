"""Readiness and rate limits with a real Redis: shared, cleaned up, and survived."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings as configured
from django.test import AsyncClient
from pytest_django import Settings

from core import health
from core.ratelimit import Rate, RateLimiter
from tests.support.server import redis_server

AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with redis_server(tmp_path) as address:
        yield address


@pytest.fixture(autouse=True)
def _without_relay(settings: Settings) -> None:
    settings.TURN_HOST = ""
    health.relay_memory.forget()


def use(settings: Settings, url: str) -> None:
    settings.REDIS_URL = url
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": url,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
    }
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [{"address": url, "socket_timeout": None}], "prefix": "traverse"},
        }
    }


@pytest.mark.django_db(transaction=True)
async def test_asking_often_leaves_nothing_behind(settings: Settings, url: str) -> None:
    use(settings, url)
    for _ in range(20):
        answer = await AsyncClient().get("/-/ready")
        assert answer.status_code == 200, answer.content
    with redis.Redis.from_url(url) as client:
        assert len(client.pubsub_channels("*health*")) == 1
        assert client.ttl(f":1:{'health'}") > 0


@pytest.mark.django_db(transaction=True)
async def test_without_redis_a_process_that_needs_it_is_not_ready(settings: Settings) -> None:
    use(settings, AWAY)
    answer = await AsyncClient().get("/-/ready")
    assert answer.status_code == 503
    states = {name: part["state"] for name, part in answer.json()["parts"].items()}
    assert states["database"] == "ok"
    assert states["cache"] in ("failed", "timeout")
    assert states["layer"] in ("failed", "timeout")


def test_two_processes_count_together(url: str) -> None:
    rate = Rate(name="shared", amount=4, seconds=60)
    one, two = RateLimiter(url), RateLimiter(url)
    assert [limiter.hit(rate, "a") for limiter in (one, two, one, two)] == [0, 0, 0, 0]
    assert one.hit(rate, "a") > 0
    assert two.hit(rate, "a") > 0


def test_what_is_counted_goes_away_by_itself_and_names_nobody(url: str) -> None:
    RateLimiter(url).hit(Rate(name="shared", amount=4, seconds=60), "93.184.216.34")
    with redis.Redis.from_url(url) as client:
        keys = client.keys("*")
        assert keys
        assert all(0 < client.ttl(key) <= 120 for key in keys)
        assert not [key for key in keys if b"93.184" in key]


def test_the_embedded_default_needs_no_redis() -> None:
    assert configured.REDIS_URL == ""
