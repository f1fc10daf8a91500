"""Error reports to Sentry: off without a DSN, and built from an allow-list.

Owns: what an error report contains. An event is not cleaned but built anew from
the few parts that cannot hold a person's data: types, code positions, event
names, numbers. Messages pass `core.redaction`. Refuses: request headers, bodies,
cookies, query strings, addresses, users, local variables, log arguments.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

import sentry_sdk
from sentry_sdk.integrations.asgi import SentryAsgiMiddleware
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.types import Event, Hint

from core.logging import SocketLog
from core.redaction import REMOVED, scrub_event, scrub_fields, scrub_message, scrub_text

_TOP: Final = (
    "event_id",
    "timestamp",
    "level",
    "logger",
    "platform",
    "release",
    "environment",
    "sdk",
    "type",
)
_FRAME: Final = (
    "filename",
    "function",
    "module",
    "lineno",
    "in_app",
    "context_line",
    "pre_context",
    "post_context",
)
# A function's dotted name. A path is none: a channel's link is a secret.
_CODE_NAME: Final = re.compile(r"[A-Za-z_]\w*(?:\.[\w<>]+)+")
_TRACE: Final = ("trace_id", "span_id", "parent_span_id", "op", "status")


def init(*, dsn: str, release: str, environment: str) -> None:
    """Starts reporting when there is a DSN."""
    if dsn:
        sentry_sdk.init(**options(dsn=dsn, release=release, environment=environment))


def options(*, dsn: str, release: str, environment: str) -> dict[str, Any]:
    """Everything that could carry data is off; `build_event` does not rely on it."""
    return {
        "dsn": dsn,
        "release": release or None,
        "environment": environment,
        "before_send": build_event,
        "before_send_transaction": _refuse,
        "before_breadcrumb": build_breadcrumb,
        "traces_sample_rate": None,
        "include_local_variables": False,
        "max_request_body_size": "never",
        "max_breadcrumbs": 20,
        "server_name": "web",
        "auto_session_tracking": False,
        "send_client_reports": False,
        # Not brotli, which it takes where it finds it: others who speak Sentry's protocol
        # read gzip alone.
        "_experiments": {"transport_compression_algo": "gzip"},
        "auto_enabling_integrations": False,
        "integrations": [
            DjangoIntegration(
                transaction_style="function_name", middleware_spans=False, signals_spans=False
            ),
            LoggingIntegration(),
        ],
    }


def instrument(application: Any) -> Any:
    """The sockets' application, logged and with its failures reported; Django does its own."""
    logged = SocketLog(application)
    if not sentry_sdk.is_initialized():
        return logged
    return SentryAsgiMiddleware(logged, transaction_style="endpoint")


def build_event(event: Event, hint: Hint) -> Event | None:
    """`before_send`: a new event out of the safe parts of the old one."""
    hint.pop("attachments", None)
    source = cast(dict[str, Any], event)
    built = _pick(source, _TOP)
    transaction = source.get("transaction")
    if isinstance(transaction, str) and _CODE_NAME.fullmatch(transaction):
        built["transaction"] = scrub_text(transaction)
    if "exception" in source:
        built["exception"] = {"values": [_exception(item) for item in _values(source["exception"])]}
    if "logentry" in source or "message" in source:
        template = (source.get("logentry") or {}).get("message") or source.get("message")
        built["logentry"] = {"message": scrub_event(str(template))}
    if "breadcrumbs" in source:
        crumbs = _values(source["breadcrumbs"])
        built["breadcrumbs"] = {"values": [_breadcrumb(item) for item in crumbs]}
    if source.get("extra"):
        built["extra"] = scrub_fields(source["extra"])
    method = (source.get("request") or {}).get("method")
    if isinstance(method, str) and method.isalpha():
        built["request"] = {"method": method}
    built["contexts"] = _contexts(source.get("contexts") or {})
    return cast(Event, built)


def build_breadcrumb(crumb: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any] | None:
    """`before_breadcrumb`: only what was logged, and only the name of it."""
    return _breadcrumb(crumb)


def _refuse(event: Event, hint: Hint) -> Event | None:
    return None


def _breadcrumb(crumb: Mapping[str, Any]) -> dict[str, Any]:
    built = _pick(crumb, ("type", "category", "level", "timestamp"))
    template = crumb.get("message")
    if isinstance(template, str):
        # The message is already formatted, so an ordinary one may hold anything.
        name = scrub_event(template)
        built["message"] = name if name == template and " " not in name else REMOVED
    return built


def _exception(value: Mapping[str, Any]) -> dict[str, Any]:
    built = _pick(value, ("type", "module"))
    built["value"] = scrub_message(str(value.get("type")), str(value.get("value") or ""))
    mechanism = value.get("mechanism") or {}
    built["mechanism"] = _pick(mechanism, ("type", "handled", "exception_id", "parent_id"))
    frames = (value.get("stacktrace") or {}).get("frames") or []
    built["stacktrace"] = {"frames": [_pick(frame, _FRAME) for frame in frames]}
    return built


def _contexts(contexts: Mapping[str, Any]) -> dict[str, Any]:
    built: dict[str, Any] = {}
    if "runtime" in contexts:
        built["runtime"] = _pick(contexts["runtime"], ("name", "version"))
    if "trace" in contexts:
        built["trace"] = _pick(contexts["trace"], _TRACE)
    return built


def _values(part: Any) -> list[Mapping[str, Any]]:
    return list(part.get("values") or []) if isinstance(part, Mapping) else list(part or [])


def _pick(source: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: source[key] for key in keys if source.get(key) is not None}
