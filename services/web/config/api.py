"""The HTTP interface, version 1: one `NinjaAPI`, one shape of error.

Every error is a problem document (RFC 9457) with a stable `code`. Errors name
the place of a bad field and never repeat what was sent.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError

from core.problems import CONTENT_TYPE, Problem, problem_response
from rooms.api import router as rooms_router
from rooms.queries import policy_for
from turn.api import credentials_router


class Api(NinjaAPI):
    """Documents refusals with the content type that they have."""

    def get_openapi_schema(self, **options: Any) -> Any:
        schema = super().get_openapi_schema(**options)
        for methods in schema["paths"].values():
            for operation in methods.values():
                for status, answer in operation["responses"].items():
                    content = answer.get("content", {})
                    if int(status) >= HTTPStatus.BAD_REQUEST and "application/json" in content:
                        content[CONTENT_TYPE] = content.pop("application/json")
        return schema


api: Final = Api(
    title="Traverse",
    version="1.0.0",
    description="Channels and TURN credentials.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="openapi.json",
)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return problem_response(error)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem_response(
        Problem(422, "invalid", "The request does not fit the schema."),
        errors=[_place(item) for item in error.errors],
    )


@api.exception_handler(AuthenticationError)
def _unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem_response(Problem(401, "unauthenticated", "Sign in, or send a room ticket."))


@api.exception_handler(AuthorizationError)
@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem_response(Problem(403, "forbidden", "This is not allowed."))


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(Problem(404, "not_found", "There is nothing at this address."))


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    code = {400: "bad_request", 401: "unauthenticated", 403: "forbidden", 404: "not_found"}
    return problem_response(
        Problem(error.status_code, code.get(error.status_code, "refused"), str(error))
    )


def _place(item: dict[str, Any]) -> dict[str, str]:
    location: Sequence[object] = item.get("loc", ())
    return {"at": ".".join(str(part) for part in location), "type": str(item.get("type", ""))}


api.add_router("/turn", credentials_router(policy_for=policy_for))
api.add_router("/rooms", rooms_router)
