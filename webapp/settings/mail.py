"""Where mail goes: Django's e-mail settings from one URL."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from webapp.settings.errors import ConfigError

CONSOLE = "console://"
_BACKENDS = "django.core.mail.backends"


def mail_from_url(url: str) -> dict[str, Any]:
    """Return Django's e-mail settings for a URL.

    ``console://`` prints mail, ``file:///folder`` keeps it as files, ``smtp://`` speaks to a
    server and asks it for TLS (``?insecure=1`` does without), ``smtps://`` speaks TLS from the
    first byte. User and password stand before the host: ``smtp://user:password@host:587``.

    Raises:
        ConfigError: the URL is not of one of these forms.
    """
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": f"{_BACKENDS}.console.EmailBackend"}
    if parts.scheme == "file" and parts.path:
        folder = unquote(parts.path)
        return {"EMAIL_BACKEND": f"{_BACKENDS}.filebased.EmailBackend", "EMAIL_FILE_PATH": folder}
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ConfigError(
            "EMAIL_URL must be console://, file:///folder, smtp://user:password@host:port or "
            "smtps://user:password@host:port."
        )
    secure = parts.scheme == "smtps"
    insecure = dict(parse_qsl(parts.query)).get("insecure") == "1"
    return {
        "EMAIL_BACKEND": f"{_BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if secure else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": secure,
        "EMAIL_USE_TLS": not secure and not insecure,
        "EMAIL_TIMEOUT": 20,
    }
