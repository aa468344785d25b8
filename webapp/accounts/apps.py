"""Django's entry for the accounts room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users and actors."""

    name = "webapp.accounts"
