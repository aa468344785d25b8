"""Django's entry for the app models."""

from django.apps import AppConfig


class ModelsConfig(AppConfig):
    """Listens to training's registry; the rows are training's own."""

    name = "webapp.models"

    def ready(self) -> None:
        """Begin to listen, and say what the site needs of models."""
        from webapp.common import health
        from webapp.models import signals  # noqa: F401  (its receivers register themselves)
        from webapp.models.selectors import live_model_problem

        health.register("model", live_model_problem)
