"""One stream of log events with fields, as JSON for machines or text for people.

Owns: the shape of a log line and the redaction of what goes in it, for our own
events and for those of every library. Call `logging.getLogger(__name__)` and log
an event's name with fields: `log.info("hub.started", extra={"pid": pid})`.
Fields that `core.redaction` does not know are dropped.
"""

import logging
import sys
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from time import monotonic
from types import TracebackType
from typing import Any, Final

import orjson
import structlog
from structlog.typing import EventDict, ExcInfo, WrappedLogger

from core.redaction import scrub_event, scrub_fields, scrub_message

_OWN: Final = ("timestamp", "level", "logger", "exception")
_FRAMES: Final = 30

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

log: Final = logging.getLogger("traverse.socket")


def logging_config(*, level: str, style: str) -> dict[str, Any]:
    """Django's LOGGING: everything through one handler on stderr."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"events": {"()": formatter, "style_name": style}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stderr",
                "formatter": "events",
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would write each line twice and unredacted.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True, "level": "WARNING"},
            # Strangers' Host headers and refused requests are no errors of ours.
            "django.security": {"handlers": [], "propagate": True, "level": "CRITICAL"},
            "django.request": {"handlers": [], "propagate": True, "level": "ERROR"},
            "daphne": {"handlers": [], "propagate": True, "level": "WARNING"},
            "asyncio": {"handlers": [], "propagate": True, "level": "WARNING"},
        },
    }


def formatter(*, style_name: str) -> logging.Formatter:
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        structlog.contextvars.merge_contextvars,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(serializer=_json)
        if style_name == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[_exception, redact, renderer],
    )


def redact(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Only known fields leave; the text of the event passes the patterns."""
    built: EventDict = {key: event[key] for key in _OWN if key in event}
    built["event"] = scrub_event(str(event.get("event", "")))
    built.update((key, value) for key, value in scrub_fields(event).items() if key not in built)
    return built


def _exception(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A traceback of positions: no source lines, no locals, no unsafe messages."""
    info: Any = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[1] is not None:
        event["exception"] = _describe(info)
    return event


def _describe(info: ExcInfo) -> str:
    _, error, trace = info
    lines = [_headline(error), *_frames(trace)]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        lines += [f"caused by {_headline(cause)}", *_frames(cause.__traceback__)]
    return "\n".join(lines)


def _headline(error: BaseException) -> str:
    kind = type(error).__name__
    return f"{kind}: {scrub_message(kind, str(error))}"


def _frames(trace: TracebackType | None) -> list[str]:
    found = traceback.extract_tb(trace, limit=-_FRAMES)
    return [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in found]


def _json(value: object, **_: object) -> str:
    return orjson.dumps(value, default=str).decode()


class SocketLog:
    """ASGI: one line for each socket when it ends; no address, no room, no frame."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._application(scope, receive, send)
            return
        started = monotonic()
        state: dict[str, object] = {"result": "refused", "frames": 0}

        async def counted() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive":
                state["frames"] = int(str(state["frames"])) + 1
            elif message["type"] == "websocket.disconnect":
                state.setdefault("close_code", message.get("code"))
            return message

        async def watched(message: Message) -> None:
            if message["type"] == "websocket.accept":
                state["result"] = "accepted"
            elif message["type"] == "websocket.close":
                state["close_code"] = message.get("code")
            await send(message)

        try:
            await self._application(scope, counted, watched)
        finally:
            elapsed_ms = round((monotonic() - started) * 1000)
            log.info("socket.ended", extra={**state, "duration_ms": elapsed_ms})
