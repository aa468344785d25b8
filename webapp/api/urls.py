"""The API room's pages, below ``account/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from webapp.api import pages

app_name = "api_tokens"
urlpatterns: list[URLPattern] = [
    path("tokens", pages.tokens_page, name="list"),
    path("tokens/<uuid:token_id>/revoke", pages.revoke_page, name="revoke"),
]
