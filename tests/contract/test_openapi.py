"""The HTTP interface as it was promised: frozen in openapi.json, and held under strange input."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    ensure_resource_availability,
    ignored_auth,
    positive_data_acceptance,
    unsupported_method,
    use_after_free,
)

from accounts.models import User
from config.api import api
from core.ratelimit import limiter

FROZEN = Path(__file__).with_name("openapi.json")


def current() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(
        json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"))
    )
    return document


def test_the_interface_is_the_one_that_was_promised() -> None:
    """After a wanted change: UPDATE_OPENAPI=1 pytest tests/contract/test_openapi.py."""
    document = current()
    if os.environ.get("UPDATE_OPENAPI"):
        FROZEN.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert document == json.loads(FROZEN.read_text(encoding="utf-8"))


def test_every_operation_says_who_may_call_it_and_how_it_refuses() -> None:
    for path, methods in current()["paths"].items():
        for method, operation in methods.items():
            assert operation["operationId"], (path, method)
            refusals = {status for status in operation["responses"] if status >= "400"}
            assert "429" in refusals, (path, method)


def test_the_document_is_served() -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "Traverse"


@pytest.fixture(autouse=True)
def _uncounted() -> Iterator[None]:
    limiter.cache_clear()
    yield
    limiter.cache_clear()


schema = schemathesis.openapi.from_dict(current())


@pytest.fixture
def signed_in(db: None) -> dict[str, str]:
    """Headers of a person whose session and CSRF token are good."""
    client = Client()
    client.force_login(User.objects.create_user(email="a@example.org", name="A", password="p" * 12))
    session = client.cookies["sessionid"].value
    token = "t" * 32
    return {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token}


FUZZ = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
# Strangers are refused before their input is looked at, and a slug that fits the
# schema names no room of anybody.
NOT_ASKED = [
    ensure_resource_availability,
    ignored_auth,
    positive_data_acceptance,
    unsupported_method,
    use_after_free,
]


@pytest.mark.django_db
@schema.parametrize()
@FUZZ
def test_no_strangers_input_gets_past_the_schema_or_into_a_traceback(
    case: schemathesis.Case[Any],
) -> None:
    limiter.cache_clear()
    response = case.call(app=get_wsgi_application())
    case.validate_response(response, excluded_checks=NOT_ASKED)
    assert response.status_code >= 400


@schema.parametrize()
@FUZZ
def test_no_input_of_a_signed_in_person_gets_past_the_schema_or_into_a_traceback(
    case: schemathesis.Case[Any], signed_in: dict[str, str]
) -> None:
    limiter.cache_clear()
    case.cookies = {}
    response = case.call(app=get_wsgi_application(), headers=signed_in)
    case.validate_response(response, excluded_checks=NOT_ASKED)
    assert response.status_code < 500
