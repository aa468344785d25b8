"""The pages of the app batches."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from webapp.batches import views

app_name = "batches"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.list_page, name="list"),
    path("new", views.new_page, name="new"),
    path("<uuid:batch_id>", views.batch_page, name="batch"),
    path("<uuid:batch_id>/<slug:action>", views.act, name="act"),
]
