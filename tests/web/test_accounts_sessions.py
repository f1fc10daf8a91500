"""Whether a session still stands, asked in one batch for every open socket."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.sessions import SessionRef, auth_digest, is_valid, session_of, still_valid

pytestmark = pytest.mark.django_db


def signed_in(email: str = "ada@example.org", **fields: object) -> SessionRef:
    user = User.objects.create_user(email, None, name="Ada")
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.update(fields)
    store.create()
    return SessionRef(session_key=store.session_key, user_id=user.pk, auth=auth_digest(user))


def standing(refs: list[SessionRef]) -> frozenset[SessionRef]:
    """Asked about together and one by one, which must be the same."""
    found = still_valid(refs)
    assert {ref for ref in refs if is_valid(ref)} == found
    return found


def test_a_session_that_nothing_happened_to_stands() -> None:
    ref = signed_in()
    assert standing([ref]) == {ref}


def test_many_are_asked_about_in_two_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    refs = [signed_in(f"p{index}@example.org") for index in range(20)]
    with django_assert_num_queries(2):
        assert still_valid(refs) == set(refs)


def test_one_is_asked_about_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ref = signed_in()
    with django_assert_num_queries(1):
        assert is_valid(ref)


def test_nobody_is_asked_about_without_a_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        assert still_valid([]) == set()


def test_a_log_out_ends_it() -> None:
    ada, bob = signed_in(), signed_in("bob@example.org")
    Session.objects.filter(pk=ada.session_key).delete()
    assert standing([ada, bob]) == {bob}


def test_an_expiry_ends_it() -> None:
    ref = signed_in()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert standing([ref]) == set()
    assert session_of(ref.session_key) is None


def test_a_disabled_or_deleted_person_is_out() -> None:
    ada, bob = signed_in(), signed_in("bob@example.org")
    User.objects.filter(pk=ada.user_id).update(is_active=False)
    User.objects.filter(pk=bob.user_id).delete()
    assert standing([ada, bob]) == set()
    assert session_of(ada.session_key) is None
    assert session_of(bob.session_key) is None


def test_a_changed_password_ends_it() -> None:
    ref = signed_in()
    user = User.objects.get(pk=ref.user_id)
    user.set_password("another one entirely")
    user.save()
    assert standing([ref]) == set()
    assert session_of(ref.session_key) is None


def test_somebody_elses_session_does_not_stand_for_me() -> None:
    ada, bob = signed_in(), signed_in("bob@example.org")
    mixed = SessionRef(session_key=ada.session_key, user_id=bob.user_id, auth=ada.auth)
    assert standing([mixed]) == set()


def test_a_rotated_secret_key_ends_nothing_while_the_old_one_is_known() -> None:
    ref = signed_in()
    changed = {"SECRET_KEY": "n" * 50, "SECRET_KEY_FALLBACKS": [settings.SECRET_KEY]}
    with override_settings(**changed):
        assert standing([ref]) == {ref}


def test_a_session_names_its_person_and_is_not_changed(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ref = signed_in()
    before = Session.objects.get(pk=ref.session_key)
    with django_assert_num_queries(2):
        found = session_of(ref.session_key)
    assert found is not None
    assert found[1] == ref
    after = Session.objects.get(pk=ref.session_key)
    assert (after.session_data, after.expire_date) == (before.session_data, before.expire_date)


@pytest.mark.parametrize("key", ["", "x", "a" * 32, "\u202e"])
def test_a_made_up_key_is_nobody(key: str) -> None:
    assert session_of(key) is None


def test_a_backend_that_is_no_longer_configured_is_nobody() -> None:
    assert session_of(signed_in(**{BACKEND_SESSION_KEY: "gone.Backend"}).session_key) is None


def test_an_anonymous_session_is_nobody() -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["basket"] = 1
    store.create()
    assert session_of(store.session_key) is None


def test_a_reference_does_not_show_its_key() -> None:
    ref = signed_in()
    assert ref.session_key not in repr(ref)
