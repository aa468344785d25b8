"""Django's entry for the app shares."""

from django.apps import AppConfig


class SharesConfig(AppConfig):
    """Links to photos."""

    name = "webapp.shares"
    default_auto_field = "django.db.models.BigAutoField"
