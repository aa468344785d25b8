"""The websocket addresses of batches."""

from __future__ import annotations

from django.urls import URLPattern, path

from webapp.batches.consumers import BatchConsumer

websocket_urlpatterns: list[URLPattern] = [
    path("ws/batches/<uuid:batch_id>", BatchConsumer.as_asgi()),
]
