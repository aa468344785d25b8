"""Uploads in the admin: facts, never names, and nothing to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest

from webapp.uploads.models import Upload

if TYPE_CHECKING:  # Django's class takes no parameter when it runs
    _Admin = admin.ModelAdmin[Upload]
else:
    _Admin = admin.ModelAdmin


@admin.register(Upload)
class UploadAdmin(_Admin):
    """How far uploads are; they go by themselves when they expire."""

    list_display = ["id", "owner", "purpose", "state", "offset", "size", "created", "expires_at"]
    list_select_related = ["owner"]
    list_filter = ["state", "purpose"]
    search_fields = ["id", "owner__username"]
    exclude = ["guest_key", "name", "metadata"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Uploads come from their owners."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Upload | None = None) -> bool:
        """Nothing about an upload is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Upload | None = None) -> bool:
        """Pieces in the storage go with it, which the room itself sees to."""
        return False
