"""Django's entry for the app batches."""

from django.apps import AppConfig


class BatchesConfig(AppConfig):
    """Batches: many photos coloured behind, a chunk at a time."""

    name = "webapp.batches"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what this app has of a user."""
        from webapp.batches.hooks import PROVIDER
        from webapp.common.hooks import register

        register(PROVIDER)
