"""The server's start and stop, as ASGI tells them: the embedded worker lives in between."""

from __future__ import annotations

import asyncio
from typing import Any

from django.conf import settings

from webapp.ops.embedded import EmbeddedError, EmbeddedRuntime


class Lifespan:
    """ASGI middleware that starts the embedded worker before the first request, and stops it.

    In the scale-out profile it only answers the server's questions.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._runtime = EmbeddedRuntime() if settings.EMBEDDED else None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer lifespan events; pass everything else on."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send(await self._start())
            elif message["type"] == "lifespan.shutdown":
                if self._runtime is not None:
                    await asyncio.to_thread(self._runtime.stop)
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _start(self) -> dict[str, str]:
        if self._runtime is not None:
            try:
                await asyncio.to_thread(self._runtime.start)
            except EmbeddedError as error:
                return {"type": "lifespan.startup.failed", "message": str(error)}
        return {"type": "lifespan.startup.complete"}
