"""Django's entry for the batches room."""

from django.apps import AppConfig


class BatchesConfig(AppConfig):
    """Batches: many photos coloured behind, a chunk at a time."""

    name = "webapp.batches"
    default_auto_field = "django.db.models.BigAutoField"
