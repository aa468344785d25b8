"""Django's entry for the app staff."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """The dashboard, and what staff see of training."""

    name = "webapp.staff"
