"""What must never leave a process in a log line or an error report. Pure.

Owns: the patterns of private values (SDP, candidates, addresses, tokens, e-mail
addresses, credentials, query strings) and the names of fields that hold them.
A pattern cannot know a person's name, so whoever reports builds on allow-lists
(`SAFE_FIELDS`, `SAFE_EXCEPTIONS`) and uses the patterns as the second line.
"""

import re
from collections.abc import Mapping
from typing import Final

REMOVED: Final = "[removed]"

SAFE_FIELDS: Final = frozenset(
    [
        "action",
        "amount",
        "attempt",
        "attempts",
        "backend",
        "bytes",
        "capacity",
        "cause",
        "close_code",
        "code",
        "count",
        "duration_ms",
        "elapsed_ms",
        "epoch",
        "errno",
        "error",
        "errors",
        "event",
        "expected",
        "frames",
        "host_count",
        "kind",
        "level",
        "limit",
        "lines",
        "links",
        "lost",
        "method",
        "misses",
        "name_length",
        "number",
        "path_kind",
        "peers",
        "pid",
        "port",
        "process",
        "queue",
        "queued",
        "rate",
        "reason",
        "released",
        "request_id",
        "rest_s",
        "result",
        "retries",
        "retry_after_s",
        "rev",
        "rooms",
        "route",
        "scope",
        "seats",
        "sent",
        "signal",
        "size",
        "status",
        "state",
        "status_code",
        "timeout_s",
        "transport",
        "type",
        "users",
        "version",
        "view",
        "waiting",
    ]
)
"""Keys whose values may be reported, after `scrub_text`. All others are dropped."""

SAFE_EXCEPTIONS: Final = frozenset(
    [
        "AttributeError",
        "ConnectionError",
        "ConnectionRefusedError",
        "ConnectionResetError",
        "CancelledError",
        "ImportError",
        "ImproperlyConfigured",
        "ModuleNotFoundError",
        "NameError",
        "NotImplementedError",
        "OperationalError",
        "RecursionError",
        "SynchronousOnlyOperation",
        "TemplateDoesNotExist",
        "TimeoutError",
        "UnboundLocalError",
        "ZeroDivisionError",
    ]
)
"""Types whose message speaks of the program and not of its input."""

_EVENT: Final = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
_PEM: Final = re.compile(r"-----BEGIN [^-]+-----.*?(?:-----END [^-]+-----|\Z)", re.DOTALL)
_SDP: Final = re.compile(
    r"(?:^|(?<=[\s\"'\\]))(?:v=0\b.*|[abcimopstkz]=(?:-|audio|video|application|candidate|ice-|"
    r"fingerprint|IN |rtpmap|msid|ssrc|setup|mid|group|sendrecv|sctp)[^\n]*)",
    re.DOTALL | re.MULTILINE,
)
_CANDIDATE: Final = re.compile(r"candidate:[^\n\"']*", re.IGNORECASE)
_URL_SECRETS: Final = re.compile(r"(?<=://)[^/\s@\"']+@")
_QUERY: Final = re.compile(r"\?[^\s\"'<>]*=[^\s\"'<>]*")
_EMAIL: Final = re.compile(r"[^\s\"'<>()=,;:]+@[^\s\"'<>()=,;:]+")
_BEARER: Final = re.compile(
    r"\b(bearer|basic|token|cookie|set-cookie|sessionid|csrftoken|authorization|password|secret|"
    r"credential)\b([\"']?\s*[:=]\s*|\s+)[^\s,;]+(?:\s+[A-Za-z0-9._~+/=-]{16,})?",
    re.IGNORECASE,
)
_TURN_USER: Final = re.compile(r"\b\d{9,11}:[A-Za-z0-9]+")
_IPV4: Final = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)(?::\d+)?")
_IPV6: Final = re.compile(
    r"(?<![0-9A-Za-z:.])\[?(?:[0-9a-f]{1,4}:){2,7}[0-9a-f]{0,4}(?:::?[0-9a-f]{0,4})*"
    r"(?:%\w+)?(?:\d{1,3}(?:\.\d{1,3}){3})?\]?(?::\d+)?"
    r"|(?<![0-9A-Za-z:.])\[?(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?::"
    r"(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?(?:\.\d{1,3}){0,3}(?:%\w+)?\]?(?::\d+)?",
    re.IGNORECASE,
)
_MDNS: Final = re.compile(r"\b[0-9a-f-]{36}\.local\b", re.IGNORECASE)
# Django's signed values: payload, time, signature; and JSON Web Tokens.
_SIGNED: Final = re.compile(r"[\w=.-]{3,}:\w{5,7}:[\w-]{20,}|\beyJ[\w-]+(?:\.[\w-]+){1,2}")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_+/=-]{20,}(?::[A-Za-z0-9_+/=-]+)*")
# Identifiers of programs are as long as tokens: snake_case, kebab-case, CamelCase, CONSTANT, paths.
_WORD: Final = re.compile(
    r"/?(?:[a-z]{2,}[0-9]?|[A-Z]{2,}|(?:[A-Z]{1,3}[a-z]{2,})+|[a-z]+(?:[A-Z][a-z]{2,})+)"
    r"(?:[_/-]+(?:[a-z]+[0-9]?|[A-Z]+|(?:[A-Z]{1,3}[a-z]{2,})+))*[_/=-]*"
)


def scrub_text(text: str) -> str:
    """The text with everything that looks private replaced. Never longer than 2,000 characters."""
    text = text[:2000]
    for pattern in (_PEM, _SDP, _CANDIDATE, _URL_SECRETS, _SIGNED, _QUERY, _EMAIL):
        text = pattern.sub(REMOVED, text)
    text = _BEARER.sub(lambda match: f"{match.group(1)}{match.group(2)}{REMOVED}", text)
    for pattern in (_TURN_USER, _MDNS, _IPV4, _IPV6):
        text = pattern.sub(REMOVED, text)
    return _TOKEN.sub(_token, text)


def scrub_message(kind: str, message: str) -> str:
    """The message of an exception of type `kind`, where it may be told at all."""
    return scrub_text(message) if kind in SAFE_EXCEPTIONS else REMOVED


def scrub_event(message: str) -> str:
    """The text of a log call: an event's name as it is, anything else by patterns."""
    return message if _EVENT.fullmatch(message) else scrub_text(message)


def scrub_fields(fields: Mapping[str, object]) -> dict[str, object]:
    """Only known fields, only plain values, texts by patterns."""
    return {
        key: _value(value)
        for key, value in fields.items()
        if key in SAFE_FIELDS and (value is None or isinstance(value, str | int | float))
    }


def _value(value: object) -> object:
    return scrub_text(value) if isinstance(value, str) else value


def _token(match: re.Match[str]) -> str:
    text = match.group(0)
    return text if _WORD.fullmatch(text) else REMOVED
