"""Text that the database can keep: no NUL, which PostgreSQL refuses, and no half characters.

Whatever brings text into the site asks here: addresses, cookies and forms in a middleware, JSON of
the API in its parser, and websockets when they decode a frame.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from ninja.parser import Parser
from ninja.types import DictStrAny

from webapp.common.problems import ProblemError, is_api, problem_response

_CHARSETS = {"utf-8", "ascii"}


def is_clean(value: Any) -> bool:
    """Tell whether all text in a JSON value can be kept; keys of objects included."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if "\0" in one or any("\ud800" <= letter <= "\udfff" for letter in one):
                return False
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one
    return True


def is_clean_json(text: str | bytes, value: Any) -> bool:
    """Tell the same of JSON and what it was decoded to; what is not clean comes as an escape."""
    escape = b"\\u" if isinstance(text, bytes) else "\\u"
    return escape not in text or is_clean(value)  # type: ignore[operator]  # both are of one kind


class CleanTextMiddleware:
    """Turn away requests with text that cannot be kept, or in a charset other than UTF-8."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the address, the cookies, and the charset."""
        if not _is_utf8((request.content_params or {}).get("charset", "utf-8")):
            request.encoding = "utf-8"
            return _refused(request, 415)
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or not is_clean([request.path_info, *request.COOKIES.values()]):
            return _refused(request, 400)
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Look at a form's fields; the API has a parser of its own."""
        if request.method != "POST" or is_api(request):
            return None
        fields = [text for pair in request.POST.lists() for text in (pair[0], *pair[1])]
        return None if is_clean(fields) else _refused(request, 400)


class CleanParser(Parser):
    """Reads JSON bodies of the API."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """Return the body decoded.

        Raises:
            ValueError: it is no JSON, or some of its text cannot be kept.
        """
        value: DictStrAny = json.loads(request.body)
        if not is_clean_json(request.body, value):
            raise ValueError("text that cannot be kept")
        return value

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> Any:
        """Return the fields of a query or a form.

        Raises:
            ProblemError: some of their text cannot be kept.
        """
        if not is_clean([text for pair in data.lists() for text in (pair[0], *pair[1])]):
            message = gettext("Some of the text has characters that cannot be kept.")
            raise ProblemError(422, "bad_text", message)
        return super().parse_querydict(data, list_fields, request)


def _is_utf8(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name in _CHARSETS
    except LookupError:
        return False


def _refused(request: HttpRequest, status: int) -> HttpResponse:
    if is_api(request):
        return problem_response(status, "bad_text" if status == 400 else "")
    return render(request, "400.html", status=status)
