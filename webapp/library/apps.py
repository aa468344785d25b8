"""Django's entry for the library room."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """Photos."""

    name = "webapp.library"

    def ready(self) -> None:
        """Say what this room keeps for a user."""
        from webapp.accounts.belongings import register
        from webapp.library.belongings import ROOM

        register(ROOM)
