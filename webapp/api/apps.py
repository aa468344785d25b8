"""Django's entry for the api room."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The HTTP API: who calls it, with what token, how often, and its errors."""

    name = "webapp.api"
    default_auto_field = "django.db.models.BigAutoField"
