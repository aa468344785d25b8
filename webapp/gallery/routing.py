"""The websocket addresses of the library."""

from __future__ import annotations

from django.urls import URLPattern, path

from webapp.gallery.consumers import MyConsumer

websocket_urlpatterns: list[URLPattern] = [path("ws/me", MyConsumer.as_asgi())]
