"""The list of ICE servers for each way that a relay can be configured."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from turn.credentials import mint
from turn.ice import ice_config, subject_of

NOW = 1_700_000_000.5
ROOM = UUID(int=7)


def urls(settings: Settings, **values: Any) -> list[str]:
    for name, value in values.items():
        setattr(settings, name, value)
    config = ice_config(identity="user:1", room_id=None, now=NOW)
    return [url for server in config.servers for url in server["urls"]]


def test_the_shortest_list_is_stun_and_the_relay_over_udp_and_tcp(
    settings: Settings,
) -> None:
    assert urls(settings) == [
        "stun:turn.test:3478",
        "turn:turn.test:3478?transport=udp",
        "turn:turn.test:3478?transport=tcp",
    ]


def test_port_443_adds_tls_by_name_and_plain_tcp_by_address(settings: Settings) -> None:
    found = urls(
        settings,
        TURN_TLS_PORT=443,
        TURN_TCP_443_PORT=443,
        TURN_PUBLIC_IPS=["198.51.100.7", "2001:db8::7"],
    )
    assert found[3:] == [
        "turns:turn.test:443?transport=tcp",
        "turn:198.51.100.7:443?transport=tcp",
        "turn:[2001:db8::7]:443?transport=tcp",
    ]


def test_an_ipv6_host_stands_in_brackets(settings: Settings) -> None:
    assert urls(settings, TURN_HOST="2001:db8::1")[0] == "stun:[2001:db8::1]:3478"


def test_without_a_relay_the_list_is_empty(settings: Settings) -> None:
    settings.TURN_HOST = ""
    config = ice_config(identity="user:1", room_id=None, now=NOW)
    assert config.servers == []
    assert config.expires_at is None
    assert config.relay is None


def test_the_credential_is_of_this_person_in_this_room(settings: Settings) -> None:
    config = ice_config(identity="guest:x", room_id=ROOM, now=NOW)
    expected = mint(
        secret=settings.TURN_SECRET,
        subject=subject_of(identity="guest:x", room_id=ROOM),
        ttl=timedelta(seconds=7200),
        now=NOW,
    )
    assert config.relay is not None
    assert config.relay["username"] == expected.username
    assert config.relay["credential"] == expected.credential
    assert config.expires_at == 1_700_007_200


def test_the_name_that_coturn_logs_says_nothing_about_the_person() -> None:
    subject = subject_of(identity="user:12345", room_id=ROOM)
    assert "12345" not in subject
    assert subject != subject_of(identity="user:12345", room_id=UUID(int=8))


@pytest.mark.parametrize("key", ["a" * 20 + "b" * 30, "c" * 20 + "d" * 30])
def test_the_name_depends_on_the_installation(settings: Settings, key: str) -> None:
    before = subject_of(identity="user:1", room_id=None)
    settings.SECRET_KEY = key
    assert subject_of(identity="user:1", room_id=None) != before
