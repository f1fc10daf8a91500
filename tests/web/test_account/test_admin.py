"""What administrators do for people where no mail can."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from tests.support.pages import read
from tests.support.people import OTHER_PASSWORD, PASSWORD


@pytest.fixture
def admin(client: Client, person: Callable[..., User]) -> Client:
    client.force_login(person("root@example.org", name="Root", is_staff=True, is_superuser=True))
    return client


def test_an_account_made_here_can_log_in_at_once(
    admin: Client, with_mail: None, log_in: Callable[..., object]
) -> None:
    made = admin.post(
        "/admin/accounts/user/add/",
        {
            "email": "Bob@Example.org",
            "name": "  Bob\u200b ",
            "usable_password": "true",
            "password1": OTHER_PASSWORD,
            "password2": OTHER_PASSWORD,
        },
    )
    assert made.status_code == 302
    bob = User.objects.get(email="bob@example.org")
    assert bob.name == "Bob"
    client = Client()
    log_in(client, "bob@example.org", OTHER_PASSWORD)
    assert "_auth_user_id" in client.session


def test_a_changed_address_is_the_only_one_that_logs_in(
    admin: Client, ada: User, log_in: Callable[..., object]
) -> None:
    admin.post(
        f"/admin/accounts/user/{ada.pk}/change/",
        {"email": "countess@example.org", "name": "Ada", "is_active": "on"},
    )
    assert [(a.email, a.verified) for a in EmailAddress.objects.filter(user=ada)] == [
        ("countess@example.org", True)
    ]
    old, new = Client(), Client()
    log_in(old, "ada@example.org")
    log_in(new, "countess@example.org")
    assert "_auth_user_id" not in old.session
    assert "_auth_user_id" in new.session


def test_switching_somebody_off_ends_the_session(admin: Client, ada: User) -> None:
    theirs = Client()
    theirs.force_login(ada)
    admin.post(f"/admin/accounts/user/{ada.pk}/change/", {"email": ada.email, "name": "Ada"})
    assert theirs.get("/accounts/profile/").status_code == 302


def test_a_name_typed_here_is_cleaned_or_refused(admin: Client, ada: User) -> None:
    path = f"/admin/accounts/user/{ada.pk}/change/"
    refused = admin.post(path, {"email": ada.email, "name": "\u202e", "is_active": "on"})
    assert refused.status_code == 200
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_two_accounts_cannot_differ_by_case_alone(admin: Client, ada: User) -> None:
    answer = admin.post(
        "/admin/accounts/user/add/",
        {
            "email": "ADA@example.org",
            "name": "Eve",
            "usable_password": "true",
            "password1": OTHER_PASSWORD,
            "password2": OTHER_PASSWORD,
        },
    )
    assert answer.status_code == 200
    assert User.objects.filter(email__iexact="ada@example.org").count() == 1


def test_somebody_without_a_password_chooses_one(ada: User, client: Client) -> None:
    ada.set_unusable_password()
    ada.save()
    client.force_login(ada)
    page = client.get("/accounts/password/change/", follow=True)
    assert read(page.content.decode()).faults == []
    assert "&lt;ul&gt;" not in page.content.decode()
    client.post(
        "/accounts/password/set/", {"password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD}
    )
    ada.refresh_from_db()
    assert ada.check_password(OTHER_PASSWORD)


def test_a_lost_phone_locks_nobody_out(ada: User, capsys: pytest.CaptureFixture[str]) -> None:
    TOTP.activate(ada, generate_totp_secret())
    call_command("reset_link", ada.email)
    assert Authenticator.objects.exists(), "a link alone leaves the second factor on"
    call_command("reset_link", ada.email, "--second-factor-off")
    assert not Authenticator.objects.exists()
    assert capsys.readouterr().out.count("/accounts/password/reset/key/") == 2


def test_the_command_line_makes_an_administrator_too(log_in: Callable[..., object]) -> None:
    User.objects.create_superuser("root@example.org", PASSWORD, name="Root")
    client = Client()
    log_in(client, "root@example.org")
    assert client.get("/admin/").status_code == 200
