"""Pages run in a few threads that stay, each with one open connection."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.db import close_old_connections, connection
from django.http import HttpRequest, HttpResponse
from django.test import AsyncRequestFactory
from django.urls import path

from core.connections import keep_connection
from core.handler import THREADS, PooledHandler


def where(request: HttpRequest) -> HttpResponse:
    async def loop_thread() -> str:
        return threading.current_thread().name

    return HttpResponse(f"{threading.current_thread().name} {async_to_sync(loop_thread)()}")


gate = threading.Event()


def slow(request: HttpRequest) -> HttpResponse:
    gate.wait(10)
    return HttpResponse("at last")


urlpatterns = [path("where", where), path("slow", slow)]


async def ask(handler: PooledHandler, address: str) -> str:
    scope: dict[str, Any] = dict(AsyncRequestFactory().get(address).scope) | {"type": "http"}
    scope["headers"] = [(b"host", b"localhost")]
    asgi = ApplicationCommunicator(handler, scope)
    await asgi.send_input({"type": "http.request"})
    assert (await asgi.receive_output(5))["status"] == 200
    body = (await asgi.receive_output(5))["body"]
    await asgi.wait()
    return str(body.decode())


@pytest.mark.urls(__name__)
async def test_requests_share_a_few_threads_and_wait_for_the_one_event_loop() -> None:
    handler = PooledHandler()
    answers = [await ask(handler, "/where") for _ in range(THREADS + 4)]
    view_threads, loops = zip(*(answer.split() for answer in answers), strict=True)
    assert all(name.startswith("page_") for name in view_threads)
    assert len(set(view_threads)) < THREADS
    assert set(loops) == {threading.current_thread().name}


@pytest.mark.urls(__name__)
async def test_a_process_with_all_threads_busy_still_says_that_it_lives() -> None:
    handler = PooledHandler()
    gate.clear()
    busy = [asyncio.create_task(ask(handler, "/slow")) for _ in range(THREADS * 2)]
    try:
        assert '"ok"' in await ask(handler, "/-/health")
        assert not any(task.done() for task in busy)
    finally:
        gate.set()
        assert set(await asyncio.gather(*busy)) == {"at last"}


@pytest.fixture
def keeping_thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1, initializer=keep_connection) as thread:
        yield thread
        thread.submit(lambda: connection.close()).result()


@pytest.mark.django_db(transaction=True)
def test_a_thread_that_keeps_its_connection_has_it_after_each_request(
    keeping_thread: ThreadPoolExecutor,
) -> None:
    def request() -> object:
        close_old_connections()
        connection.ensure_connection()
        used: object = connection.connection
        close_old_connections()
        return used

    first, second = (keeping_thread.submit(request).result() for _ in range(2))
    assert first is second
