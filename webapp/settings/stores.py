"""Where rows and files are kept: Django's settings from one address each."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from webapp.settings.errors import ConfigError


def database_from_url(url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's ``DATABASES["default"]`` for a URL; SQLite in ``data_dir`` for an empty one.

    Raises:
        ConfigError: the scheme is neither PostgreSQL nor SQLite.
    """
    parts = urlsplit(url)
    if not url or parts.scheme == "sqlite":
        path = Path(unquote(parts.path)) if url else data_dir / "rehue.sqlite3"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(path),
            # A file, because threads that share SQLite's in-memory database ignore its timeout.
            "TEST": {"NAME": str(data_dir / "test.sqlite3")},
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ConfigError(
            f"DATABASE_URL must start with postgresql:// or sqlite://, not {parts.scheme}://."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def storage_from_url(url: str, media_root: Path) -> dict[str, Any]:
    """Return Django's ``STORAGES["default"]``: a folder, or ``s3://key:secret@host[:port]/bucket``.

    Query parameters of an S3 URL: ``region``, and ``insecure=1`` for plain HTTP.

    Raises:
        ConfigError: the URL is not of that form.
    """
    if not url:
        return {
            "BACKEND": "webapp.common.storage.MediaFolder",
            "OPTIONS": {"location": str(media_root), "base_url": None},
        }
    parts = urlsplit(url)
    bucket = parts.path.strip("/")
    if parts.scheme != "s3" or not bucket:
        raise ConfigError("STORAGE_URL must look like s3://key:secret@host/bucket.")
    query = dict(parse_qsl(parts.query))
    options: dict[str, Any] = {
        "bucket_name": bucket,
        "access_key": unquote(parts.username or "") or None,
        "secret_key": unquote(parts.password or "") or None,
        "region_name": query.get("region"),
        "default_acl": "private",
        "querystring_auth": True,
        "querystring_expire": 300,
        "file_overwrite": True,
    }
    if parts.hostname:
        scheme = "http" if query.get("insecure") == "1" else "https"
        port = f":{parts.port}" if parts.port else ""
        options["endpoint_url"] = f"{scheme}://{parts.hostname}{port}"
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def storage_origin(url: str) -> str:
    """Return where browsers are sent for a photo's files, for the content security policy."""
    if not url:
        return ""
    options = storage_from_url(url, Path())["OPTIONS"]
    return str(options.get("endpoint_url") or f"https://{options['bucket_name']}.s3.amazonaws.com")
