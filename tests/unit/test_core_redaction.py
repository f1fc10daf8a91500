"""The patterns that keep private values out of logs and error reports."""

import ipaddress
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.redaction import REMOVED, scrub_event, scrub_fields, scrub_message, scrub_text
from tests.support.private import NAME, PRIVATE


@pytest.mark.parametrize("kind", PRIVATE)
def test_a_private_value_is_removed_wherever_it_stands(kind: str) -> None:
    text, traces = PRIVATE[kind]
    for whole in (text, f"before {text} after", f"('{text}',)", repr(text), f'{{"x":"{text}"}}'):
        scrubbed = scrub_text(whole)
        assert not [trace for trace in traces if trace in scrubbed], scrubbed
        assert REMOVED in scrubbed


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_no_address_survives(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    for text in (f"peer {address} gone", f"[{address}]:3478", f"addr={address},x"):
        scrubbed = scrub_text(text)
        assert str(address) not in scrubbed or str(address) == "::"


@given(st.binary(min_size=16, max_size=32))
def test_no_random_token_survives(seed: bytes) -> None:
    token = secrets.token_urlsafe(16) if len(set(seed)) < 8 else seed.hex()
    assert token not in scrub_text(f"resume {token} refused")


@pytest.mark.parametrize(
    "text",
    [
        "connection to server failed: Connection refused",
        "hub.relay_started",
        "No module named 'django_permissions_policy'",
        "RedisPubSubChannelLayer has no attribute 'receive_buffer_lpop'",
        "SERVICE_UNAVAILABLE_EVERYWHERE after 3 attempts in 12.5 ms",
        "could not import /accounts/password/change/",
    ],
)
def test_what_speaks_of_the_program_stays_readable(text: str) -> None:
    assert scrub_text(text) == text


def test_an_exceptions_message_is_told_only_for_types_that_speak_of_the_program() -> None:
    assert scrub_message("ValueError", f"bad name {NAME}") == REMOVED
    assert scrub_message("KeyError", NAME) == REMOVED
    assert scrub_message("TimeoutError", "timed out at 93.184.216.34") == f"timed out at {REMOVED}"


def test_only_known_fields_with_plain_values_stay() -> None:
    fields = {"count": 3, "reason": "from 93.184.216.34", "name": NAME, "code": {"a": NAME}}
    assert scrub_fields(fields) == {"count": 3, "reason": f"from {REMOVED}"}


def test_the_name_of_an_event_passes_and_a_text_is_searched() -> None:
    assert scrub_event("ratelimit.store_away") == "ratelimit.store_away"
    assert scrub_event("mail to a@example.org") == f"mail to {REMOVED}"


def test_a_huge_text_is_cut() -> None:
    assert len(scrub_text("word " * 100_000)) <= 2000
