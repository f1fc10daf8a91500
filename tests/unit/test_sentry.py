"""What would leave for Sentry, read from the serialised envelope of a real client."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sentry_sdk
from asgiref.testing import ApplicationCommunicator
from django.http import HttpRequest, HttpResponse
from django.test import AsyncRequestFactory, Client
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from sentry_sdk.envelope import Envelope
from sentry_sdk.integrations.asgi import SentryAsgiMiddleware
from sentry_sdk.transport import Transport

from core import observability
from tests.support.private import NAME, PRIVATE

TRACES = [(kind, text, trace) for kind, (text, traces) in PRIVATE.items() for trace in traces]
ALL = "\n".join(text for text, _ in PRIVATE.values())


class Captured(Transport):
    """Keeps what a transport would put on the wire."""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(options)
        self.sent: list[bytes] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(envelope.serialize())

    @property
    def text(self) -> str:
        return b"\n".join(self.sent).decode()


@pytest.fixture
def sentry() -> Iterator[Captured]:
    options = observability.options(
        dsn="https://key@sentry.example.org/1", release="1.2.3", environment="test"
    )
    transport = Captured(options)
    sentry_sdk.init(**options, transport=transport)
    sentry_sdk.get_isolation_scope().clear()
    yield transport
    sentry_sdk.get_isolation_scope().clear()
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


def assert_clean(sentry: Captured, *, events: int = 1) -> None:
    assert len(sentry.sent) == events
    found = [(kind, trace) for kind, _, trace in TRACES if trace in sentry.text]
    assert not found, found
    assert "Quentina" not in sentry.text
    assert "Rarename" not in sentry.text


class Odd(ValueError):
    pass


def fail(text: str, kind: type[Exception]) -> None:
    secret_local = text  # noqa: F841  (a local variable of a frame in the report)
    raise kind(text)


@pytest.mark.parametrize("kind", [Odd, RuntimeError, KeyError, TimeoutError, ConnectionError])
@pytest.mark.parametrize("value", PRIVATE)
def test_an_exceptions_message_and_locals_say_nothing_private(
    sentry: Captured, kind: type[Exception], value: str
) -> None:
    try:
        fail(PRIVATE[value][0], kind)
    except kind as error:
        sentry_sdk.capture_exception(error)
    assert_clean(sentry)
    assert kind.__name__ in sentry.text
    assert "test_sentry" in sentry.text, "the place of the failure is told"


def test_a_name_in_a_message_or_a_cause_is_not_told(sentry: Captured) -> None:
    try:
        try:
            fail(NAME, KeyError)
        except KeyError as cause:
            raise Odd(f"no room for {NAME}") from cause
    except Odd as error:
        error.add_note(f"{NAME} {ALL}")
        sentry_sdk.capture_exception(error)
    assert_clean(sentry)


def test_everything_that_can_be_attached_is_dropped(sentry: Captured) -> None:
    scope = sentry_sdk.get_isolation_scope()
    for key, (text, _) in PRIVATE.items():
        scope.set_tag(key.replace(" ", "_"), text)
        scope.set_extra(key, text)
        scope.set_context(key, {"value": text, "name": NAME})
    scope.set_extra("reason", ALL)
    scope.set_user({"id": "7", "email": "a@example.org", "ip_address": "93.184.216.34"})
    scope.fingerprint = [ALL, NAME]
    scope.set_transaction_name(f"/c/{NAME}/{ALL}")
    scope.add_attachment(bytes=ALL.encode(), filename="body.txt")
    sentry_sdk.capture_message(f"a message from the program {ALL}")
    scope.clear()
    assert_clean(sentry)
    assert "body.txt" not in sentry.text


def test_breadcrumbs_keep_the_names_of_events_alone(sentry: Captured) -> None:
    for text, _ in PRIVATE.values():
        sentry_sdk.add_breadcrumb(category="x", message=text, data={"url": text, "name": NAME})
    logging.getLogger("some.library").warning("hello %s", NAME)
    logging.getLogger("some.library").warning("hub.relay_lost")
    sentry_sdk.capture_message("hub.stopped")
    assert_clean(sentry)
    assert "hub.relay_lost" in sentry.text


@pytest.mark.parametrize("value", PRIVATE)
def test_a_log_record_says_nothing_private(sentry: Captured, value: str) -> None:
    text = PRIVATE[value][0]
    log = logging.getLogger("tests.sentry")
    log.error("hub.failed %s", text, extra={"name_": NAME, "sdp": text, "reason": text, "count": 3})
    assert_clean(sentry)
    assert '"count":3' in sentry.text


def test_an_exception_in_a_log_record_says_nothing_private(sentry: Captured) -> None:
    try:
        fail(f"{NAME} {ALL}", Odd)
    except Odd:
        logging.getLogger("tests.sentry").exception("hub.failed", extra={"email": ALL})
    assert_clean(sentry)


@csrf_exempt
def explode(request: HttpRequest, slug: str) -> HttpResponse:
    body = request.body.decode()
    raise Odd(f"{NAME} {body} {request.META.get('HTTP_X_SDP')}")


urlpatterns = [path("c/<str:slug>/explode/", explode, name="explode")]


@pytest.mark.urls(__name__)
def test_a_failing_view_reports_no_part_of_the_request(sentry: Captured) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "k3jd83hd93"
    answer = client.post(
        "/c/Zm9vYmFyYmF6cXV4cXV1eA/explode/?key=4-c2x&next=/x",
        data={"name": NAME, "password": "hunter2extra", "sdp": ALL},
        headers={
            "X-SDP": "a=ice-pwd:asd88fgpdd777uzjYhagZg",
            "Authorization": "Bearer abc.def.ghi-short",
            "X-Forwarded-For": "93.184.216.34",
            "User-Agent": "QuentinaBrowser",
        },
        REMOTE_ADDR="93.184.216.77",
    )
    assert answer.status_code == 500
    assert_clean(sentry)
    assert '"function":"explode"' in sentry.text


@pytest.mark.urls(__name__)
async def test_a_failing_view_over_asgi_reports_no_part_of_the_request(sentry: Captured) -> None:
    from core.handler import PooledHandler

    scope = dict(AsyncRequestFactory().post("/").scope) | {
        "path": "/c/Zm9vYmFyYmF6cXV4cXV1eA/explode/",
        "query_string": b"key=4-c2x&next=/x",
        "client": ("93.184.216.77", 51544),
        "headers": [(b"cookie", b"sessionid=k3jd83hd93"), (b"host", b"localhost")],
        "type": "http",
    }
    asgi = ApplicationCommunicator(observability.instrument(PooledHandler()), scope)
    await asgi.send_input({"type": "http.request", "body": ALL.encode()})
    assert (await asgi.receive_output(5))["status"] == 500
    while (await asgi.receive_output(5)).get("more_body"):
        pass
    await asgi.wait()
    assert_clean(sentry)
    assert '"method":"POST"' in sentry.text


async def socket_application(
    scope: dict[str, Any], receive: Callable[[], Any], send: Callable[[Any], Any]
) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    frame = await receive()
    raise Odd(f"{NAME} cannot be read: {frame['text']}")


async def test_a_failing_socket_reports_no_part_of_its_frames(sentry: Captured) -> None:
    scope = {
        "type": "websocket",
        "path": "/ws/rooms/6ba7b810-9dad-11d1-80b4-00c04fd430c8/",
        "query_string": b"key=4-c2x&next=/x",
        "headers": [(b"cookie", b"sessionid=k3jd83hd93"), (b"host", b"localhost")],
        "client": ("93.184.216.77", 51544),
        "subprotocols": ["call.v1"],
    }
    asgi = ApplicationCommunicator(observability.instrument(socket_application), scope)
    await asgi.send_input({"type": "websocket.connect"})
    assert (await asgi.receive_output(1))["type"] == "websocket.accept"
    await asgi.send_input({"type": "websocket.receive", "text": ALL})
    with pytest.raises(Odd):
        await asgi.wait()
    assert_clean(sentry)
    assert "socket_application" in sentry.text


def test_without_a_dsn_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentry_sdk, "init", lambda **_: pytest.fail("started"))
    observability.init(dsn="", release="", environment="")
    instrumented = observability.instrument(socket_application)
    assert not isinstance(instrumented, SentryAsgiMiddleware)
