"""Making an account: open, by invitation, not at all."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import links
from accounts.models import LinkPurpose, OneTimeLink, User
from tests.support.people import PASSWORD

SIGNUP = "/accounts/signup/"


def fields(**changed: str) -> dict[str, str]:
    return {"email": "ada@example.org", "name": "Ada", "password1": PASSWORD, **changed}


def invitation() -> str:
    """The path of a fresh invitation."""
    address = links.create_link(
        purpose=LinkPurpose.INVITE, life=links.INVITE_LIFE, now=timezone.now()
    )
    return address.removeprefix("http://localhost:8000")


def test_signing_up_logs_in_and_leads_to_the_channels(client: Client) -> None:
    answer = client.post(SIGNUP, fields())
    assert (answer.status_code, answer["Location"]) == (302, "/channels/")
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_the_address_is_kept_in_lower_case_and_the_name_clean(client: Client) -> None:
    client.post(SIGNUP, fields(email="Ada@EXAMPLE.org", name="  A\u202eda\u200b <b> "))
    user = User.objects.get()
    assert (user.email, user.name) == ("ada@example.org", "Ada <b>")


def test_a_name_with_markup_is_shown_as_text(client: Client) -> None:
    client.post(SIGNUP, fields(name="<script>alert(1)</script>"))
    page = client.get("/accounts/profile/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "no address"},
        {"email": ""},
        {"name": ""},
        {"name": "\u200b"},
        {"name": "x" * 65},
        {"name": "x" * 10_000},
        {"password1": ""},
        {"password1": "short"},
        {"password1": "password123"},
        {"password1": "1029384756"},
        {"password1": "ada@example.org"},
        {"name": "Ada Wilhelmina", "password1": "wilhelmina!"},
    ],
)
def test_what_cannot_be_an_account_is_refused_with_a_reason(
    client: Client, wrong: dict[str, str]
) -> None:
    answer = client.post(SIGNUP, fields(**wrong))
    assert answer.status_code == 200
    assert answer.content.decode().count('class="field__error"') == 1
    assert not User.objects.exists()


def test_a_password_never_comes_back_in_the_page(client: Client) -> None:
    answer = client.post(SIGNUP, fields(name="", password1="my dear secret phrase"))
    assert b"my dear secret phrase" not in answer.content


def test_without_mail_a_taken_address_is_named(client: Client, ada: User) -> None:
    answer = client.post(SIGNUP, fields(email="ADA@example.org"))
    assert b"There is an account with this address" in answer.content
    assert User.objects.count() == 1


def test_with_mail_the_account_opens_only_after_the_mailed_link(
    client: Client, with_mail: None
) -> None:
    answer = client.post(SIGNUP, fields())
    assert answer["Location"] == "/accounts/confirm-email/"
    assert "_auth_user_id" not in client.session
    [message] = mail.outbox
    link = next(line for line in message.body.splitlines() if line.startswith("http"))
    assert message.to == ["ada@example.org"]

    stranger = Client()
    login = stranger.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in stranger.session
    assert login.status_code in {200, 302, 429}

    path = link.removeprefix("http://localhost:8000")
    assert client.get(path).status_code == 200
    assert not EmailAddress.objects.get().verified, "a GET confirms nothing"
    client.post(path)
    assert EmailAddress.objects.get().verified


def test_closed_means_closed_for_reading_and_for_posting(
    client: Client, settings: Settings
) -> None:
    settings.SIGNUP = "closed"
    path = invitation()
    client.get(path)
    for answer in (client.get(SIGNUP), client.post(SIGNUP, fields())):
        assert b"No sign-up here" in answer.content
    assert not User.objects.exists()


def test_an_invitation_that_nobody_needs_costs_no_session(
    client: Client, settings: Settings
) -> None:
    settings.SIGNUP = "open"
    answer = client.get("/accounts/invitation/anything/")
    assert answer["Location"] == "/accounts/signup/"
    assert not Session.objects.exists()


def test_an_invitation_opens_sign_up_once(client: Client, settings: Settings) -> None:
    settings.SIGNUP = "invite"
    path = invitation()
    assert b"No sign-up here" in client.post(SIGNUP, fields()).content
    assert client.get(path)["Location"] == SIGNUP
    assert client.post(SIGNUP, fields()).status_code == 302
    assert User.objects.count() == 1

    second = Client()
    assert second.get(path).status_code == 404
    second.post(SIGNUP, fields(email="eve@example.org"))
    assert User.objects.count() == 1


def test_of_two_with_one_invitation_only_the_first_gets_in(settings: Settings) -> None:
    settings.SIGNUP = "invite"
    path = invitation()
    first, second = Client(), Client()
    first.get(path)
    second.get(path)
    first.post(SIGNUP, fields())
    second.post(SIGNUP, fields(email="eve@example.org"))
    assert [user.email for user in User.objects.all()] == ["ada@example.org"]


def test_a_refused_form_does_not_use_the_invitation_up(client: Client, settings: Settings) -> None:
    settings.SIGNUP = "invite"
    client.get(invitation())
    client.post(SIGNUP, fields(password1="short"))
    assert client.post(SIGNUP, fields()).status_code == 302


def test_an_invitation_expires(client: Client, settings: Settings) -> None:
    settings.SIGNUP = "invite"
    path = invitation()
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(path).status_code == 404


def test_an_owner_link_is_no_invitation(client: Client, settings: Settings) -> None:
    settings.SIGNUP = "invite"
    address = links.create_link(
        purpose=LinkPurpose.OWNER, life=links.OWNER_LIFE, now=timezone.now()
    )
    token = address.rstrip("/").rpartition("/")[2]
    assert client.get(f"/accounts/invitation/{token}/").status_code == 404


def test_the_invite_command_prints_links_that_work(
    client: Client, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SIGNUP = "invite"
    call_command("invite", "3", note="choir")
    printed = capsys.readouterr().out.split()
    assert len(set(printed)) == 3
    assert {link.note for link in OneTimeLink.objects.all()} == {"choir"}
    assert client.get(printed[0].removeprefix("http://localhost:8000")).status_code == 302


def test_the_invite_command_says_when_invitations_are_worth_nothing(
    settings: Settings,
) -> None:
    settings.SIGNUP = "closed"
    with pytest.raises(CommandError):
        call_command("invite")


def test_an_administrator_makes_an_invitation_in_the_admin(
    person: Callable[..., User], client: Client, settings: Settings
) -> None:
    settings.SIGNUP = "invite"
    client.force_login(person(is_staff=True, is_superuser=True))
    page = client.post("/admin/accounts/onetimelink/add/", {"note": "choir"}, follow=True)
    link = OneTimeLink.objects.get()
    assert (link.note, link.purpose) == ("choir", LinkPurpose.INVITE)
    text = page.content.decode()
    address = text[text.index("http://localhost:8000/accounts/invitation/") :].split("<")[0]
    assert Client().get(address.strip().removeprefix("http://localhost:8000")).status_code == 302
    later = client.get("/admin/accounts/onetimelink/").content.decode()
    assert "/accounts/invitation/" not in later, "the address is shown once"


def test_the_database_holds_no_token(settings: Settings) -> None:
    token = invitation().rstrip("/").rpartition("/")[2]
    row = OneTimeLink.objects.values().get()
    assert token not in str(row)
