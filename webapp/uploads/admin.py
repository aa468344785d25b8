"""Uploads in the admin: facts, never names, and nothing to be changed."""

from __future__ import annotations

from django.contrib import admin

from webapp.common.readonly import ReadOnly
from webapp.uploads.models import Upload


@admin.register(Upload)
class UploadAdmin(ReadOnly):
    """How far uploads are; they go by themselves when they expire."""

    list_display = ["id", "owner", "purpose", "state", "offset", "size", "created", "expires_at"]
    list_select_related = ["owner"]
    list_filter = ["state", "purpose"]
    search_fields = ["id", "owner__username"]
    exclude = ["guest_key", "name", "metadata"]
