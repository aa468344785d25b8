"""Django's entry for the accounts room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users and actors."""

    name = "webapp.accounts"

    def ready(self) -> None:
        """Listen to sign-ups and sign-ins."""
        from webapp.accounts import receivers  # noqa: F401
