"""Django's entry for the studio room."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    """The studio room."""

    name = "webapp.studio"
    default_auto_field = "django.db.models.BigAutoField"
