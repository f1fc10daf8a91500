"""What a log line holds: an event with fields, and nothing private."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.test import Client

from core.logging import SocketLog, formatter, logging_config
from tests.support.private import NAME, PRIVATE

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Everything logged during the test, as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(style_name="json"))
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


def private_in(text: str) -> list[str]:
    traces = [trace for _, found in PRIVATE.values() for trace in found]
    return [trace for trace in [*traces, "Quentina"] if trace in text]


def test_a_line_holds_the_event_its_fields_and_where_it_came_from(lines: Lines) -> None:
    logging.getLogger("a.b").warning("hub.started", extra={"count": 3, "transport": "udp"})
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "hub.started",
        "count": 3,
        "transport": "udp",
        "level": "warning",
        "logger": "a.b",
    }


@pytest.mark.parametrize("kind", PRIVATE)
def test_no_private_value_gets_into_a_line(lines: Lines, kind: str) -> None:
    text = PRIVATE[kind][0]
    log = logging.getLogger("a.b")
    log.warning("a text %s", text)
    log.warning("hub.started", extra={"reason": text, "sdp": text, "address": text})
    assert len(lines()) == 2
    assert not private_in(json.dumps(lines()))


def test_a_field_that_nobody_knows_is_dropped(lines: Lines) -> None:
    logging.getLogger("a.b").warning("hub.started", extra={"display_name": NAME, "count": 1})
    assert "Quentina" not in json.dumps(lines())


def test_an_exception_is_told_by_type_and_place_only(lines: Lines) -> None:
    try:
        try:
            raise KeyError(NAME)
        except KeyError as cause:
            raise ValueError(f"{NAME} {PRIVATE['sdp'][0]}") from cause
    except ValueError:
        logging.getLogger("a.b").exception("hub.failed")
    (line,) = lines()
    assert "ValueError: [removed]" in line["exception"]
    assert "caused by KeyError: [removed]" in line["exception"]
    assert "test_logging.py" in line["exception"]
    assert not private_in(json.dumps(line))


def test_a_request_is_logged_by_route_without_path_query_or_address(lines: Lines) -> None:
    logging.getLogger("traverse").setLevel(logging.INFO)
    Client().get("/-/nothing/Zm9vYmFyYmF6cXV4cXV1eA/?key=4-c2x", REMOTE_ADDR="93.184.216.77")
    (line,) = [line for line in lines() if line["event"] == "request.done"]
    assert line["status"] == 404
    assert line["view"] == "none"
    assert line["request_id"]
    assert not private_in(json.dumps(line))
    assert "4-c2x" not in json.dumps(lines())


async def test_a_socket_leaves_one_line_without_address_or_room(lines: Lines) -> None:
    logging.getLogger("traverse").setLevel(logging.INFO)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await receive()
        await send({"type": "websocket.close", "code": 4400})

    scope = {
        "type": "websocket",
        "path": "/ws/rooms/6ba7b810-9dad-11d1-80b4-00c04fd430c8/",
        "client": ("93.184.216.77", 51544),
        "headers": [],
    }
    socket = ApplicationCommunicator(SocketLog(application), scope)
    await socket.send_input({"type": "websocket.connect"})
    await socket.send_input({"type": "websocket.receive", "text": NAME})
    await socket.wait()
    (line,) = lines()
    assert line["event"] == "socket.ended"
    assert (line["result"], line["close_code"], line["frames"]) == ("accepted", 4400, 1)
    assert not private_in(json.dumps(line))


def test_refused_requests_are_no_errors() -> None:
    loggers = logging_config(level="INFO", style="json")["loggers"]
    assert loggers["django.security"]["level"] == "CRITICAL"
    assert loggers["django.request"]["level"] == "ERROR"
