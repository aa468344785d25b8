"""Django's entry for the app gallery."""

from django.apps import AppConfig


class GalleryConfig(AppConfig):
    """Lists of photos; the rows are those of the app photos."""

    name = "webapp.gallery"

    def ready(self) -> None:
        """Say what this app has of a user."""
        from webapp.common.hooks import register
        from webapp.gallery.hooks import PROVIDER

        register(PROVIDER)
