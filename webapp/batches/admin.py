"""Batches in the admin: facts, never names or pictures, for staff have no business seeing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from webapp.accounts.models import User
from webapp.batches import services
from webapp.batches.models import Batch, BatchItem
from webapp.common.readonly import ReadOnly

if TYPE_CHECKING:  # Django's class takes no parameter when it runs
    _Admin = admin.ModelAdmin[Batch]
else:
    _Admin = admin.ModelAdmin


@admin.register(Batch)
class BatchAdmin(_Admin):
    """Look batches' facts up, and delete batches with their files."""

    list_display = ["id", "owner", "status", "total", "done", "failed", "bytes", "created"]
    list_select_related = ["owner"]
    list_filter = ["status", "format", "hints"]
    search_fields = ["id", "owner__username"]
    date_hierarchy = "created"
    exclude = ["name", "palette", "archive"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Batches are made by their owners alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Batch | None = None) -> bool:
        """Nothing about a batch is changed here."""
        return False

    def delete_model(self, request: HttpRequest, obj: Batch) -> None:
        """Delete one batch with its files."""
        services.delete_batch(batch=obj, actor=_who(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Batch]) -> None:
        """Delete batches with their files."""
        for batch in queryset:
            services.delete_batch(batch=batch, actor=_who(request))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Let whoever may delete batches delete their photos' rows too."""
        found, counts, _missing, protected = super().get_deleted_objects(objs, request)
        return found, counts, set(), protected


@admin.register(BatchItem)
class BatchItemAdmin(ReadOnly):
    """Where each photo of a batch stands, by its number."""

    list_display = ["batch_id", "number", "status", "attempt", "model_version", "finished"]
    list_select_related = ["model_version"]
    list_filter = ["status"]
    search_fields = ["batch__id"]
    exclude = ["name", "output", "hints", "result"]
    unread = ("hints", "model_version__card")


def _who(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
