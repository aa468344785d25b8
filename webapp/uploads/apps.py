"""Django's entry for the app uploads."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Uploads that survive a lost connection (tus)."""

    name = "webapp.uploads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what this app has of a user."""
        from webapp.common.hooks import register
        from webapp.uploads.hooks import PROVIDER

        register(PROVIDER)
