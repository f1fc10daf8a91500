"""The mail thread: after the answer, bounded, and never silent about a failure."""

import logging
import threading
from collections.abc import Iterator

import pytest
from django.core import mail as outbox
from django.test import Client

from accounts import mail
from accounts.models import User


@pytest.fixture(autouse=True)
def _the_real_thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.undo()
    monkeypatch.setattr(mail, "PAUSE_S", 0)
    yield
    mail.drain()


def test_a_job_runs_on_a_thread_of_its_own() -> None:
    seen: list[str] = []
    assert mail.later(lambda: seen.append(threading.current_thread().name))
    mail.drain()
    assert seen
    assert seen[0] != threading.current_thread().name


def test_a_mail_asked_for_by_a_job_is_sent_within_it() -> None:
    seen: list[int] = []

    def outer() -> None:
        mail.later(lambda: seen.append(1))
        seen.append(2)

    mail.later(outer)
    mail.drain()
    assert seen == [1, 2]


def test_a_full_queue_drops_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    gate = threading.Event()
    taken = [mail.later(gate.wait) for _ in range(mail.QUEUE + 1)]
    gate.set()
    mail.drain()
    assert taken == [True] * mail.QUEUE + [False]
    assert "mail queue full" in caplog.text
    assert mail.later(lambda: None), "places come back"


def test_a_mail_server_that_is_away_is_a_warning_without_an_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refused() -> None:
        raise ConnectionRefusedError("ada@example.org")

    mail.later(refused)
    mail.drain()
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "ada@example.org" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_reset_is_mailed_by_the_thread_from_the_real_database(client: Client) -> None:
    User.objects.create_user("ada@example.org", "a long enough phrase", name="Ada")
    assert client.post("/accounts/password/reset/", {"email": "ada@example.org"}).status_code == 302
    mail.drain()
    [message] = outbox.outbox
    assert message.to == ["ada@example.org"]
    assert "/accounts/password/reset/key/" in message.body
