"""Model versions in the admin: read them, and choose the live one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet
from django.http import HttpRequest

from training.models import ModelVersion
from training.registry import ModelUnusable, make_live

if TYPE_CHECKING:  # Django's class takes no parameter when it runs
    _Admin = admin.ModelAdmin[ModelVersion]
else:
    _Admin = admin.ModelAdmin


@admin.register(ModelVersion)
class ModelVersionAdmin(_Admin):
    """Versions never change and are never deleted; one action switches the live one."""

    list_display = ["name", "state", "net", "short_hash", "created", "went_live"]
    list_filter = ["state", "net"]
    search_fields = ["name", "sha256"]
    actions = ["make_live"]

    @admin.display(description="sha256")
    def short_hash(self, model_version: ModelVersion) -> str:
        """Enough of the hash to tell versions apart."""
        return model_version.sha256[:12]

    @admin.action(description="Make live: colour with this version from now on")
    def make_live(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        """Try the chosen version out, then switch to it."""
        if not (isinstance(request.user, AbstractUser) and request.user.is_superuser):
            self.message_user(request, "Only superusers switch the model.", messages.ERROR)
            return
        chosen = list(queryset[:2])
        if len(chosen) != 1:
            self.message_user(request, "Choose exactly one version.", messages.ERROR)
            return
        try:
            make_live(actor=request.user, model_version=chosen[0])
        except ModelUnusable as error:
            self.message_user(request, f"Nothing has changed. {error}", messages.ERROR)
            return
        self.message_user(request, f"{chosen[0]} is live.", messages.SUCCESS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Versions are registered by publishing them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: ModelVersion | None = None) -> bool:
        """A version never changes; superusers see the list's action by this permission alone."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ModelVersion | None = None) -> bool:
        """Jobs point at versions for as long as they are kept."""
        return False
