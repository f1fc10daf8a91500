"""What is asked of the database gets the same answer from PostgreSQL as from SQLite."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.postgres import local_postgres

ROOT = Path(__file__).resolve().parents[2]
# Those that read and write: queries written in SQL, constraints, single use, time zones.
TESTS = (
    "tests/web/test_rooms/test_access.py",
    "tests/web/test_rooms/test_queries.py",
    "tests/web/test_rooms/test_services.py",
    "tests/web/test_rooms/test_settings.py",
    "tests/web/test_rooms/test_tickets.py",
    "tests/web/test_accounts_sessions.py",
    "tests/web/test_account/test_setup.py",
)


@pytest.mark.timeout(400)
def test_the_tests_of_rooms_and_accounts_pass_on_postgres_too() -> None:
    with local_postgres() as url:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS],
            cwd=ROOT,
            env={**os.environ, "TRAVERSE_TEST_DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_it_was_postgres() -> None:
    script = (
        "import tests.environment, django; django.setup();"
        "from django.db import connection;"
        "cursor = connection.cursor(); cursor.execute('SELECT version()');"
        "print(cursor.fetchone()[0])"
    )
    with local_postgres() as url:
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={
                **os.environ,
                "TRAVERSE_TEST_DATABASE_URL": url,
                "PYTHONPATH": f"{ROOT}:{ROOT / 'services' / 'web'}",
            },
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.stdout.startswith("PostgreSQL "), done.stderr
