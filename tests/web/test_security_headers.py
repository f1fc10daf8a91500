"""What browsers are told to refuse, on every kind of answer."""

import re
from contextlib import closing

import pytest
from django.conf import settings
from django.test import AsyncClient, Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db

PAGES = ["/", "/accounts/login/", "/no-such-page/", "/api/v1/openapi.json"]


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_is_isolated_from_other_sites(page: str) -> None:
    headers = Client().get(page).headers
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


def test_a_static_file_says_what_it_is_and_to_whom_and_no_more() -> None:
    with closing(Client().get("/static/js/call/main.js")) as answer:
        headers = answer.headers
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    # A call page loads more than a hundred files: each header of a page counts here.
    assert not {"Referrer-Policy", "Cross-Origin-Opener-Policy", "Origin-Agent-Cluster"} & {
        *headers
    }


def directives(page: str) -> dict[str, list[str]]:
    policy = Client().get(page).headers["Content-Security-Policy"]
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {part[0]: part[1:] for part in parts}


@pytest.mark.parametrize("page", PAGES)
def test_the_policy_allows_no_inline_code_and_no_other_origin(page: str) -> None:
    found = directives(page)
    assert found["default-src"] == ["'none'"]
    assert found["script-src"] == ["'self'"]
    assert found["style-src"] == ["'self'"]
    assert found["base-uri"] == ["'none'"]
    assert found["frame-ancestors"] == ["'none'"]
    assert found["form-action"] == ["'self'"]
    everything = " ".join(word for words in found.values() for word in words)
    assert "unsafe" not in everything
    assert "*" not in everything
    assert not re.search(r"https?://", everything)


def test_the_page_may_open_sockets_to_its_own_origins_only() -> None:
    assert directives("/")["connect-src"] == ["'self'", *settings.SITE.websocket_origins]


def test_only_what_a_call_needs_is_permitted() -> None:
    policy = Client().get("/").headers["Permissions-Policy"]
    for feature in ("camera", "microphone", "display-capture", "fullscreen", "autoplay"):
        assert f"{feature}=(self)" in policy
    for feature in ("geolocation", "payment", "usb", "midi"):
        assert f"{feature}=()" in policy


@pytest.mark.parametrize("page", ["/", "/accounts/login/"])
def test_no_page_holds_inline_code(page: str) -> None:
    html = Client().get(page).content.decode()
    for script in re.findall(r"<script\b[^>]*>", html):
        assert "src=" in script or 'type="application/json"' in script, script
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", html)
    assert "<style" not in html
    assert " style=" not in html
    assert "javascript:" not in html


async def test_the_headers_are_there_over_asgi_as_well() -> None:
    answer = await AsyncClient().get("/no-such-page/")
    assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "localhost:x"])
def test_a_foreign_host_is_refused(host: str) -> None:
    assert Client().get("/", headers={"Host": host}).status_code == 400


def test_a_form_from_another_origin_is_refused(settings: Settings) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    answer = client.post(
        "/accounts/login/",
        {"csrfmiddlewaretoken": client.cookies["csrftoken"].value, "login": "a", "password": "b"},
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 403


def test_cookies_are_for_this_site_and_no_script() -> None:
    client = Client()
    client.get("/accounts/login/")
    cookie = client.cookies["csrftoken"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_over_https_plain_http_is_left_for_good(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    answer = Client().get("/")
    assert answer.status_code == 301
    assert answer.headers["Location"].startswith("https://")
    secure = Client().get("/", secure=True)
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=31536000")
