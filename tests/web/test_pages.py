"""What holds for every page: a language, a title, one heading, labels, no inline code."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.management import call_command
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import User
from core import views
from tests.support.pages import read

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough phrase"


@pytest.fixture(autouse=True)
def _surroundings(settings: Settings) -> None:
    cache.clear()
    settings.PASSWORD_HASHERS = ["tests.support.hashing.CountingHasher"]


@pytest.fixture
def ada() -> User:
    user = User.objects.create_user("ada@example.org", PASSWORD, name="Ada")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@pytest.fixture
def home(client: Client, ada: User) -> Client:
    client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def sound(client: Client, path: str, *, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.headers.get("Location")
    text = answer.content.decode()
    assert read(text).faults == []
    assert "Traverse" in read(text).title
    # A person never meets a page of the library's own.
    assert "Menu:" not in text
    return text


OPEN = [
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/logout/",
    "/accounts/inactive/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/nonsense/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/1-set-password/",
]


@pytest.mark.parametrize("path", [path for path in OPEN if "logout" not in path])
def test_pages_for_everybody(client: Client, path: str) -> None:
    sound(client, path)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/accounts/profile/",
        "/accounts/profile/delete/",
        "/accounts/logout/",
        "/accounts/password/change/",
        "/accounts/reauthenticate/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
    ],
)
def test_pages_for_people_with_an_account(home: Client, path: str) -> None:
    sound(home, path)


@pytest.mark.parametrize("signup", ["open", "invite", "closed"])
@pytest.mark.parametrize("with_mail", [True, False])
def test_pages_that_depend_on_the_installation(
    client: Client, settings: Settings, signup: str, with_mail: bool
) -> None:
    settings.SIGNUP, settings.MAIL_ENABLED = signup, with_mail
    for path in ("/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
        sound(client, path)
    text = sound(client, "/accounts/password/reset/done/")
    assert ("Look in your mailbox" in text) is with_mail


def test_pages_about_the_address(home: Client, ada: User, settings: Settings) -> None:
    settings.MAIL_ENABLED = True
    sound(home, "/accounts/email/")
    pending = EmailAddress.objects.create(user=ada, email="new@example.org", verified=False)
    assert "new@example.org" in sound(home, "/accounts/email/")
    key = EmailConfirmationHMAC.create(pending).key
    sound(home, f"/accounts/confirm-email/{key}/")


def test_pages_of_the_second_factor(home: Client, ada: User) -> None:
    TOTP.activate(ada, generate_totp_secret())
    sound(home, "/accounts/2fa/")
    sound(home, "/accounts/2fa/recovery-codes/generate/")
    RecoveryCodes.activate(ada)
    for path in ("", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"):
        sound(home, f"/accounts/2fa/{path}")
    sound(home, "/accounts/2fa/reauthenticate/")
    assert Authenticator.objects.count() == 2
    halfway = Client()
    halfway.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
    sound(halfway, "/accounts/2fa/authenticate/")


def test_the_recovery_codes_can_be_kept_as_a_file(home: Client, ada: User) -> None:
    TOTP.activate(ada, generate_totp_secret())
    codes = RecoveryCodes.activate(ada).get_unused_codes()
    file = home.get("/accounts/2fa/recovery-codes/download/")
    assert file.status_code == 200, file.headers
    assert file["Content-Type"] == "text/plain"
    assert file.content.decode().split() == codes


def test_the_page_of_the_first_administrator(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("owner_link")
    path = capsys.readouterr().out.strip().removeprefix("http://localhost:8000")
    sound(client, path)


def test_the_page_of_a_used_set_up_link(home: Client) -> None:
    path = "/setup/" + "A" * 43 + "/"
    sound(Client(), path, status=404)
    assert 'href="/channels/"' in sound(home, path, status=404)


def test_the_page_of_a_bad_invitation(client: Client, settings: Settings) -> None:
    settings.SIGNUP = "invite"
    sound(client, "/accounts/invitation/nonsense/", status=404)


def test_a_choosing_password_page(
    client: Client, ada: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("reset_link", ada.email)
    path = capsys.readouterr().out.strip().removeprefix("http://localhost:8000")
    sound(client, client.get(path)["Location"])


def test_a_refused_form_is_as_sound_as_a_fresh_one(client: Client, ada: User) -> None:
    for path, data in {
        "/accounts/login/": {"login": ada.email, "password": "wrong"},
        "/accounts/signup/": {"email": "x", "name": "", "password1": "1"},
        "/accounts/password/reset/": {"email": "x"},
    }.items():
        text = client.post(path, data).content.decode()
        assert read(text).faults == []
        described = re.findall(r'aria-describedby="([^"]+)"', text)
        assert all(target in read(text).ids for ids in described for target in ids.split())


def test_no_page_of_an_account_is_kept_by_a_cache(home: Client) -> None:
    for path in ("/accounts/profile/", "/accounts/profile/delete/"):
        assert "no-store" in home.get(path)["Cache-Control"]


# --- Failures -----------------------------------------------------------------


def test_an_unknown_address_gets_our_page(client: Client) -> None:
    assert "There is no such page" in sound(client, "/nothing/here/", status=404)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda request: views.bad_request(request, SuspiciousOperation("secret")), 400),
        (lambda request: views.permission_denied(request, PermissionDenied("secret")), 403),
        (lambda request: views.csrf_failure(request, reason="secret"), 403),
        (lambda request: views.page_not_found(request, Http404("secret")), 404),
        (views.too_many_requests, 429),
        (views.server_error, 500),
    ],
)
def test_failure_pages_ask_nobody_for_anything(
    rf: RequestFactory, answer: Callable[[HttpRequest], HttpResponse], status: int
) -> None:
    without_session_or_user = rf.get("/")
    with CaptureQueriesContext(connection) as queries:
        response = answer(without_session_or_user)
    assert response.status_code == status
    assert not queries.captured_queries
    assert b"secret" not in response.content
    assert read(response.content.decode()).faults == []


def test_even_without_templates_a_failure_is_answered(
    rf: RequestFactory, settings: Settings
) -> None:
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
    answer = views.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert b"Something broke on our side" in answer.content


# --- Style --------------------------------------------------------------------


@pytest.fixture
def styles(root: Path) -> dict[str, str]:
    folder = root / "services/web/static/css"
    return {path.name: path.read_text() for path in folder.glob("*.css")}


def declarations(block: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", block))


def test_what_is_dark_in_either_theme_has_the_dark_themes_colours(styles: dict[str, str]) -> None:
    tokens = styles["tokens.css"]
    dark = tokens.split("prefers-color-scheme: dark")[1].split(".theme-dark")
    assert declarations(dark[0]) == declarations(dark[1])
    assert len(declarations(dark[0])) > 15


def test_colours_are_written_in_the_tokens_only(styles: dict[str, str]) -> None:
    colour = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")
    ours = ("base.css", "layout.css", "forms.css", "components.css", "landing.css")
    assert [name for name in ours if colour.search(styles[name])] == []


def luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_have_the_contrast_that_wcag_asks_for(styles: dict[str, str], theme: str) -> None:
    light, dark = styles["tokens.css"].split("prefers-color-scheme: dark")
    tokens = declarations(light if theme == "light" else dark.split(".theme-dark")[0])
    words = [
        ("text", "ground"),
        ("text", "surface"),
        ("text", "surface-sunken"),
        ("text-muted", "ground"),
        ("text-muted", "surface"),
        ("text-muted", "surface-sunken"),
        ("accent", "ground"),
        ("accent", "surface"),
        ("on-accent", "accent"),
        ("on-accent", "accent-strong"),
        ("danger", "ground"),
        ("danger", "surface"),
        ("on-danger", "danger"),
        ("text", "danger-soft"),
        ("good", "good-soft"),
        ("warn", "warn-soft"),
        ("text", "warn-soft"),
    ]
    low = [pair for pair in words if contrast(tokens[f"--{pair[0]}"], tokens[f"--{pair[1]}"]) < 4.5]
    assert low == []
    edges = [("line-strong", "ground"), ("line-strong", "surface"), ("accent", "surface")]
    assert [e for e in edges if contrast(tokens[f"--{e[0]}"], tokens[f"--{e[1]}"]) < 3] == []
