"""`./scripts/run` and `./scripts/manage`, started as a person starts them."""

import os
import re
import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from tests.support import shell


@pytest.fixture(scope="module")
def var_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance") / "state"


@pytest.fixture(scope="module")
def ended(var_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An instance that ran once with its commands tried meanwhile; its address."""
    port = shell.free_port()
    log = tmp_path_factory.mktemp("log") / "run.log"
    with shell.started(log, "--port", port, VAR_DIR=var_dir, SIGNUP="invite"):
        link = manage("owner_link", var_dir=var_dir)
        assert status_of(link) == 200
        assert status_of(link_in(log.read_text(encoding="utf-8"))) == 200
        assert "udp: ok" in manage("turn_probe", var_dir=var_dir)
    return f"http://localhost:{port}"


def manage(*arguments: str, var_dir: Path) -> str:
    done = shell.run("./scripts/manage", *arguments, VAR_DIR=var_dir)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def link_in(text: str) -> str:
    found = re.search(r"http://\S+/setup/\S+", text)
    assert found
    return found.group()


def status_of(address: str) -> int:
    with urllib.request.urlopen(address, timeout=10) as answer:
        status: int = answer.status
        return status


def test_a_command_has_the_address_of_the_last_start_after_its_end(
    ended: str, var_dir: Path
) -> None:
    assert manage("owner_link", var_dir=var_dir).startswith(f"{ended}/setup/")


def test_a_command_has_the_settings_of_the_last_start(ended: str, var_dir: Path) -> None:
    asked = "from django.conf import settings; print(settings.SIGNUP)"
    assert manage("shell", "-v0", "-c", asked, var_dir=var_dir) == "invite"
    assert manage("invite", var_dir=var_dir).startswith(f"{ended}/accounts/invitation/")


def test_a_second_administrator_is_told_what_to_do_instead(ended: str, var_dir: Path) -> None:
    made = "from accounts.models import User; User.objects.create_superuser('a@b.test', name='A')"
    manage("shell", "-v0", "-c", made, var_dir=var_dir)
    done = shell.run("./scripts/manage", "owner_link", VAR_DIR=var_dir)
    assert done.returncode != 0
    assert not done.stdout
    assert "./scripts/manage reset_link" in done.stderr
    assert manage("reset_link", "a@b.test", var_dir=var_dir).startswith(ended)


def test_a_command_before_the_first_start_says_so(tmp_path: Path) -> None:
    done = shell.run("./scripts/manage", "owner_link", VAR_DIR=tmp_path / "none")
    assert done.returncode == 1
    assert "Start it once: ./scripts/run" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_ctrl_c_ends_the_site_and_the_relay_and_leaves_nothing(tmp_path: Path) -> None:
    port, log = shell.free_port(), tmp_path / "run.log"
    with shell.started(log, "--port", port, VAR_DIR=tmp_path / "state") as process:
        relay = re.search(r"Relay: turn:(\S+):(\d+) ", log.read_text(encoding="utf-8"))
        assert relay
        listening = [("127.0.0.1", int(port)), (relay[1], int(relay[2]))]
        assert [answers(address) for address in listening] == [True, True]
        # The script, the web service and the relay.
        assert len(shell.session_of(process)) >= 3

        os.killpg(process.pid, signal.SIGINT)

        assert process.wait(shell.STOP_S) == 0
        assert log.read_text(encoding="utf-8").endswith("==> Ended.\n")
        assert [answers(address) for address in listening] == [False, False]
        assert shell.session_of(process) == []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as relay_port:
        relay_port.bind(listening[1])


def answers(address: tuple[str, int]) -> bool:
    with socket.socket() as probe:
        probe.settimeout(5)
        return probe.connect_ex(address) == 0
