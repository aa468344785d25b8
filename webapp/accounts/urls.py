"""The accounts room's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from webapp.accounts import pages

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.overview, name="overview"),
    path("preferences", pages.preferences, name="preferences"),
    path("theme", pages.theme, name="theme"),
    path("security", pages.security, name="security"),
    path("sessions/<int:session_id>/end", pages.end_session, name="end_session"),
    path("data", pages.data, name="data"),
    path("data/export", pages.start_export, name="start_export"),
    path("data/<uuid:export_id>.zip", pages.download_export, name="download_export"),
    path("delete", pages.delete, name="delete"),
]
