"""The language of a websocket's user: sockets pass no LocaleMiddleware."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header


def language_of(scope: Mapping[str, Any]) -> str:
    """Return the language to speak: the account's, the chosen one, else the browser's first."""
    preferred = [getattr(scope.get("user"), "language", "")]
    preferred += [scope.get("cookies", {}).get(settings.LANGUAGE_COOKIE_NAME, "")]
    header = dict(scope.get("headers", [])).get(b"accept-language", b"").decode("latin-1")
    preferred += [code for code, _ in parse_accept_lang_header(header.lower())]
    for code in preferred:
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
