"""Errors of the API in one shape: RFC 9457 problem details, and the pages' own otherwise."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop

CONTENT_TYPE = "application/problem+json"
PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457 problem details; some problems carry further members.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence in the caller's language."},
        "code": {"type": "string", "description": "A stable word for programs."},
    },
}

_SENTENCES = {
    400: gettext_noop("The request could not be read."),
    401: gettext_noop("Sign in first."),
    403: gettext_noop("This is not allowed."),
    404: gettext_noop("There is nothing here, or it is not yours."),
    405: gettext_noop("This address does not take that kind of request."),
    408: gettext_noop("The request did not come in time."),
    409: gettext_noop("Something else was quicker. Look at what is there now, and try again."),
    412: gettext_noop("The request asks for something that does not hold here."),
    413: gettext_noop("The request is too large."),
    415: gettext_noop("This kind of content is not supported."),
    422: gettext_noop("Some of the values are not valid."),
    429: gettext_noop("Too many requests. Please wait a little."),
    500: gettext_noop("Something went wrong on our side. It has been noted."),
    507: gettext_noop("The site has no room left. Please try again later."),
    503: gettext_noop("The site is not ready yet. Please try again in a moment."),
}
_CODES = {
    400: "bad_request",
    401: "sign_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    409: "conflict",
    412: "precondition_failed",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
    500: "server_error",
    503: "not_ready",
    507: "disk_full",
}


class ProblemError(Exception):
    """An error that the API tells its caller about.

    Args:
        status: the HTTP status, 4xx or 5xx.
        code: a stable word for programs; the status's own when left out.
        detail: a sentence for people, in their language; the status's own when left out.
        extra: further members of the problem object.
    """

    def __init__(self, status: int, code: str = "", detail: str = "", **extra: Any) -> None:
        super().__init__(detail or code or str(status))
        self.status = status
        self.code = code
        self.detail = detail
        self.extra = extra


def problem_response(status: int, code: str = "", detail: str = "", **extra: Any) -> JsonResponse:
    """Return a problem details response; what is left out follows from ``status``."""
    try:
        title = HTTPStatus(status).phrase
    except ValueError:
        title = "Error"
    sentence = _SENTENCES.get(status, "")
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or (gettext(sentence) if sentence else title),
        "code": code or _CODES.get(status, "error"),
        **extra,
    }
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


def is_api(request: HttpRequest) -> bool:
    """Tell whether ``request`` is for the API, whose errors are problem details."""
    return request.path_info.startswith("/api/")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a request whose CSRF token is missing or wrong."""
    if is_api(request):
        return problem_response(403, "csrf_failed", gettext("The page is too old. Reload it."))
    return render(request, "403_csrf.html", status=403)


class ApiMiddleware:
    """What every answer below ``/api/`` has in common.

    An error has the one shape, whoever made it (Django, ninja, a view), and nobody keeps copies of
    what does not say how long it may be kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and see to what comes back."""
        response = self._get_response(request)
        if not is_api(request):
            return response
        if response.status_code >= 400 and not _is_problem(response):
            response = _reshaped(response)
        if response.status_code == 401:
            response.headers.setdefault("WWW-Authenticate", "Bearer")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _is_problem(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith(CONTENT_TYPE)


def _reshaped(response: HttpResponse) -> HttpResponse:
    problem = problem_response(response.status_code)
    for header in ("Allow", "Retry-After"):
        if header in response.headers:
            problem.headers[header] = response.headers[header]
    return problem
