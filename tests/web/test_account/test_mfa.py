"""The second factor: codes from an app, recovery codes."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from cryptography.fernet import InvalidToken
from django.test import Client
from pytest_django import Settings

from accounts.mfa import MFAAdapter
from accounts.models import User
from tests.support.people import PASSWORD

ACTIVATE = "/accounts/2fa/totp/activate/"
AUTHENTICATE = "/accounts/2fa/authenticate/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def home(client: Client, ada: User) -> Client:
    """Logged in, and just proved it once more."""
    client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def code_for(secret: str) -> str:
    step = int(datetime.now(UTC).timestamp()) // 30
    code: str = auth.format_hotp_value(auth.hotp_value(secret, step))
    return code


@pytest.fixture
def secret(home: Client) -> str:
    page = home.get(ACTIVATE)
    secret: str = page.context["form"].secret
    assert home.post(ACTIVATE, {"code": code_for(secret)}).status_code == 302
    return secret


def halfway(log_in: Callable[..., object]) -> Client:
    """A browser that gave the right password."""
    client = Client()
    log_in(client)
    return client


def logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_password_alone_no_longer_opens_the_account(
    secret: str, log_in: Callable[..., object], clock: time_machine.Traveller
) -> None:
    client = halfway(log_in)
    assert not logged_in(client)
    clock.shift(timedelta(seconds=60))
    client.post(AUTHENTICATE, {"code": code_for(secret)})
    assert logged_in(client)


def test_a_code_works_once(
    secret: str, log_in: Callable[..., object], clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(seconds=60))
    code = code_for(secret)
    first, second = halfway(log_in), halfway(log_in)
    first.post(AUTHENTICATE, {"code": code})
    second.post(AUTHENTICATE, {"code": code})
    assert (logged_in(first), logged_in(second)) == (True, False)


def test_a_wrong_code_does_not_switch_it_on(home: Client) -> None:
    home.get(ACTIVATE)
    assert home.post(ACTIVATE, {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.exists()


def test_codes_cannot_be_guessed(secret: str, log_in: Callable[..., object]) -> None:
    client = halfway(log_in)
    pages = [client.post(AUTHENTICATE, {"code": "000000"}) for _ in range(7)]
    assert b"Too many" in pages[-1].content
    client.post(AUTHENTICATE, {"code": code_for(secret)})
    assert not logged_in(client)


def test_a_recovery_code_opens_the_account_once(
    home: Client, secret: str, log_in: Callable[..., object]
) -> None:
    codes = home.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    first, second = halfway(log_in), halfway(log_in)
    first.post(AUTHENTICATE, {"code": codes[0]})
    second.post(AUTHENTICATE, {"code": codes[0]})
    assert (logged_in(first), logged_in(second)) == (True, False)


@pytest.mark.parametrize(
    "path",
    [ACTIVATE, "/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/generate/"],
)
def test_changing_it_asks_for_proof_that_is_at_most_five_minutes_old(
    home: Client, secret: str, clock: time_machine.Traveller, path: str
) -> None:
    before = list(Authenticator.objects.values())
    clock.shift(timedelta(minutes=5, seconds=1))
    assert "reauthenticate/" in home.post(path)["Location"]
    assert list(Authenticator.objects.values()) == before


def test_proof_can_be_a_code(home: Client, secret: str, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(minutes=6))
    home.post("/accounts/2fa/reauthenticate/", {"code": code_for(secret)})
    assert home.post("/accounts/2fa/totp/deactivate/")["Location"] == "/accounts/2fa/"


def test_a_wrong_password_is_no_proof(client: Client, ada: User) -> None:
    client.force_login(ada)
    assert client.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code == 200
    assert "/reauthenticate/" in client.get(ACTIVATE)["Location"]


def test_it_can_be_switched_off(home: Client, secret: str, log_in: Callable[..., object]) -> None:
    assert home.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert logged_in(halfway(log_in))


def test_the_database_holds_neither_the_secret_nor_the_seed(home: Client, secret: str) -> None:
    codes = home.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    stored = {each.type: each.data for each in Authenticator.objects.all()}
    assert set(stored) == {"totp", "recovery_codes"}
    assert secret not in str(stored)
    assert MFAAdapter().decrypt(stored["totp"]["secret"]) == secret
    # Whoever has the seed has the codes.
    assert stored["recovery_codes"]["seed"].startswith("gAAAA")
    assert not any(code in str(stored) for code in codes)


def test_a_rotated_key_still_reads_what_the_old_one_encrypted(
    secret: str, log_in: Callable[..., object], clock: time_machine.Traveller, settings: Settings
) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-a-later-day-" * 2
    clock.shift(timedelta(seconds=60))
    client = halfway(log_in)
    client.post(AUTHENTICATE, {"code": code_for(secret)})
    assert logged_in(client)


def test_without_its_key_a_secret_is_worth_nothing(settings: Settings) -> None:
    kept = MFAAdapter().encrypt("JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY = "another-key-of-a-later-day-" * 2
    with pytest.raises(InvalidToken):
        MFAAdapter().decrypt(kept)
