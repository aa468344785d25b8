"""Django's entry for the lab."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Model versions and what is known of them."""

    name = "training"
