"""Django's entry for what all apps share."""

from django.apps import AppConfig
from django.conf import settings


class CommonConfig(AppConfig):
    """Template tags, and no rows."""

    name = "webapp.common"

    def ready(self) -> None:
        """Let tasks carry what their log lines are about; make spans, where they are wanted."""
        from webapp.common import logs  # noqa: F401  (its receivers register themselves)

        if settings.CONFIG.tracing:
            from webapp.common.tracing import start_tracing

            start_tracing()
