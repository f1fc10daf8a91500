"""Forgot password: a mailed link, or one that an administrator prints."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from tests.support.people import OTHER_PASSWORD, PASSWORD

RESET = "/accounts/password/reset/"


def mailed_link() -> str:
    link = next(line for line in mail.outbox[-1].body.splitlines() if line.startswith("http"))
    return link.removeprefix("http://localhost:8000")


def use(client: Client, path: str, password: str = OTHER_PASSWORD) -> int:
    """Open the link, fill in the form behind it; the status of the last answer."""
    opened = client.get(path)
    target = opened["Location"] if opened.status_code == 302 else path
    return client.post(target, {"password1": password, "password2": password}).status_code


def test_the_mailed_link_changes_the_password_and_logs_nobody_in(client: Client, ada: User) -> None:
    assert client.post(RESET, {"email": "ADA@example.org"}).status_code == 302
    assert use(client, mailed_link()) == 302
    ada.refresh_from_db()
    assert ada.check_password(OTHER_PASSWORD)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("host", ["localhost:6666", "localhost.", "127.0.0.1:1"])
def test_a_mailed_link_leads_home_whatever_host_was_asked(
    client: Client, ada: User, host: str
) -> None:
    client.post(RESET, {"email": ada.email}, HTTP_HOST=host)
    links = [line for line in mail.outbox[-1].body.splitlines() if line.startswith("http")]
    assert links
    assert all(link.startswith("http://localhost:8000/accounts/") for link in links)


def test_the_link_works_once(client: Client, ada: User) -> None:
    client.post(RESET, {"email": ada.email})
    link = mailed_link()
    use(client, link)
    stranger = Client()
    assert b"This link no longer works" in stranger.get(link, follow=True).content
    use(stranger, link, "a third long phrase")
    ada.refresh_from_db()
    assert ada.check_password(OTHER_PASSWORD)


def test_the_secret_part_leaves_the_address_bar(client: Client, ada: User) -> None:
    client.post(RESET, {"email": ada.email})
    link = mailed_link()
    assert link.rpartition("-")[2].strip("/") not in client.get(link)["Location"]


def test_a_forged_link_is_refused(client: Client, ada: User) -> None:
    page = client.get("/accounts/password/reset/key/1-abcdef-0123456789/", follow=True)
    assert page.status_code == 200
    assert b"This link no longer works" in page.content


def test_a_weak_new_password_is_refused(client: Client, ada: User) -> None:
    client.post(RESET, {"email": ada.email})
    assert use(client, mailed_link(), "12345678") == 200
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_a_reset_ends_every_session(client: Client, ada: User) -> None:
    session = Client()
    session.force_login(ada)
    client.post(RESET, {"email": ada.email})
    use(client, mailed_link())
    assert session.get("/accounts/profile/").status_code == 302


def test_a_reset_forgives_the_wrong_passwords_from_here(
    client: Client, ada: User, log_in: Callable[..., object]
) -> None:
    for _ in range(6):
        log_in(client, password="wrong")
    client.post(RESET, {"email": ada.email})
    use(client, mailed_link())
    log_in(client, password=OTHER_PASSWORD)
    assert "_auth_user_id" in client.session


def test_nobody_can_be_flooded_with_reset_mail(client: Client, ada: User) -> None:
    answers = [client.post(RESET, {"email": ada.email}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_the_limit_says_nothing_about_the_address(client: Client) -> None:
    answers = [client.post(RESET, {"email": "nobody@example.org"}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


def test_an_administrator_can_print_a_link(
    client: Client, ada: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("reset_link", "Ada@Example.org")
    printed = capsys.readouterr().out.strip()
    assert printed.startswith("http://localhost:8000/accounts/password/reset/key/")
    path = printed.removeprefix("http://localhost:8000")
    assert use(client, path) == 302
    ada.refresh_from_db()
    assert ada.check_password(OTHER_PASSWORD)
    assert use(Client(), path, "a third long phrase") == 200


def test_no_link_is_printed_for_nobody_or_for_who_was_switched_off(ada: User) -> None:
    with pytest.raises(CommandError, match="no account"):
        call_command("reset_link", "nobody@example.org")
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="not active"):
        call_command("reset_link", ada.email)
