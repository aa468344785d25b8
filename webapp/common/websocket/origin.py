"""Which pages may open a websocket: this site's own, at the address that they ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host

from webapp.common.cleantext import is_clean

_PORTS = {"http": 80, "https": 443}


class SameOrigin:
    """ASGI middleware: let a websocket through if its page is of the very origin that it asks.

    Another port or scheme of the same host is another site. ``CSRF_TRUSTED_ORIGINS`` are let
    through too, as Django does with forms.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._denier = WebsocketDenier()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the connection on, or deny it."""
        app = self._app if is_own(scope) else self._denier
        await app(scope, receive, send)


def is_own(scope: Mapping[str, Any]) -> bool:
    """Tell whether the page that opens the websocket of ``scope`` is one of this site's."""
    headers = dict(scope["headers"])
    cookies = parse_cookie(headers.get(b"cookie", b"").decode("latin-1"))
    if not is_clean([*cookies.values()]):
        return False
    origin = headers.get(b"origin", b"").decode("latin-1")
    host = headers.get(b"host", b"").decode("latin-1")
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    allowed = settings.ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
    if not validate_host(split_domain_port(host)[0], allowed):
        return False
    scheme = "https" if scope.get("scheme") == "wss" or settings.CONFIG.https else "http"
    own = [f"{scheme}://{host}"]
    if not split_domain_port(host)[1]:  # some proxies leave it out
        own.append(f"{scheme}://{host}:{settings.CONFIG.port}")
    return _parts(origin) in map(_parts, own)


def _parts(origin: str) -> tuple[str, str, int] | None:
    try:
        url = urlsplit(origin)
        port = url.port or _PORTS.get(url.scheme, 0)
    except ValueError:
        return None
    return url.scheme, url.hostname or "", port
