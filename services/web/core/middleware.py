"""Response headers that no library of ours sets.

Owns: the isolation headers. The Content-Security-Policy and the
Permissions-Policy come from their own middleware and from settings.
"""

from collections.abc import Awaitable, Callable
from typing import Final, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse

_HEADERS: Final = {
    # Nothing of ours may be read by, or share a process with, another site's page.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Origin-Agent-Cluster": "?1",
    "X-Permitted-Cross-Domain-Policies": "none",
}

_Sync = Callable[[HttpRequest], HttpResponse]
_Async = Callable[[HttpRequest], Awaitable[HttpResponse]]


class IsolationHeadersMiddleware:
    """Above WhiteNoise, so that static files carry the headers too."""

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


def _with_headers(response: HttpResponse) -> HttpResponse:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
