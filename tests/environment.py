"""The environment in which every test runs, set before Django reads its settings.

Loaded by pytest with `-p tests.environment` and by mypy through
`tests.support.mypy_settings`. A variable of the caller's shell never leaks into
a test: what is not named here and would change the settings is removed.
"""

import os
import tempfile
from pathlib import Path
from typing import Final

SETTINGS: Final = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "a-fixed-key-for-tests-only-a-fixed-key-for-tests-only",
    "BASE_URL": "http://localhost:8000",
    # Another only where a test says so: tests/integration/test_postgres.py.
    "DATABASE_URL": os.environ.get("TRAVERSE_TEST_DATABASE_URL", "sqlite://:memory:"),
    "TURN_HOST": "turn.test",
    "TURN_SECRET": "a-fixed-relay-secret-for-tests-only-0123",
    "LOG_FORMAT": "console",
}
REMOVED: Final = (
    "ALLOW_INSECURE_HTTP",
    "EMAIL_URL",
    "ENVIRONMENT",
    "EXTRA_ORIGINS",
    "LOG_LEVEL",
    "MAIL_FROM",
    "REDIS_URL",
    "RELEASE",
    "ROOM_CAPACITY",
    "SECRET_KEY_FALLBACKS",
    "SECRET_KEY_FILE",
    "SENTRY_DSN",
    "SESSION_DAYS",
    "SIGNUP",
    "SSL_REDIRECT",
    "STATIC_ROOT",
    "TRUST_PROXY",
    "TURN_PORT",
    "TURN_PUBLIC_IPS",
    "TURN_REALM",
    "TURN_SECRET_FILE",
    "TURN_TCP_443_PORT",
    "TURN_TLS_PORT",
    "TURN_TTL_SECONDS",
)


def apply() -> None:
    """Make this process, and what it starts, a test process; safe to call twice."""
    for name in REMOVED:
        os.environ.pop(name, None)
    os.environ.update(SETTINGS)
    if "TRAVERSE_TEST_VAR" not in os.environ:
        os.environ["TRAVERSE_TEST_VAR"] = tempfile.mkdtemp(prefix="traverse-test-")
    os.environ["VAR_DIR"] = os.environ["TRAVERSE_TEST_VAR"]
    # WhiteNoise warns where STATIC_ROOT is missing, and a warning is an error.
    (Path(os.environ["VAR_DIR"]) / "static").mkdir(parents=True, exist_ok=True)


apply()
