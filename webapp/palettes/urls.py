"""The pages of shared palettes."""

from __future__ import annotations

from django.urls import URLPattern, path

from webapp.palettes import views

app_name = "palettes"
urlpatterns: list[URLPattern] = [
    path("p/<str:palette_token>", views.shared_page, name="shared"),
    path("p/<str:palette_token>/copy", views.copy_page, name="copy"),
]
