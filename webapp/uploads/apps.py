"""Django's entry for the uploads room."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Uploads that survive a lost connection (tus)."""

    name = "webapp.uploads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what this room keeps for a user."""
        from webapp.accounts.belongings import register
        from webapp.uploads.belongings import ROOM

        register(ROOM)
