"""What `./scripts/run` writes down for `./scripts/manage`."""

import re
import subprocess
from pathlib import Path

from tests.support.shell import ROOT, run

LIBRARY = "; ".join(
    f"source scripts/lib/{name}.sh" for name in ("common", "python", "instance", "state")
)
# Of the running process alone: no command is different for them. VAR_DIR is where
# the rest is written down.
NOT_KEPT = {"LOG_FORMAT", "METRICS_TOKEN", "SENTRY_DSN", "VAR_DIR", "WEB_CONCURRENCY"}


def shell(commands: str, **env: str | Path) -> subprocess.CompletedProcess[str]:
    return run("bash", "-c", f"{LIBRARY}; locate_state; {commands}", **env)


def test_every_variable_of_the_settings_is_kept_or_named() -> None:
    settings = (ROOT / "services/web/config/settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', settings))
    read |= set(re.findall(r'(?:extra|insecure)="([A-Z0-9_]+)"', settings))
    listed = shell('printf "%s\\n" "${REMEMBERED[@]}" "${NAMED_ONLY[@]}"').stdout.split()
    assert len(read) > 25
    assert read - NOT_KEPT == set(listed)


def test_what_the_start_was_given_comes_back(tmp_path: Path) -> None:
    shell("remember", VAR_DIR=tmp_path, BASE_URL="https://call.test", SIGNUP="invite")
    told = shell('recall; echo "$BASE_URL $SIGNUP"', VAR_DIR=tmp_path)
    assert told.stdout == "https://call.test invite\n"


def test_the_environment_may_say_otherwise_also_by_a_file(tmp_path: Path) -> None:
    shell("remember", VAR_DIR=tmp_path, BASE_URL="https://call.test", SECRET_KEY_FILE="/old")
    told = shell(
        'recall; echo "$BASE_URL ${SECRET_KEY_FILE:-none}"',
        VAR_DIR=tmp_path,
        BASE_URL="https://other.test",
        SECRET_KEY="given",
    )
    assert told.stdout == "https://other.test none\n"


def test_a_secret_of_the_environment_is_not_written_down_but_asked_for(tmp_path: Path) -> None:
    url = "postgres://traverse:a-password@db/traverse"
    shell("remember", VAR_DIR=tmp_path, DATABASE_URL=url)
    kept = tmp_path / "last-start"
    assert "a-password" not in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o777 == 0o600
    refused = shell("recall", VAR_DIR=tmp_path)
    assert refused.returncode == 1
    assert "was given DATABASE_URL" in refused.stderr
    given = shell('recall; echo "$DATABASE_URL"', VAR_DIR=tmp_path, DATABASE_URL=url)
    assert given.stdout == f"{url}\n"
