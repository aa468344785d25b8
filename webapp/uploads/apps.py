"""Django's entry for the uploads room."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Uploads that survive a lost connection (tus)."""

    name = "webapp.uploads"
    default_auto_field = "django.db.models.BigAutoField"
