"""Counters for operators, in Prometheus' text format at `/-/metrics`.

Owns: the names of metrics that belong to no app. Refuses: anything that names a
person, a room or an address, also as a label. Each process counts for itself;
the scraper adds up.
"""

import hmac
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

RATE_LIMITED: Final = Counter(
    "traverse_ratelimit_refused_total", "Requests refused by a rate limit.", ["rate"]
)
RATE_LIMIT_ERRORS: Final = Counter(
    "traverse_ratelimit_errors_total", "Requests admitted because the counter was away."
)
TURN_CREDENTIALS: Final = Counter(
    "traverse_turn_credentials_total", "TURN credentials asked for over HTTP.", ["result"]
)
REQUEST_SECONDS: Final = Histogram(
    "traverse_http_request_seconds",
    "Time to answer a request.",
    ["method", "view", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Only from this machine, or with `Authorization: Bearer METRICS_TOKEN`.

    404 and not 403 to everybody else: there is nothing here for them.
    """
    if not _may_read(request):
        return HttpResponse(status=404)
    response = HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    # A forwarded request comes from the proxy's address, and is somebody else's.
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
