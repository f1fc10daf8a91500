"""Logging in and out: sessions, cookies, limits."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.support.people import OTHER_PASSWORD, PASSWORD

Browser = Callable[..., Client]
LogIn = Callable[..., HttpResponse]


def logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_log_in_leads_to_the_channels(client: Client, ada: User, log_in: LogIn) -> None:
    assert log_in(client)["Location"] == "/channels/"
    assert logged_in(client)


def test_the_address_may_be_typed_in_any_case(client: Client, ada: User, log_in: LogIn) -> None:
    log_in(client, "  ADA@Example.ORG ")
    assert logged_in(client)


def test_log_in_goes_on_to_where_one_was_going(client: Client, ada: User, log_in: LogIn) -> None:
    assert log_in(client, next="/accounts/profile/")["Location"] == "/accounts/profile/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_log_in_never_leads_to_another_site(
    client: Client, ada: User, log_in: LogIn, target: str
) -> None:
    assert log_in(client, next=target)["Location"] == "/channels/"


def test_a_new_session_key_is_made_at_log_in(client: Client, ada: User, log_in: LogIn) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = str(planted)
    log_in(client)
    assert client.cookies["sessionid"].value != planted
    stale = Client()
    stale.cookies["sessionid"] = str(planted)
    assert not logged_in(stale)


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    client: Client, ada: User, log_in: LogIn, settings: Settings
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    cookie = log_in(client).cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["secure"]


def test_the_csrf_cookie_is_out_of_reach_of_scripts(client: Client) -> None:
    cookie = client.get("/accounts/login/").cookies["csrftoken"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_session_ends_with_the_browser_unless_one_asks_to_stay(
    browser: Browser, ada: User, log_in: LogIn, settings: Settings
) -> None:
    assert log_in(browser()).cookies["sessionid"]["max-age"] == ""
    staying = log_in(browser(), remember="on").cookies["sessionid"]
    assert staying["max-age"] == settings.SESSION_COOKIE_AGE


@pytest.mark.parametrize(("remember", "lasts"), [(True, True), (False, False)])
def test_the_administrator_can_settle_how_long_sessions_last(
    client: Client,
    ada: User,
    log_in: LogIn,
    settings: Settings,
    remember: bool,
    lasts: bool,
) -> None:
    settings.ACCOUNT_SESSION_REMEMBER = remember
    assert b"Stay logged in" not in client.get("/accounts/login/").content
    assert bool(log_in(client).cookies["sessionid"]["max-age"]) is lasts


def test_reading_the_log_out_page_logs_nobody_out(client: Client, ada: User, log_in: LogIn) -> None:
    log_in(client)
    assert client.get("/accounts/logout/").status_code == 200
    assert logged_in(client)


def test_log_out_ends_the_session_on_the_server(client: Client, ada: User, log_in: LogIn) -> None:
    log_in(client)
    copied = Client()
    copied.cookies["sessionid"] = client.cookies["sessionid"].value
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert not logged_in(client)
    assert copied.get("/accounts/profile/").status_code == 302


def test_who_was_switched_off_cannot_log_in(client: Client, ada: User, log_in: LogIn) -> None:
    User.objects.update(is_active=False)
    log_in(client)
    assert not logged_in(client)


def test_wrong_passwords_are_slowed_down_for_that_account_from_that_address(
    browser: Browser, ada: User, log_in: LogIn
) -> None:
    guesser = browser("198.51.100.1")
    assert [log_in(guesser, password="wrong").status_code for _ in range(6)] == [200] * 5 + [429]
    refused = log_in(guesser)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert not logged_in(guesser)

    elsewhere = browser("203.0.113.7")
    log_in(elsewhere)
    assert logged_in(elsewhere), "nobody is locked out from elsewhere"


def test_a_colleague_behind_the_same_address_still_gets_in(
    browser: Browser, ada: User, person: Callable[..., User], log_in: LogIn
) -> None:
    person("bob@example.org", name="Bob")
    guesser = browser()
    for _ in range(6):
        log_in(guesser, password="wrong")
    colleague = browser()
    log_in(colleague, "bob@example.org")
    assert logged_in(colleague)


def test_five_minutes_later_one_may_try_again(browser: Browser, ada: User, log_in: LogIn) -> None:
    start = datetime(2026, 11, 22, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        client = browser()
        for _ in range(6):
            log_in(client, password="wrong")
        clock.shift(timedelta(minutes=5, seconds=1))
        log_in(client)
        assert logged_in(client)


def test_an_office_of_a_hundred_may_log_in_within_a_minute(
    browser: Browser, ada: User, log_in: LogIn
) -> None:
    for _ in range(100):
        client = browser()
        log_in(client)
        assert logged_in(client)


def test_guessing_many_accounts_from_one_address_is_stopped(
    browser: Browser, ada: User, log_in: LogIn
) -> None:
    guesser = browser()
    answers = [log_in(guesser, f"p{n}@example.org", "wrong").status_code for n in range(31)]
    assert answers == [200] * 30 + [429]


def test_a_forged_forwarded_address_counts_for_nothing(
    ada: User, log_in: LogIn, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 0
    codes = [
        log_in(
            Client(REMOTE_ADDR="198.51.100.1", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}"),
            password="wrong",
        ).status_code
        for n in range(6)
    ]
    assert codes[-1] == 429


def test_behind_our_proxy_its_word_for_the_address_counts(
    ada: User, log_in: LogIn, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    for _ in range(6):
        log_in(
            Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 203.0.113.1"),
            password="wrong",
        )
    other = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 203.0.113.2")
    log_in(other)
    assert logged_in(other)


def test_the_admin_has_no_log_in_of_its_own(client: Client, ada: User) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.request["PATH_INFO"] == "/accounts/login/"
    client.post("/admin/login/", {"username": "ada@example.org", "password": PASSWORD})
    assert not logged_in(client)


def test_the_admin_is_closed_to_everybody_else(client: Client, ada: User) -> None:
    client.force_login(ada)
    assert client.get("/admin/login/").status_code == 403


def test_changing_the_password_ends_the_sessions_elsewhere(
    browser: Browser, ada: User, log_in: LogIn
) -> None:
    here, elsewhere = browser(), browser()
    log_in(here)
    log_in(elsewhere)
    changed = here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD},
    )
    assert changed["Location"] == "/accounts/profile/"
    assert here.get("/accounts/profile/").status_code == 200
    assert elsewhere.get("/accounts/profile/").status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"oldpassword": "wrong"},
        {"password2": "something different"},
        {"password1": "short", "password2": "short"},
    ],
)
def test_a_password_is_not_changed_by_mistake(
    client: Client, ada: User, wrong: dict[str, str]
) -> None:
    client.force_login(ada)
    data = {"oldpassword": PASSWORD, "password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD}
    assert client.post("/accounts/password/change/", data | wrong).status_code == 200
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)
