"""The webhooks' pages, below ``account/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from webapp.webhooks import views

app_name = "webhooks"
urlpatterns: list[URLPattern] = [
    path("webhooks", views.webhooks_page, name="list"),
    path("webhooks/<uuid:webhook_id>/remove", views.remove_page, name="remove"),
    path("webhooks/deliveries/<uuid:delivery_id>/again", views.deliver_again_page, name="again"),
]
