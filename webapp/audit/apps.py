"""Django's entry for the app audit."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit log: who switched, deleted or retried what, and when."""

    name = "webapp.audit"
    default_auto_field = "django.db.models.BigAutoField"
