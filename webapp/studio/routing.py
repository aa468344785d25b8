"""The websocket addresses of the studio."""

from __future__ import annotations

from django.urls import URLPattern, path

from webapp.studio.consumers import PhotoConsumer

websocket_urlpatterns: list[URLPattern] = [
    path("ws/photos/<uuid:photo_id>", PhotoConsumer.as_asgi()),
]
