"""Django's ASGI handler with a fixed set of threads that keep their database connections.

Django's own gives each request a new thread, with a new connection to the database, and
under it goes back and forth between that thread and the event loop twice for each
middleware. Here a request passes the whole synchronous chain in one thread of a pool.
Owns those threads; a view in them may still wait for the event loop (`async_to_sync`).
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core.connections import keep_connection
from core.health import OPERATIONS

THREADS: Final = 16
"""Requests beyond that wait their turn; also the most connections that pages hold."""


class PooledHandler(ASGIHandler):
    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(
            THREADS, thread_name_prefix="page", initializer=keep_connection
        )
        # However many pages wait: who is slow to say that it lives is killed for it.
        self._operations = ThreadPoolExecutor(4, thread_name_prefix="operations")
        super().__init__()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        # Without Django's `ThreadSensitiveContext`, whose thread would now be started for
        # nothing but signals and `response.close()`.
        await self.handle(scope, receive, send)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        threads = self._operations if request.path_info in OPERATIONS else self._threads
        respond = sync_to_async(self._respond, thread_sensitive=False, executor=threads)
        return await respond(request)

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        # Django's signals do this in another thread.
        close_old_connections()
        try:
            return self.get_response(request)
        finally:
            close_old_connections()
