"""Django's entry for the app ops."""

from django.apps import AppConfig
from django.conf import settings


class OpsConfig(AppConfig):
    """Commands, the embedded worker and the clock's tasks."""

    name = "webapp.ops"

    def ready(self) -> None:
        """Offer figures, where they are wanted."""
        if settings.CONFIG.metrics:
            from prometheus_client import REGISTRY

            from webapp.ops.metrics import SiteCollector

            REGISTRY.register(SiteCollector())
