"""The relay's configuration file: what it holds, who may read it, what is refused."""

import ipaddress
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import render
from render import Relay

SECRET = "0123456789abcdef" * 2
SCRIPT = Path(render.__file__)


def relay(tmp_path: Path, **values: Any) -> Relay:
    given: dict[str, Any] = {
        "secrets": (SECRET,),
        "state_dir": tmp_path / "coturn",
        "relay_ip": "10.1.2.3",
        "external_ip": "198.51.100.9",
    }
    return Relay(**(given | values))


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = relay(tmp_path).write()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert relay(tmp_path).write() == path, "writing twice is safe"


def test_both_sides_of_a_nat_are_named(tmp_path: Path) -> None:
    found = lines(relay(tmp_path).render())
    assert "external-ip=198.51.100.9/10.1.2.3" in found
    assert "relay-ip=10.1.2.3" in found
    assert "listening-ip=10.1.2.3" in found


@pytest.mark.parametrize(
    "flag", ["use-auth-secret", "no-cli", "no-tcp-relay", "no-multicast-peers", "no-tls", "no-dtls"]
)
def test_every_protection_is_on(tmp_path: Path, flag: str) -> None:
    assert flag in lines(relay(tmp_path).render())


@pytest.mark.parametrize("word", ["verbose", "allow-loopback-peers", "no-auth", "oauth", "cli"])
def test_nothing_dangerous_is_on(tmp_path: Path, word: str) -> None:
    assert not [x for x in lines(relay(tmp_path).render()) if x.partition("=")[0] == word]


def test_no_denied_range_begins_at_all_zeros_in_ipv6_and_each_is_in_order(tmp_path: Path) -> None:
    denied = [
        line.removeprefix("denied-peer-ip=")
        for line in lines(relay(tmp_path).render())
        if line.startswith("denied-peer-ip=")
    ]
    assert len(denied) > 20
    for entry in denied:
        first, _, last = entry.partition("-")
        low = ipaddress.ip_address(first)
        high = ipaddress.ip_address(last or first)
        assert low != ipaddress.ip_address("::")
        assert int(low) <= int(high)
        if low.version == 6:
            assert len(list(ipaddress.summarize_address_range(low, high))) == 1, entry


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"secrets": ()}, "TURN_SECRET"),
        ({"secrets": ("short",)}, "TURN_SECRET"),
        ({"secrets": ("with space" * 5,)}, "TURN_SECRET"),
        ({"secrets": (SECRET + "\nno-auth",)}, "TURN_SECRET"),
        ({"realm": "a\nno-auth"}, "TURN_REALM"),
        ({"relay_ip": "127.0.0.1"}, "loopback"),
        ({"relay_ip": "::1"}, "IPv4"),
        ({"relay_ip": "0.0.0.0"}, "IPv4"),
        ({"external_ip": "example.org"}, "not an IP address"),
        ({"port": 0}, "TURN_PORT"),
        ({"min_port": 50000, "max_port": 50005}, "ports"),
        ({"min_port": 65000, "max_port": 70000}, "ports"),
        ({"denied_peers": ("::-::ffff:ffff",)}, "all of IPv4"),
        ({"denied_peers": ("10.0.0.0/8",)}, "not an IP address"),
    ],
)
def test_what_is_unsafe_is_refused(tmp_path: Path, values: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        relay(tmp_path, **values).write()
    assert not (tmp_path / "coturn").exists()


def run(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPT, "--state-dir", tmp_path / "state"],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_script_prints_where_the_relay_will_be_and_never_the_secret(tmp_path: Path) -> None:
    done = run(tmp_path, TURN_SECRET=SECRET, TURN_RELAY_IP="10.1.2.3", TURN_PORT="13478")
    assert done.returncode == 0, done.stderr
    assert "host=10.1.2.3\nport=13478\n" in done.stdout
    assert SECRET not in done.stdout + done.stderr
    assert SECRET in (tmp_path / "state" / "turnserver.conf").read_text()


def test_the_script_reads_the_secret_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    done = run(tmp_path, TURN_SECRET_FILE=str(tmp_path / "secret"), TURN_RELAY_IP="10.1.2.3")
    assert done.returncode == 0, done.stderr
    assert f"static-auth-secret={SECRET}\n" in (tmp_path / "state/turnserver.conf").read_text()


def test_the_script_says_in_one_line_why_there_is_no_relay(tmp_path: Path) -> None:
    done = run(tmp_path, TURN_SECRET="short")
    assert done.returncode == 1
    assert done.stderr.startswith("No TURN relay: TURN_SECRET must be")
    assert done.stderr.count("\n") == 1
