"""Errors of the HTTP interface as problem documents (RFC 9457)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import JsonResponse

CONTENT_TYPE: Final = "application/problem+json"


class Problem(Exception):
    """An expected refusal: programs read `code`, people read `detail`."""

    def __init__(
        self, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})


def problem_response(problem: Problem, *, errors: Sequence[Mapping[str, str]] = ()) -> JsonResponse:
    body: dict[str, Any] = {
        "type": "about:blank",
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
    }
    if errors:
        body["errors"] = list(errors)
    headers = {"Cache-Control": "no-store", **problem.headers}
    return JsonResponse(body, status=problem.status, content_type=CONTENT_TYPE, headers=headers)
