"""The websocket addresses of the laboratory."""

from __future__ import annotations

from django.urls import URLPattern, path

from webapp.staff.consumers import WorkConsumer

websocket_urlpatterns: list[URLPattern] = [
    path("ws/laboratory/<slug:kind>/<uuid:work_id>", WorkConsumer.as_asgi()),
]
