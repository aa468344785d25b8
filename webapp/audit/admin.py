"""The audit log in the admin: to be read, by superusers."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from webapp.audit.models import Entry


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes no parameter when it runs
    """Read only."""

    list_display = ("created", "actor", "action", "subject", "detail")
    list_filter = ("action",)
    search_fields = ("subject",)
    list_select_related = ("actor",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes entries by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        """Nobody changes them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        """Nobody deletes them."""
        return False
