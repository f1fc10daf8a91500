"""`manage.py turn_probe` against a real coturn, as an operator runs it."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.support.coturn import LocalCoturn


def use(settings: Settings, turn: LocalCoturn) -> None:
    settings.TURN_HOST, settings.TURN_PORT = turn.host, turn.port
    settings.TURN_SECRET = turn.secret


def test_a_relay_that_works_is_told_for_each_transport(settings: Settings, tmp_path: Path) -> None:
    with LocalCoturn(tmp_path) as turn:
        use(settings, turn)
        out = io.StringIO()
        call_command("turn_probe", stdout=out)
    assert "udp: ok in " in out.getvalue()
    assert "tcp: ok in " in out.getvalue()


def test_another_secret_is_explained_and_never_printed(settings: Settings, tmp_path: Path) -> None:
    out = io.StringIO()
    with LocalCoturn(tmp_path) as turn:
        use(settings, turn)
        settings.TURN_SECRET = "f" * 64
        with pytest.raises(CommandError, match="every transport"):
            call_command("turn_probe", stdout=out)
    assert "udp: TURN_SECRET differs" in out.getvalue()
    assert "(401)" in out.getvalue()
    assert "ffff" not in out.getvalue()


def test_a_relay_that_is_down_is_explained(settings: Settings, tmp_path: Path) -> None:
    with LocalCoturn(tmp_path) as turn:
        use(settings, turn)
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("turn_probe", timeout=1.0, stdout=out)
    assert "is coturn running?" in out.getvalue()


def test_without_a_relay_it_says_what_to_set(settings: Settings) -> None:
    settings.TURN_HOST = ""
    with pytest.raises(CommandError, match="TURN_HOST"):
        call_command("turn_probe")
