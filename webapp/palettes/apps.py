"""Django's entry for the app palettes."""

from django.apps import AppConfig


class PalettesConfig(AppConfig):
    """Colours kept by name."""

    name = "webapp.palettes"
    default_auto_field = "django.db.models.BigAutoField"
