"""How the process starts, or says in one line why it does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "services" / "web"
KEY = "0f9e8d7c6b5a49382716f5e4d3c2b1a00f9e8d7c6b5a49380f9e8d7c6b5a4938"
TURN_SECRET = "00112233445566778899aabbccddeeff"
PRODUCTION = {
    "SECRET_KEY": KEY,
    "BASE_URL": "https://call.example.org",
    "DATABASE_URL": "postgres://traverse:pass@db:5432/traverse",
    "REDIS_URL": "redis://:pass@redis:6379/0",
    "TURN_HOST": "call.example.org",
    "TURN_SECRET": TURN_SECRET,
    "TURN_TLS_PORT": "443",
    "TURN_TCP_443_PORT": "443",
    "TURN_PUBLIC_IPS": "198.51.100.7",
    "EMAIL_URL": "smtp+tls://user:pass@mail.example.org:587",
    "TRUST_PROXY": "true",
}


def manage(*arguments: str, var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(WEB / "manage.py"), *arguments],
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(var), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def refused(var: Path, starts: str, **environment: str) -> str:
    done = manage("check", var=var, **environment)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith(f"Traverse cannot start: {starts}"), lines[0]
    return lines[0]


def test_a_key_is_all_that_it_needs_on_ones_own_machine(tmp_path: Path) -> None:
    done = manage("check", var=tmp_path, SECRET_KEY=KEY)
    assert done.returncode == 0, done.stderr


REFUSED = [
    ("SECRET_KEY is not set", {"SECRET_KEY": ""}),
    ("SECRET_KEY has 5 characters", {"SECRET_KEY": "short"}),
    ("SECRET_KEY is a placeholder", {"SECRET_KEY": "a" * 60}),
    ("SECRET_KEY is a placeholder", {"SECRET_KEY": f"django-insecure-{KEY}"}),
    ("SECRET_KEY is set twice", {"SECRET_KEY_FILE": "/etc/hostname"}),
    ("SECRET_KEY_FILE names a file", {"SECRET_KEY": "", "SECRET_KEY_FILE": "/no/such"}),
    ("SECRET_KEY_FALLBACKS has 3", {"SECRET_KEY_FALLBACKS": f"{KEY},old"}),
    ("BASE_URL is plain http", {"BASE_URL": "http://call.example.org"}),
    ("BASE_URL is no http or https", {"BASE_URL": "call.example.org"}),
    ("BASE_URL is no web address", {"BASE_URL": "https://a:port"}),
    ("BASE_URL has more than", {"BASE_URL": "https://call.example.org/path"}),
    ("BASE_URL is no web address", {"BASE_URL": "https://*.example.org"}),
    ("EXTRA_ORIGINS is plain http", {"EXTRA_ORIGINS": "http://other.example.org"}),
    ("DATABASE_URL has an unknown scheme", {"DATABASE_URL": "mysql://u:p@h/d"}),
    ("DATABASE_URL has an unknown scheme", {"DATABASE_URL": "traverse.sqlite3"}),
    ("DATABASE_URL names no database", {"DATABASE_URL": "postgres://u:p@h:5432"}),
    ("DATABASE_URL is not a database", {"DATABASE_URL": "postgres://u:p@h:port/d"}),
    ("REDIS_URL is not a Redis", {"REDIS_URL": "localhost:6379"}),
    ("EMAIL_URL has an unknown scheme", {"EMAIL_URL": "mail.example.org"}),
    ("EMAIL_URL names no host", {"EMAIL_URL": "smtp://"}),
    ("TURN_SECRET is not set, but TURN_HOST is", {"TURN_HOST": "turn.example.org"}),
    ("TURN_SECRET has 6", {"TURN_HOST": "turn.example.org", "TURN_SECRET": "secret"}),
    ("TURN_SECRET is the same as SECRET_KEY", {"TURN_HOST": "t.example", "TURN_SECRET": KEY}),
    ("TURN_HOST cannot be", {"TURN_HOST": "turn:example.org:3478", "TURN_SECRET": TURN_SECRET}),
    ("TURN_PUBLIC_IPS cannot be", {"TURN_PUBLIC_IPS": "turn.example.org"}),
    ("TURN_PORT cannot be", {"TURN_PORT": "70000"}),
    ("TURN_PORT cannot be", {"TURN_PORT": "-1"}),
    ("TURN_TTL_SECONDS cannot be", {"TURN_TTL_SECONDS": "5"}),
    ("ROOM_CAPACITY cannot be", {"ROOM_CAPACITY": "9"}),
    ("SIGNUP cannot be", {"SIGNUP": "yes"}),
    ("SESSION_DAYS cannot be", {"SESSION_DAYS": "two"}),
    ("TRUST_PROXY cannot be", {"TRUST_PROXY": "maybe"}),
    ("METRICS_TOKEN has 5", {"METRICS_TOKEN": "short"}),
    ("SENTRY_DSN is not", {"SENTRY_DSN": "sentry.example.org"}),
    ("LOG_LEVEL cannot be", {"LOG_LEVEL": "TRACE"}),
]


@pytest.mark.parametrize(("starts", "change"), REFUSED)
def test_what_is_missing_or_unsafe_is_told_in_one_line(
    tmp_path: Path, starts: str, change: dict[str, str]
) -> None:
    line = refused(tmp_path, starts, **({"SECRET_KEY": KEY} | change))
    for name, value in change.items():
        if "SECRET" in name and len(value) > 4 and not name.endswith("_FILE"):
            assert value not in line, "a secret is never repeated"


def test_a_secret_may_come_from_a_file_whose_last_newline_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    script = "import config.settings as s; print(s.SECRET_KEY)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(WEB),
            "SECRET_KEY_FILE": str(tmp_path / "key"),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{KEY}\n"


def collected(var: Path) -> None:
    (var / "static").mkdir()
    (var / "static" / "staticfiles.json").write_text('{"paths": {}, "version": "1.1"}')


def deploy_check(var: Path, **change: str) -> subprocess.CompletedProcess[str]:
    return manage("check", "--deploy", "--fail-level", "WARNING", var=var, **(PRODUCTION | change))


def test_a_complete_production_set_up_passes_every_deploy_check(tmp_path: Path) -> None:
    collected(tmp_path)
    done = deploy_check(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("number", "change"),
    [
        ("E001", {"BASE_URL": "http://localhost:8000"}),
        ("W002", {"TRUST_PROXY": "false"}),
        ("E004", {"REDIS_URL": "", "WEB_CONCURRENCY": "2"}),
        ("W005", {"REDIS_URL": ""}),
        ("W006", {"DATABASE_URL": "sqlite:////tmp/x.sqlite3"}),
        ("W007", {"EMAIL_URL": ""}),
        ("W008", {"EMAIL_URL": "", "SIGNUP": "closed"}),
        ("W009", {"TURN_HOST": ""}),
        ("W010", {"TURN_HOST": "198.51.100.7"}),
        ("W011", {"TURN_PUBLIC_IPS": ""}),
    ],
)
def test_each_deploy_check_says_what_happens_to_people(
    tmp_path: Path, number: str, change: dict[str, str]
) -> None:
    collected(tmp_path)
    done = deploy_check(tmp_path, **change)
    assert done.returncode == 1
    assert f"traverse.{number}" in done.stderr
    assert "HINT: " in done.stderr
    assert "Traceback" not in done.stderr


def test_static_files_that_were_not_collected_are_told(tmp_path: Path) -> None:
    assert "traverse.E003" in deploy_check(tmp_path).stderr
