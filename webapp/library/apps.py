"""Django's entry for the library room."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """Photos."""

    name = "webapp.library"
