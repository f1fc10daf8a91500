"""S10: how long an answer takes does not tell whether an address has an account.

The hashes and queries behind it are compared in test_enumeration; here is the time
itself, of 200 each in turn, so that a busy machine is busy for all kinds alike.
"""

import random
import statistics
import time
from collections.abc import Callable
from itertools import combinations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts import mail
from accounts.models import User
from tests.support.people import PASSWORD
from tests.support.ranks import differ

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.usefixtures("with_mail"),
]
SAMPLES = 200
WARM_UP = 10
KINDS = ("taken", "inactive", "unproven", "free")
FORMS: dict[str, Callable[[str], dict[str, str]]] = {
    "/accounts/login/": lambda email: {"login": email, "password": "wrong " + PASSWORD},
    "/accounts/signup/": lambda email: {"email": email, "name": "Eve", "password1": PASSWORD},
    "/accounts/password/reset/": lambda email: {"email": email},
}


@pytest.fixture
def people(
    person: Callable[..., User], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Enough of each kind that none is asked twice; hashes that cost what hashes cost."""
    monkeypatch.setattr(mail, "later", lambda job: True)
    for number in range(SAMPLES + WARM_UP):
        person(f"taken{number}@example.org")
        person(f"inactive{number}@example.org", is_active=False)
        person(f"unproven{number}@example.org")
    EmailAddress.objects.filter(email__startswith="unproven").update(verified=False)
    settings.PASSWORD_HASHERS = ["tests.support.hashing.RealHasher"]
    User.objects.update(password=make_password(PASSWORD))


@pytest.mark.parametrize("path", FORMS)
def test_the_time_of_an_answer_is_the_same_for_every_address(people: None, path: str) -> None:
    took: dict[str, list[float]] = {kind: [] for kind in KINDS}
    order = random.Random(10)
    for number in range(SAMPLES + WARM_UP):
        for kind in order.sample(KINDS, len(KINDS)):
            cache.clear()
            data = FORMS[path](f"{kind}{number}@example.org")
            client = Client()
            started = time.perf_counter()
            client.post(path, data)
            if number >= WARM_UP:
                took[kind].append(time.perf_counter() - started)
    medians = {kind: statistics.median(each) for kind, each in took.items()}
    for one, other in combinations(KINDS, 2):
        low, high = sorted((medians[one], medians[other]))
        alike = high <= 1.1 * low or differ(took[one], took[other]) > 0.01
        assert alike, {kind: f"{1000 * median:.1f} ms" for kind, median in medians.items()}
