"""Reads the environment once, at start, into checked values.

Owns: where a value comes from (`NAME`, or the file named by `NAME_FILE`), its
type, and the sentence a person reads when it is wrong. Refuses: a value that
would have to be guessed, a weak secret, both `NAME` and `NAME_FILE`. An error
never repeats a secret. Source of truth: the process environment; an empty
variable counts as not set, because Compose passes `${NAME:-}` as empty.

`FileAwareEnv` reads files and parses database and mail addresses. Plain values
are taken from its mapping and not from its casts, which follow a leading `$`
into other variables and accept any word as a boolean.
"""

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any, Final, NoReturn

import environ
from environ.fileaware_mapping import FileAwareMapping

from core.site import Site, SiteInvalid

__all__ = ["ConfigurationError", "Environment", "Site"]

# The methods `str`, `list`, `bool` and `int` hide the types inside the class.
_Str = str
_Strs = list[str]
_Bool = bool
_Int = int

_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})
_DATABASES: Final = frozenset({"sqlite", "postgres", "postgresql"})
_MAIL: Final = frozenset({"smtp", "smtps", "smtp+tls", "smtp+ssl", "consolemail"})
_DSN: Final = re.compile(r"https?://[^\s@/:]+(?::[^\s@/]+)?@[^\s@/]+(?:/[^\s/]+)*/\d+")
_HOST: Final = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.?")
_PLACEHOLDERS: Final = ("django-insecure", "changeme", "change-me", "example", "password")
# A random secret of 32 hex digits has 14 different ones on average, and fewer
# than 6 about never.
_LEAST_VARIETY: Final = 6


class ConfigurationError(SystemExit):
    """One line on stderr and exit status 1, whichever program imports the settings.

    A `SystemExit` and not `ImproperlyConfigured`: that one ends in a traceback,
    which hides the line that an operator needs.
    """

    def __init__(self, variable: str, problem: str, remedy: str) -> None:
        self.variable = variable
        super().__init__(f"Traverse cannot start: {variable} {problem}. {remedy}")


