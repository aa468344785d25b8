"""Signing in with an account of another site: which ones the environment configures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from webapp.settings.errors import ConfigError

# Where each one's sign-in page is, for the content security policy. Any other provider that
# speaks OpenID Connect is named by SOCIAL_OIDC_URL.
PROVIDERS = {
    "google": "https://accounts.google.com",
    "github": "https://github.com",
    "kakao": "https://kauth.kakao.com",
    "naver": "https://nid.naver.com",
}
_OIDC = "openid_connect"


@dataclass(frozen=True)
class Social:
    """What Django and allauth have to know of the providers; all empty without any."""

    apps: tuple[str, ...]
    providers: dict[str, Any]
    origins: tuple[str, ...]


def social_from_env(env: Mapping[str, str]) -> Social:
    """Read ``SOCIAL_GOOGLE`` and its like, each ``client id:secret``.

    Raises:
        ConfigError: one is not of that form, or the OpenID Connect ones are incomplete.
    """
    found = {name: _app(env, f"SOCIAL_{name.upper()}") for name in PROVIDERS}
    providers: dict[str, Any] = {
        name: {"APPS": [app], **_options(name)} for name, app in found.items() if app
    }
    origins = [PROVIDERS[name] for name in providers]
    if oidc := _app(env, "SOCIAL_OIDC"):
        address = env.get("SOCIAL_OIDC_URL", "").strip()
        parts = urlsplit(address)
        if parts.scheme != "https" or not parts.hostname:
            raise ConfigError("SOCIAL_OIDC needs SOCIAL_OIDC_URL, the provider's https:// address.")
        name = env.get("SOCIAL_OIDC_NAME", "").strip() or parts.hostname
        app = {**oidc, "provider_id": "oidc", "name": name, "settings": {"server_url": address}}
        providers[_OIDC] = {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
        origins.append(f"{parts.scheme}://{parts.netloc}")
    apps = tuple(f"allauth.socialaccount.providers.{name}" for name in providers)
    return Social(apps=apps, providers=providers, origins=tuple(origins))


def _app(env: Mapping[str, str], variable: str) -> dict[str, str]:
    value = env.get(variable, "").strip()
    if not value:
        return {}
    client_id, _, secret = value.partition(":")
    if not client_id or not secret:
        raise ConfigError(f"{variable} must look like client-id:secret.")
    return {"client_id": client_id, "secret": secret}


def _options(name: str) -> dict[str, Any]:
    """What a provider is asked for: an e-mail address, and nothing else."""
    if name == "google":
        return {"SCOPE": ["email"], "OAUTH_PKCE_ENABLED": True}
    if name == "github":
        return {"SCOPE": ["user:email"]}
    return {}
