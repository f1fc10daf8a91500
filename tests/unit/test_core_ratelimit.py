"""Counting: in a window, per key, and never in a call's way."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from core import metrics
from core.clients import UNKNOWN, client_key, key_of, key_of_scope
from core.ratelimit import Rate, RateLimiter

RATE = Rate(name="test", amount=3, seconds=60)


def test_the_last_one_allowed_passes_and_the_next_is_told_how_long_to_wait() -> None:
    limiter = RateLimiter("memory://")
    assert [limiter.hit(RATE, "a") for _ in range(3)] == [0, 0, 0]
    assert 1 <= limiter.hit(RATE, "a") <= 60
    assert limiter.hit(RATE, "b") == 0, "another key"
    other = Rate(name="other", amount=3, seconds=60)
    assert limiter.hit(other, "a") == 0, "another rate"


def test_looking_counts_nothing() -> None:
    limiter = RateLimiter("memory://")
    assert [limiter.peek(RATE, "a") for _ in range(10)] == [0] * 10
    for _ in range(3):
        limiter.hit(RATE, "a")
    assert limiter.peek(RATE, "a") > 0


def errors() -> float:
    return float(metrics.RATE_LIMIT_ERRORS._value.get())


def test_a_store_that_is_away_admits_counts_and_is_left_alone() -> None:
    now = [0.0]
    limiter = RateLimiter("redis://127.0.0.1:1/0", clock=lambda: now[0])
    before = errors()
    assert limiter.hit(RATE, "a") == 0
    assert errors() == before + 1
    assert [limiter.hit(RATE, "a") for _ in range(100)] == [0] * 100
    assert errors() == before + 1, "nobody waits for it meanwhile"
    now[0] = 6.0
    assert limiter.hit(RATE, "a") == 0
    assert errors() == before + 2, "it is asked again later"


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "key"),
    [
        ("93.184.216.34", None, 0, "93.184.216.34"),
        ("93.184.216.34", "1.2.3.4", 0, "93.184.216.34"),
        ("10.0.0.1", "1.2.3.4", 1, "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4", 1, "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.9", 2, "1.2.3.4"),
        ("10.0.0.1", None, 1, "10.0.0.1"),
        ("::ffff:1.2.3.4", None, 0, "1.2.3.4"),
        ("2001:db8:1:2:3:4:5:6", None, 0, "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", None, 0, "2001:db8:1:2::/64"),
        ("fe80::1%eth0", None, 0, "fe80::/64"),
        ("10.0.0.1", "unix:", 1, UNKNOWN),
        (None, None, 0, UNKNOWN),
        ("", None, 0, UNKNOWN),
    ],
)
def test_a_failure_is_counted_against_the_nearest_address_that_can_be_believed(
    remote: str | None, forwarded: str | None, proxies: int, key: str
) -> None:
    assert key_of(remote=remote, forwarded_for=forwarded, proxies=proxies) == key


def test_a_request_and_a_socket_of_one_client_have_one_key(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "1.2.3.4"})
    scope = {"client": ["10.0.0.1", 5], "headers": [(b"x-forwarded-for", b"1.2.3.4")]}
    assert client_key(request) == key_of_scope(scope) == "1.2.3.4"
    assert key_of_scope({}) == UNKNOWN
