"""The landing page and the pages of failure.

The failure pages promise to work when nothing else does: they ask neither the
database nor a context processor for anything.
"""

from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist, TemplateSyntaxError, loader
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe

_BARE_ERROR: Final = """<!doctype html>
<html lang="en">
<title>Something broke on our side · Traverse</title>
<h1>Something broke on our side</h1>
<p>The error was recorded. Try again in a minute.</p>
</html>
"""


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Names only the paths that this server offers."""
    relayed = bool(settings.TURN_HOST)
    offered = {"relay": relayed, "tls": relayed and bool(settings.TURN_TLS_PORT)}
    return render(request, "landing.html", {"offered": offered})


def _failure(template: str, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(loader.get_template(template).render(), status=status)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _failure("400.html", HTTPStatus.BAD_REQUEST)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _failure("403.html", HTTPStatus.FORBIDDEN)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _failure("404.html", HTTPStatus.NOT_FOUND)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """In words alone when what broke is the templates or the list of static files."""
    try:
        return _failure("500.html", HTTPStatus.INTERNAL_SERVER_ERROR)
    except (TemplateDoesNotExist, TemplateSyntaxError, ValueError):
        return HttpResponse(_BARE_ERROR, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """allauth looks this up as `handler429` of the root URL map."""
    response = _failure("429.html", HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = "60"
    return response


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The reason goes to Django's log, not to the person: it helps only an attacker."""
    return _failure("403_csrf.html", HTTPStatus.FORBIDDEN)
