"""Django's entry for the realtime room."""

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    """The realtime room."""

    name = "webapp.realtime"
    default_auto_field = "django.db.models.BigAutoField"
