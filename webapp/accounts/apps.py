"""Django's entry for the accounts room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users and actors."""

    name = "webapp.accounts"

    def ready(self) -> None:
        """Listen to sign-ups and sign-ins, and say what this room keeps for a user."""
        from webapp.accounts import receivers  # noqa: F401
        from webapp.accounts.belongings import Room, register
        from webapp.accounts.exports import delete_exports

        register(Room(name="accounts", delete=delete_exports))
