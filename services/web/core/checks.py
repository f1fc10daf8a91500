"""`manage.py check --deploy`: what would work badly or unsafely in production, in plain words.

What is plainly unsafe does not get here: `core.environment` refuses to start.
These are choices that are right on one's own machine and rarely elsewhere. Each
says what happens to people and what to set.
"""

from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error


@checks.register("traverse", checks.Tags.security, deploy=True)
def check_production(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    return [*_site(), *_state(), *_mail(), *_turn()]


def _site() -> Iterator[CheckMessage]:
    if not settings.SITE.secure:
        yield Error(
            "BASE_URL is plain http: passwords and calls' signalling travel in clear, and "
            "browsers give no camera on any host but this one.",
            hint="Set BASE_URL=https://your.host.",
            id="traverse.E001",
        )
    elif not settings.TRUST_PROXY:
        yield checks.Warning(
            "BASE_URL is https, but nothing tells the service which requests came over TLS: "
            "each page would redirect to itself.",
            hint="Set TRUST_PROXY=true behind a proxy that sets X-Forwarded-Proto itself.",
            id="traverse.W002",
        )
    if not settings.STATIC_COLLECTED:
        yield Error(
            "The static files are not collected: pages are served uncached and uncompressed.",
            hint="Run manage.py build_icons and manage.py collectstatic.",
            id="traverse.E003",
        )


def _state() -> Iterator[CheckMessage]:
    if not settings.REDIS_URL:
        if settings.WEB_CONCURRENCY > 1:
            yield Error(
                f"WEB_CONCURRENCY is {settings.WEB_CONCURRENCY}, but REDIS_URL is not set: people "
                "in the same channel would land in different processes and never meet.",
                hint="Set REDIS_URL, or run one process.",
                id="traverse.E004",
            )
        else:
            yield checks.Warning(
                "REDIS_URL is not set: presence lives in one process, a restart asks every page "
                "to come back, and a second process would split channels.",
                hint="Set REDIS_URL=redis://...",
                id="traverse.W005",
            )
    elif settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield checks.Warning(
            "DATABASE_URL is SQLite while REDIS_URL allows several processes: they would wait "
            "for each other at every write, and must share one disk.",
            hint="Set DATABASE_URL=postgres://...",
            id="traverse.W006",
        )


def _mail() -> Iterator[CheckMessage]:
    if settings.MAIL_ENABLED:
        return
    if settings.SIGNUP == "open":
        yield checks.Warning(
            "Anybody may sign up and no mail can be sent: addresses are not proven, sign-up tells "
            "whether an address has an account, and forgotten passwords stay forgotten.",
            hint="Set EMAIL_URL=smtp+tls://..., or SIGNUP=invite or closed.",
            id="traverse.W007",
        )
    else:
        yield checks.Warning(
            "No mail can be sent: a forgotten password needs an administrator.",
            hint="Set EMAIL_URL=smtp+tls://...",
            id="traverse.W008",
        )


def _turn() -> Iterator[CheckMessage]:
    if not settings.TURN_HOST:
        yield checks.Warning(
            "No TURN relay is configured: people behind strict firewalls and symmetric NATs "
            "cannot connect.",
            hint="Set TURN_HOST and TURN_SECRET.",
            id="traverse.W009",
        )
        return
    if settings.TURN_TLS_PORT and _is_address(settings.TURN_HOST):
        yield checks.Warning(
            "TURN over TLS is offered by address, and certificates are for names.",
            hint="Set TURN_HOST to the name in the certificate.",
            id="traverse.W010",
        )
    if bool(settings.TURN_TCP_443_PORT) != bool(settings.TURN_PUBLIC_IPS):
        yield checks.Warning(
            "Only one of TURN_TCP_443_PORT and TURN_PUBLIC_IPS is set: plain TURN by address, "
            "which needs no DNS, is not offered.",
            hint="Set both or neither.",
            id="traverse.W011",
        )


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
