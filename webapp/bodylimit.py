"""A cap on request bodies that holds before anything is spooled to the disk."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from webapp.problems import CONTENT_TYPE

# Room for the multipart envelope around a file of the largest size.
_ENVELOPE = 1024 * 1024


class _TooLarge(Exception):
    """More bytes came than the cap allows."""


class BodyLimit:
    """ASGI middleware: answer 413 to a body larger than any upload may be.

    Django's own handler would first write the whole body to a temporary file.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the request on while its body stays below the cap."""
        cap = settings.UPLOAD_MAX_BYTES + _ENVELOPE
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > cap:
            await _refuse(send)
            return
        received = 0
        answered = False

        async def counted() -> Any:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > cap:
                raise _TooLarge
            return message

        async def watched(message: Any) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except _TooLarge:
            if not answered:
                await _refuse(send)


async def _refuse(send: Any) -> None:
    limit = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
    body = {
        "type": "about:blank",
        "title": "Content Too Large",
        "status": 413,
        "detail": gettext("The file is too large. The limit is %(limit)d MB.") % {"limit": limit},
        "code": "too_many_bytes",
    }
    await send(
        {
            "type": "http.response.start",
            "status": 413,
            "headers": [(b"content-type", CONTENT_TYPE.encode()), (b"connection", b"close")],
        }
    )
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
