"""A cap on request bodies, in bytes and in time, before anything is written to the disk."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse, parse_cookie
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext

from colorizer.intake import MIB
from webapp.api.site import api
from webapp.common.operations import FILE, Body, declaration_of
from webapp.common.problems import CONTENT_TYPE, problem_response
from webapp.common.websocket.language import language_of

# A browser reads the answer only after it has sent its body, so that much is read and dropped.
_PATIENCE = 512 * MIB


class _TooLargeError(Exception):
    """More bytes came than the cap allows."""


class _TooSlowError(Exception):
    """A part of the body did not come in time."""


class BodyLimit:
    """ASGI middleware: answer 413 to a body larger than its address takes, 408 to one that stops.

    Django's own handler would first write the whole body to a temporary file.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the request on while its body stays below the cap."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = cache(lambda: body_of(scope))
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) and int(declared) > body().max_bytes:
            await _refuse(scope, body(), receive, send)
            return
        received = 0
        answered = ended = False

        async def counted() -> Any:
            nonlocal received, ended
            message = await (receive() if ended else _in_time(receive))
            received += len(message.get("body", b""))
            ended = not message.get("more_body")
            if received and received > body().max_bytes:
                raise _TooLargeError
            return message

        async def watched(message: Any) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except _TooLargeError:
            if not answered:
                await _refuse(scope, body(), receive, send)
        except _TooSlowError:
            if not answered:
                await _answer(send, problem_response(408))


async def _in_time(receive: Any) -> Any:
    try:
        return await asyncio.wait_for(receive(), settings.HTTP_BODY_SECONDS)
    except TimeoutError:
        raise _TooSlowError from None


def body_of(scope: Any) -> Body:
    """Return how large a request's body may be: what its operation declares, a file elsewhere."""
    try:
        route = resolve(scope["path"]).route
    except Resolver404:
        return FILE
    for path, operation in api.operations():
        if route == f"api{path}" and scope["method"] in operation.methods:
            return declaration_of(operation.view_func).body
    return FILE


async def _refuse(scope: Any, body: Body, receive: Any, send: Any) -> None:
    """Drop the rest of the body, within reason, and say that it is too large."""
    dropped = 0
    while dropped < _PATIENCE:
        try:
            message = await _in_time(receive)
        except _TooSlowError:
            break
        dropped += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    cookies = parse_cookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))
    with translation.override(language_of({**scope, "cookies": cookies})):
        response = problem_response(413)
        if body.error is not None:
            error = body.error()
            response = problem_response(error.status, error.code, error.translated(gettext))
    await _answer(send, response)


async def _answer(send: Any, response: HttpResponse) -> None:
    headers = [(b"content-type", CONTENT_TYPE.encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})
