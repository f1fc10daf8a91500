"""What happens to every request: one log line, one measurement, the isolation headers.

The Content-Security-Policy and the Permissions-Policy come from their own
middleware and from settings.
"""

import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Final, cast

from asgiref.sync import async_to_sync, iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from structlog.contextvars import bound_contextvars

from core import metrics
from core.health import OPERATIONS

log: Final = logging.getLogger("traverse.request")

_HEADERS: Final = {
    # Nothing of ours may be read by, or share a process with, another site's page.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Origin-Agent-Cluster": "?1",
    "X-Permitted-Cross-Domain-Policies": "none",
}

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_CLIENT_ERROR: Final = 400

_Sync = Callable[[HttpRequest], HttpResponse]
_Async = Callable[[HttpRequest], Awaitable[HttpResponse]]


class IsolationHeadersMiddleware:
    """What a page is told; static files carry `core.static_headers` instead."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: _Sync | _Async) -> None:
        self._get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        if self._is_async:
            return self._respond(request)
        return _with_headers(cast(_Sync, self._get_response)(request))

    async def _respond(self, request: HttpRequest) -> HttpResponse:
        return _with_headers(await cast(_Async, self._get_response)(request))


class PageCompressionMiddleware(GZipMiddleware):
    """Pages only: static files were compressed when they were collected.

    Compressing a secret beside words of an attacker's choice shows the secret by the
    length (BREACH). Django masks its CSRF token anew in each page and adds a random
    length to each answer; what else a page holds that is secret, a ticket, is signed
    anew for each page, too.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class OperationsMiddleware:
    """Answers health checks and scrapers before the host check and the TLS redirect.

    They come from inside, over plain http, by whatever name or address the
    orchestrator knows; they touch no session and name no host in their answers.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: _Sync | _Async) -> None:
        self._get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        if self._is_async:
            return self._respond(request)
        view = OPERATIONS.get(request.path_info)
        if view is None:
            return cast(_Sync, self._get_response)(request)
        if iscoroutinefunction(view):
            return async_to_sync(cast(_Async, view))(request)
        return cast(_Sync, view)(request)

    async def _respond(self, request: HttpRequest) -> HttpResponse:
        view = OPERATIONS.get(request.path_info)
        if view is None:
            return await cast(_Async, self._get_response)(request)
        if iscoroutinefunction(view):
            return await cast(_Async, view)(request)
        return cast(_Sync, view)(request)


class RequestLogMiddleware:
    """Outermost. Names the route and never the path: a channel's link is a secret."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: _Sync | _Async) -> None:
        self._get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        if self._is_async:
            return self._watch(request)
        started = time.perf_counter()
        with bound_contextvars(request_id=secrets.token_hex(8)):
            response = cast(_Sync, self._get_response)(request)
            _record(request, response, started)
        return response

    async def _watch(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        with bound_contextvars(request_id=secrets.token_hex(8)):
            response = await cast(_Async, self._get_response)(request)
            _record(request, response, started)
        return response


def _record(request: HttpRequest, response: HttpResponse, started: float) -> None:
    match = request.resolver_match
    view = (match.view_name or "unnamed") if match is not None else "none"
    elapsed_s = time.perf_counter() - started
    method = request.method if request.method in _METHODS else "OTHER"
    metrics.REQUEST_SECONDS.labels(method, view, str(response.status_code)).observe(elapsed_s)
    # Static files and health checks, which reach no view, would drown the rest.
    quiet = view == "none" and response.status_code < _CLIENT_ERROR
    if not quiet:
        fields = {
            "method": method,
            "view": view,
            "status": response.status_code,
            "duration_ms": round(elapsed_s * 1000, 1),
        }
        log.info("request.done", extra=fields)


def _with_headers(response: HttpResponse) -> HttpResponse:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
