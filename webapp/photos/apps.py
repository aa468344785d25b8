"""Django's entry for the app photos."""

from django.apps import AppConfig


class PhotosConfig(AppConfig):
    """Photos; the label is that of their tables."""

    name = "webapp.photos"
    label = "library"

    def ready(self) -> None:
        """Say what this app has of a user."""
        from webapp.common.hooks import register
        from webapp.photos.hooks import PROVIDER

        register(PROVIDER)
