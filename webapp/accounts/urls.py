"""The pages of the app accounts."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from webapp.accounts import views

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.overview, name="overview"),
    path("preferences", views.preferences, name="preferences"),
    path("theme", views.theme, name="theme"),
    path("security", views.security, name="security"),
    path("sessions/<int:session_id>/end", views.end_session, name="end_session"),
    path("data", views.data, name="data"),
    path("data/export", views.start_export, name="start_export"),
    path("data/<uuid:export_id>.zip", views.download_export, name="download_export"),
    path("delete", views.delete, name="delete"),
]