class Environment:
    """Typed access to the environment. Every method raises `ConfigurationError`."""

    def __init__(self, source: Mapping[_Str, _Str] | None = None) -> None:
        self._env = environ.FileAwareEnv()
        self._values: Mapping[_Str, _Str] = (
            FileAwareMapping(dict(source)) if source is not None else self._env.ENVIRON
        )

    def raw(self, name: _Str) -> _Str | None:
        """The text of a variable or of its file, without the file's last newline."""
        plain = getattr(self._values, "env", {}).get(name)
        path = getattr(self._values, "env", {}).get(f"{name}_FILE")
        if plain and path:
            raise ConfigurationError(
                name, f"is set twice, also as {name}_FILE", "Keep one of the two."
            )
        if not path:
            return plain or None
        try:
            return self._values[name].rstrip("\r\n") or None
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise ConfigurationError(
                f"{name}_FILE",
                f"names a file that cannot be read ({path}: {reason})",
                f"Give the path of a readable file that holds {name}, or set {name} itself.",
            ) from None

    def str(self, name: _Str, default: _Str) -> _Str:
        return self.raw(name) or default

    def list(self, name: _Str) -> _Strs:
        """Comma separated; spaces around items and empty items are dropped."""
        return [item for part in self.str(name, "").split(",") if (item := part.strip())]

    def bool(self, name: _Str, default: _Bool) -> _Bool:
        value = self.raw(name)
        if value is None:
            return default
        word = value.strip().lower()
        if word not in _TRUE | _FALSE:
            self._reject(name, value, "Write true or false.")
        return word in _TRUE

    def int(
        self, name: _Str, default: _Int, *, minimum: _Int = 0, maximum: _Int | None = None
    ) -> _Int:
        value = self.raw(name)
        if value is None:
            return default
        upper = "" if maximum is None else f" and at most {maximum}"
        remedy = f"Write a whole number of at least {minimum}{upper}."
        if not value.strip().isascii() or not value.strip().isdigit() or len(value) > 12:
            self._reject(name, value, remedy)
        number = _Int(value)
        if number < minimum or (maximum is not None and number > maximum):
            self._reject(name, value, remedy)
        return number

    def choice(self, name: _Str, choices: Sequence[_Str], default: _Str) -> _Str:
        value = self.str(name, default)
        if value not in choices:
            self._reject(name, value, f"Write one of: {', '.join(choices)}.")
        return value

    def secret(self, name: _Str, *, min_length: _Int) -> _Str:
        """A required secret: long, varied and no placeholder. Never shown again."""
        value = self.raw(name)
        remedy = (
            f"Set {name} to at least {min_length} random characters, for example from "
            f"`openssl rand -hex {max(32, min_length)}`, or {name}_FILE to a file that holds them."
        )
        if value is None:
            raise ConfigurationError(name, "is not set", remedy)
        self.check_secret(name, value, min_length=min_length, remedy=remedy)
        return value

    def optional_secret(self, name: _Str, *, min_length: _Int) -> _Str:
        """Empty when not set; held to the rules of `secret` when it is."""
        return self.secret(name, min_length=min_length) if self.raw(name) else ""

    def secrets(self, name: _Str, *, min_length: _Int) -> _Strs:
        """A comma separated list of secrets, each held to the rules of `secret`."""
        values = self.list(name)
        for value in values:
            self.check_secret(
                name, value, min_length=min_length, remedy="Remove the weak one from the list."
            )
        return values

    @staticmethod
    def check_secret(name: _Str, value: _Str, *, min_length: _Int, remedy: _Str) -> None:
        if len(value) < min_length:
            raise ConfigurationError(
                name, f"has {len(value)} characters and needs at least {min_length}", remedy
            )
        lowered = value.lower()
        if len(set(value)) < _LEAST_VARIETY or lowered.startswith(_PLACEHOLDERS):
            raise ConfigurationError(name, "is a placeholder or easily guessed", remedy)

    def database(self, name: _Str, default: _Str) -> dict[_Str, Any]:
        """A `DATABASES` entry with time-outs; SQLite in write-ahead mode."""
        url = self.str(name, default)
        if url.partition("://")[0] not in _DATABASES:
            raise ConfigurationError(
                name,
                "has an unknown scheme",
                "Write postgres://user:password@host:5432/name or sqlite:////path/to/file.",
            )
        try:
            config: dict[_Str, Any] = dict(self._env.db_url_config(url))
        except ValueError:
            raise ConfigurationError(
                name,
                "is not a database address",
                "Write postgres://user:password@host:5432/name and percent-encode the password.",
            ) from None
        if not config["NAME"]:
            raise ConfigurationError(name, "names no database", "Add /name at its end.")
        options = dict(config.get("OPTIONS") or {})
        if url.startswith("sqlite"):
            # A reader never waits for the writer, and a writer takes the lock at
            # the start instead of failing half-way with "database is locked".
            options.setdefault("transaction_mode", "IMMEDIATE")
            options.setdefault("timeout", 5)
            options.setdefault(
                "init_command", "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            )
        else:
            # libpq's own default is to wait for ever.
            options.setdefault("connect_timeout", 2)
        config["OPTIONS"] = options
        return config

    def email(self, name: _Str, default: _Str) -> dict[_Str, Any]:
        """Django's `EMAIL_*` settings out of one address."""
        url = self.str(name, default)
        if url.partition("://")[0] not in _MAIL:
            raise ConfigurationError(
                name,
                "has an unknown scheme",
                "Write smtp+tls://user:password@host:587 (STARTTLS) or smtp+ssl://...:465.",
            )
        try:
            config = dict(self._env.email_url_config(url))
        except ValueError:
            raise ConfigurationError(
                name,
                "is not a mail server's address",
                "Write smtp+tls://user:password@host:587 and percent-encode the password.",
            ) from None
        if url.startswith("smtp") and not config.get("EMAIL_HOST"):
            raise ConfigurationError(name, "names no host", "Write smtp+tls://user:pass@host:587.")
        return {key: value for key, value in config.items() if key.startswith("EMAIL_")}

    def redis(self, name: _Str) -> _Str:
        """Empty when not set."""
        url = self.str(name, "")
        if url and not url.startswith(("redis://", "rediss://", "unix://")):
            raise ConfigurationError(
                name, "is not a Redis address", "Write redis://:password@host:6379/0."
            )
        return url

    def sentry(self, name: _Str) -> _Str:
        """A Sentry DSN; empty when not set."""
        dsn = self.str(name, "")
        if dsn and _DSN.fullmatch(dsn) is None:
            raise ConfigurationError(
                name, "is not a Sentry DSN", "Copy it from Sentry: https://KEY@HOST/PROJECT."
            )
        return dsn

    def host(self, name: _Str) -> _Str:
        """A host name or an address, without scheme and port; empty when not set."""
        value = self.str(name, "")
        if value and _HOST.fullmatch(value) is None and not _is_address(value):
            self._reject(name, value, "Write a host name or an IP address, without scheme or port.")
        return value

    def addresses(self, name: _Str) -> _Strs:
        """A comma separated list of IP addresses."""
        values = self.list(name)
        for value in values:
            if not _is_address(value):
                self._reject(name, value, "Write IP addresses, separated by commas.")
        return values

    @staticmethod
    def require(name: _Str, *, because: _Str, when: _Bool) -> None:
        """`name` must be set, because `because` is."""
        if when:
            raise ConfigurationError(
                name, f"is not set, but {because} is", f"Set {name} too, or leave {because} empty."
            )

    @staticmethod
    def differ(name: _Str, value: _Str, other: _Str, other_value: _Str) -> None:
        """Two secrets must not be one: who learns one would have both."""
        if value and value == other_value:
            raise ConfigurationError(name, f"is the same as {other}", "Make one of its own.")

    def site(self, name: _Str, default: _Str, *, extra: _Str, insecure: _Str) -> Site:
        """`BASE_URL` with `EXTRA_ORIGINS` and `ALLOW_INSECURE_HTTP` as one `Site`."""
        allow_insecure = self.bool(insecure, False)
        extra_origins = self.list(extra)
        try:
            return Site.parse(
                self.str(name, default), extra_origins=extra_origins, allow_insecure=allow_insecure
            )
        except SiteInvalid as error:
            variable = extra if error.address in extra_origins else name
            raise ConfigurationError(variable, error.problem, error.remedy) from None

    @staticmethod
    def _reject(name: _Str, value: _Str, remedy: _Str) -> NoReturn:
        shown = value if len(value) <= 40 else f"{value[:40]}..."
        raise ConfigurationError(name, f"cannot be {shown!r}", remedy)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
