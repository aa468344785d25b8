"""Django's entry for the audit room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit log: who switched, deleted or retried what, and when."""

    name = "webapp.audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Begin to listen."""
        from webapp.audit import receivers  # noqa: F401  (its receivers register themselves)
