"""Django's entry for the app api."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The HTTP API: who calls it, with what token, how often, and its errors."""

    name = "webapp.api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to changes of passwords, and say what this app has of a user."""
        from webapp.api import signals  # noqa: F401  (its receivers register themselves)
        from webapp.api.hooks import PROVIDER
        from webapp.common.hooks import register

        register(PROVIDER)
