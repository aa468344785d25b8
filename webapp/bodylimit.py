"""A cap on request bodies that holds before anything is written to the disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import parse_cookie
from django.utils import translation

from webapp.library.intake import MIB, IntakeError, too_many_bytes
from webapp.problems import CONTENT_TYPE, problem_response
from webapp.realtime.language import language_of
from webapp.uploads.services import too_large_piece

# Room for the multipart envelope around a file of the largest size.
_ENVELOPE = MIB
# A browser reads the answer only after it has sent its body, so that much is read and dropped.
_PATIENCE = 512 * MIB


PIECES = "/api/uploads/"
"""Below it come the pieces of uploads that can be resumed, as they are, without an envelope."""


class _TooLargeError(Exception):
    """More bytes came than the cap allows."""


class BodyLimit:
    """ASGI middleware: answer 413 to a body larger than any upload may be.

    Django's own handler would first write the whole body to a temporary file.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the request on while its body stays below the cap."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        cap = _cap(scope)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > cap:
            await _refuse(scope, receive, send)
            return
        received = 0
        answered = False

        async def counted() -> Any:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > cap:
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
                await _refuse(scope, receive, send)


def _cap(scope: Any) -> int:
    if scope.get("path", "").startswith(PIECES):
        return int(settings.UPLOAD_PIECE_MAX_BYTES)
    return int(settings.UPLOAD_MAX_BYTES + _ENVELOPE)


def _error(scope: Any) -> IntakeError:
    if scope.get("path", "").startswith(PIECES):
        return too_large_piece()
    return too_many_bytes(settings.UPLOAD_MAX_BYTES)


async def _refuse(scope: Any, receive: Any, send: Any) -> None:
    """Drop the rest of the body, within reason, and say that it is too large."""
    dropped = 0
    while dropped < _PATIENCE:
        message = await receive()
        dropped += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    cookies = parse_cookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))
    with translation.override(language_of({**scope, "cookies": cookies})):
        error = _error(scope)
        response = problem_response(error.status, error.code, str(error))
    headers = [(b"content-type", CONTENT_TYPE.encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})
