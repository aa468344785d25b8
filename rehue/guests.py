"""How a site knows a caller without a token."""

from __future__ import annotations

import httpx

from rehue.transport import Transport

_READING = {"GET", "HEAD"}


class GuestSession:
    """A session of the site; requests that change something show its CSRF token.

    Args:
        http: whose cookies hold the session.
        transport: sends over the same ``http``.
    """

    def __init__(self, http: httpx.Client, transport: Transport) -> None:
        self._http = http
        self._transport = transport
        http.event_hooks["request"].append(self._show_token)

    def begin(self) -> None:
        """Fetch a page, which brings the session, unless there is one already."""
        if not self._token():
            self._transport.send("GET", "/")

    def _token(self) -> str:
        """Return the token's cookie, whose name has a prefix where the site speaks HTTPS."""
        cookies = self._http.cookies.items()
        return next((value for name, value in cookies if name.endswith("rehue_csrf")), "")

    def _show_token(self, request: httpx.Request) -> None:
        token = self._token()
        if token and request.method not in _READING:
            request.headers["X-CSRFToken"] = token
            request.headers["Referer"] = str(self._http.base_url)
