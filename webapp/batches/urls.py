"""The batches room's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from webapp.batches import pages

app_name = "batches"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.list_page, name="list"),
    path("new", pages.new_page, name="new"),
    path("<uuid:batch_id>", pages.batch_page, name="batch"),
    path("<uuid:batch_id>/<slug:action>", pages.act, name="act"),
]
