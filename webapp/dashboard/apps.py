"""Django's entry for the dashboard room."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """The staff's dashboard."""

    name = "webapp.dashboard"
    default_auto_field = "django.db.models.BigAutoField"
