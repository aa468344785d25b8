"""The pages of the app API, below ``account/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from webapp.api import views

app_name = "api_tokens"
urlpatterns: list[URLPattern] = [
    path("tokens", views.tokens_page, name="list"),
    path("tokens/<uuid:token_id>/revoke", views.revoke_page, name="revoke"),
]
