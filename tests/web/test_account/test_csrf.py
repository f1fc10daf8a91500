"""Every page that takes a form refuses one from another site."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User

# django-ninja exempts its one entry and checks each operation itself.
CHECKED_ELSEWHERE = ("api/v1/",)
SAMPLES = {"str": "abc", "slug": "abc", "int": "1", "uuid": "0" * 8, "path": "abc"}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, here)
        elif isinstance(entry, URLPattern):
            yield here, entry.callback


VIEWS = [
    (route, view)
    for route, view in patterns(get_resolver())
    if not route.startswith(CHECKED_ELSEWHERE)
]


def test_there_are_pages_to_check() -> None:
    routes = {route for route, _ in VIEWS}
    assert {"accounts/login/", "accounts/logout/", "accounts/signup/"} <= routes
    assert len(routes) > 40


@pytest.mark.parametrize(("route", "view"), VIEWS, ids=[route for route, _ in VIEWS])
def test_no_page_is_exempt(route: str, view: Any) -> None:
    assert not getattr(view, "csrf_exempt", False)


PLAIN = sorted(route for route, _ in VIEWS if not set(route) & set("<(?^$"))


@pytest.mark.parametrize("route", PLAIN)
def test_a_form_without_a_token_changes_nothing(route: str, person: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    user = person(is_staff=True, is_superuser=True)
    client.force_login(user)
    answer = client.post(f"/{route}", {"name": "Eve", "password": "a long enough phrase"})
    if answer.status_code != 405:  # takes no forms at all
        assert answer.status_code == 403
        assert b"That form had gone stale" in answer.content
    assert User.objects.get().name == "Ada"
    assert "_auth_user_id" in client.session
