"""Nothing that is sent to an account page becomes a traceback, an ERROR, or markup."""

import logging
from html import escape

import pytest
from django.test import Client

from accounts.models import User
from accounts.names import NameInvalid, clean_name
from tests.support.pages import read
from tests.support.people import PASSWORD
from tests.support.xss import CORPUS

NASTY = (
    "",
    "\x00",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "\u202e\u200b\ufeff",
    "a" * 10_000,
    "💥" * 500,
    "a@" + "b" * 300 + ".example",
    "'; DROP TABLE accounts_user; --",
    "<script>alert(1)</script>",
    "%00%ff%c0%ae",
    "9" * 400,
)
FORMS = {
    "/accounts/login/": ("login", "password", "remember", "next"),
    "/accounts/signup/": ("email", "name", "password1", "next"),
    "/accounts/password/reset/": ("email",),
    "/accounts/profile/": ("name",),
    "/accounts/profile/delete/": ("password",),
    "/accounts/password/change/": ("oldpassword", "password1", "password2"),
    "/accounts/reauthenticate/": ("password",),
    "/accounts/email/": ("email", "action_add", "action_remove"),
    "/accounts/2fa/totp/activate/": ("code",),
}
ADDRESSES = (
    "/accounts/password/reset/key/zzzzzzzzzzzzz-abc/",
    "/accounts/password/reset/key/" + "z" * 500 + "-abc/",
    "/accounts/password/reset/key/1-" + "%00" * 20 + "/",
    "/accounts/confirm-email/" + "a:b:" * 300 + "/",
    "/accounts/invitation/" + "%F0%9F%92%A5" * 50 + "/",
    "/accounts/invitation/%00/",
    "/setup/%00/",
    "/setup/" + "A" * 5_000 + "/",
    "/accounts/login/?next=%00",
    "/accounts/login/?next=" + "/" * 5_000,
    "/accounts/signup/?email=%00%ff",
    "/%ff%fe/",
)


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("known", [True, False], ids=["person", "stranger"])
def test_a_form_full_of_nonsense(
    ada: User, caplog: pytest.LogCaptureFixture, path: str, text: str, known: bool
) -> None:
    client = Client()
    if known:
        client.force_login(ada)
    answer = client.post(path, dict.fromkeys(FORMS[path], text))
    assert answer.status_code < 500
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    if answer.status_code == 200:
        assert read(answer.content.decode()).faults == []


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post", "head", "put", "delete", "options"])
def test_an_address_full_of_nonsense(
    client: Client, caplog: pytest.LogCaptureFixture, path: str, method: str
) -> None:
    answer = getattr(client, method)(path)
    assert answer.status_code < 500
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_body_that_is_no_form(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain", "\x7f"):
        answer = client.post("/accounts/login/", b"\xff\x00{[", content_type=kind)
        assert answer.status_code < 500
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_form_of_a_thousand_fields_is_refused(client: Client) -> None:
    answer = client.post("/accounts/login/", {f"f{n}": "x" for n in range(1_000)})
    assert answer.status_code == 400
    assert b"That request made no sense" in answer.content


@pytest.mark.parametrize("text", CORPUS)
def test_a_name_is_never_markup(client: Client, ada: User, text: str) -> None:
    try:
        name = clean_name(text)
    except NameInvalid:
        name = clean_name(text[:64])
    client.force_login(ada)
    plain = read(client.get("/accounts/profile/").content.decode())
    saved = client.post("/accounts/profile/", {"name": name})
    assert saved.status_code == 302
    for path in ("/", "/accounts/profile/"):
        page = client.get(path).content.decode()
        assert read(page).faults == []
        assert f"<bdi>{escape(name)}</bdi>" in page.replace("&#39;", "&#x27;")
    refused = client.post("/accounts/profile/", {"name": text + "x" * 64}).content.decode()
    assert read(refused).ids[:3] == plain.ids[:3]
    assert read(refused).faults == []


@pytest.mark.parametrize("text", CORPUS)
def test_what_a_stranger_types_comes_back_as_text(client: Client, text: str) -> None:
    for path, data in {
        "/accounts/login/": {"login": text, "password": PASSWORD},
        "/accounts/signup/": {"email": text, "name": text, "password1": ""},
        f"/accounts/login/?next={text}": {"login": "x", "password": "x", "next": text},
    }.items():
        assert read(client.post(path, data).content.decode()).faults == []
