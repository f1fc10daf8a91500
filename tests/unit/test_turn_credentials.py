"""Credentials against known answers: the draft's form, values from `openssl dgst -sha1 -hmac`."""

import string
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turn.credentials import mint, opaque_subject

# printf %s USERNAME | openssl dgst -sha1 -hmac SECRET -binary | openssl base64 -A
KNOWN = [
    ("north", 1433895918, "ghost", "tfCpXCu+Rlw5U5tsevyKObR154E="),
    ("north", 1700000000, "abcdefghijklmnop", "pmpXlL2/Aw5vUY4R4wVs68OS6S8="),
    ("north", 4102444800, "a", "hhwxSRuCkOFUSoR0JyfA1njaAcc="),
]


@pytest.mark.parametrize(("secret", "expiry", "subject", "password"), KNOWN)
def test_the_password_is_the_one_that_openssl_computes(
    secret: str, expiry: int, subject: str, password: str
) -> None:
    credential = mint(
        secret=secret, subject=subject, ttl=timedelta(hours=1), now=expiry - 3600 + 0.9
    )
    assert credential.username == f"{expiry}:{subject}"
    assert credential.credential == password
    assert credential.expires_at == expiry


@given(
    subject=st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=64),
    ttl_s=st.integers(1, 86_400),
    now=st.floats(0, 2**31),
)
def test_every_credential_has_one_colon_and_padded_base64(
    subject: str, ttl_s: int, now: float
) -> None:
    credential = mint(secret="s" * 32, subject=subject, ttl=timedelta(seconds=ttl_s), now=now)
    assert credential.username.count(":") == 1
    assert len(credential.credential) == 28
    assert credential.credential.endswith("=")
    assert credential.expires_at == int(now) + ttl_s


@pytest.mark.parametrize(
    "subject", ["", "Alice", "a:b", "a b", "a'b", "a%s", "ä", "a@example.org", "x" * 65, "a\n"]
)
def test_a_subject_that_names_somebody_or_breaks_a_server_is_refused(subject: str) -> None:
    with pytest.raises(ValueError, match="subject"):
        mint(secret="s" * 32, subject=subject, ttl=timedelta(hours=1), now=0)


@pytest.mark.parametrize("ttl", [timedelta(0), timedelta(seconds=-1), timedelta(days=2)])
def test_a_life_of_nothing_or_of_days_is_refused(ttl: timedelta) -> None:
    with pytest.raises(ValueError, match="lives"):
        mint(secret="s" * 32, subject="a", ttl=ttl, now=0)


def test_a_credential_without_a_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="secret"):
        mint(secret="", subject="a", ttl=timedelta(hours=1), now=0)


def test_a_subject_is_opaque_stable_and_of_its_room() -> None:
    pepper = b"p" * 32
    one = opaque_subject(pepper=pepper, identity="user:1", room="aa")
    assert one == opaque_subject(pepper=pepper, identity="user:1", room="aa")
    assert len(one) == 16
    assert set(one) <= set(string.ascii_lowercase + string.digits)
    others = {
        opaque_subject(pepper=pepper, identity="user:2", room="aa"),
        opaque_subject(pepper=pepper, identity="user:1", room="bb"),
        opaque_subject(pepper=pepper, identity="user:1", room=None),
        opaque_subject(pepper=b"q" * 32, identity="user:1", room="aa"),
    }
    assert len(others | {one}) == 5
