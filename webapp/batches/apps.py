"""Django's entry for the batches room."""

from django.apps import AppConfig


class BatchesConfig(AppConfig):
    """Batches: many photos coloured behind, a chunk at a time."""

    name = "webapp.batches"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what this room keeps for a user."""
        from webapp.accounts.belongings import register
        from webapp.batches.belongings import ROOM

        register(ROOM)
