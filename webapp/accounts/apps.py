"""Django's entry for the app accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users and actors."""

    name = "webapp.accounts"

    def ready(self) -> None:
        """Listen to sign-ups and sign-ins, and say what this app keeps for a user."""
        from webapp.accounts import signals  # noqa: F401
        from webapp.accounts.exports import delete_exports
        from webapp.common.hooks import UserDataProvider, register

        register(UserDataProvider(name="accounts", delete=delete_exports))
