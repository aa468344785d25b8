"""Django's entry for the runtime room."""

from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    """The runtime room."""

    name = "webapp.runtime"
    default_auto_field = "django.db.models.BigAutoField"
