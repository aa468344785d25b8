"""The HTTP server of a process: uvicorn, with limits on what comes before a request is whole."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import ClassVar

import uvicorn
from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

GRACE_SECONDS = 3
"""How long open requests may take when the site is asked to stop."""


class GuardedProtocol(HttpToolsProtocol):
    """A connection that has so many bytes and seconds for the head of a request.

    Unless a proxy brings them all, a client may hold so many connections at once.
    """

    _open: ClassVar[Counter[str]] = Counter()

    _host: str
    _counted: bool
    _deadline: asyncio.TimerHandle
    _head: int
    _in_head: bool

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, unless its client has too many."""
        super().connection_made(transport)
        self._host = self.client[0] if self.client else ""
        self._open[self._host] += 1
        self._counted = True
        self._await_head()
        too_many = self._open[self._host] > settings.HTTP_CONNECTIONS_PER_ADDRESS
        if too_many and not settings.CONFIG.trust_proxy:
            self._refuse("503 Service Unavailable", "Too many connections.")

    def connection_lost(self, exc: Exception | None) -> None:
        """Let a connection go."""
        self._deadline.cancel()
        self._leave()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over to the protocol of websockets, which has its own limits."""
        self._deadline.cancel()
        self._leave()
        super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        """Pass on what came; a head that goes on and on is refused while it does."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            if self._head > settings.HTTP_MAX_HEAD_BYTES:
                self._refuse_head()

    def on_message_begin(self) -> None:
        """Begin a request, the first or, on a connection that is kept, the next."""
        super().on_message_begin()
        self._deadline.cancel()
        self._await_head()

    def on_headers_complete(self) -> None:
        """Go on with the request: how long its body may take is the application's to say."""
        self._deadline.cancel()
        self._in_head = False
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > settings.HTTP_MAX_HEAD_BYTES:
            self._refuse_head()
        else:
            super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, unless an answer has been given."""
        if not self.transport.is_closing():
            super().send_400_response(msg)

    def _await_head(self) -> None:
        self._in_head, self._head = True, 0
        self._deadline = self.loop.call_later(settings.HTTP_HEAD_SECONDS, self._hang_up)

    def _hang_up(self) -> None:
        if self._in_head:
            self._refuse("408 Request Timeout", "The request did not come in time.")

    def _refuse_head(self) -> None:
        self._refuse("431 Request Header Fields Too Large", "The request's head is too large.")

    def _refuse(self, status: str, sentence: str) -> None:
        if not self.transport.is_closing():
            self.transport.write(
                f"HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: text/plain\r\n"
                f"content-length: {len(sentence)}\r\n\r\n{sentence}".encode()
            )
            self.transport.close()

    def _leave(self) -> None:
        if self._counted:
            self._counted = False
            self._open[self._host] -= 1
            if self._open[self._host] <= 0:
                del self._open[self._host]


def configuration(*, port: int) -> uvicorn.Config:
    """Return how a process serves HTTP on ``port`` of ``HOST``."""
    return uvicorn.Config(
        "webapp.asgi:application",
        host=settings.CONFIG.host,
        port=port,
        http=GuardedProtocol,
        lifespan="on",
        log_config=None,
        log_level="warning",
        limit_concurrency=settings.HTTP_CONNECTIONS,
        # Twice what the site takes, so that it can say "too large" instead of hanging up.
        ws_max_size=2 * settings.WS_MAX_BYTES,
        timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=settings.CONFIG.trust_proxy,
        forwarded_allow_ips=list(settings.CONFIG.proxy_addresses),
    )
