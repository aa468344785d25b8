"""Django's entry for the app webhooks."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Who wants to be told, and what was told when."""

    name = "webapp.webhooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what ends."""
        from webapp.webhooks import signals  # noqa: F401  (its receivers register themselves)
