"""Django's entry for what all apps share."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Template tags, and no rows."""

    name = "webapp.common"

    def ready(self) -> None:
        """Let tasks carry what their log lines are about."""
        from webapp.common import logs  # noqa: F401  (its receivers register themselves)
