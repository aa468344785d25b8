"""Django's entry for the app studio."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    """The studio."""

    name = "webapp.studio"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to new photos, and say what this app has of a user."""
        from webapp.common import health
        from webapp.common.hooks import register
        from webapp.studio import signals  # noqa: F401  (its receivers register themselves)
        from webapp.studio.hooks import PROVIDER
        from webapp.studio.selectors import waiting_problem
        from webapp.studio.signing import signing_problem

        register(PROVIDER)
        health.register("strokes", waiting_problem)
        health.register("signing", signing_problem)
