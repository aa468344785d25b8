"""Rows in the admin that are only looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:  # generic for the type checker alone
    Base = admin.ModelAdmin


class ReadOnly(Base):
    """Rows that services write and nobody edits by hand.

    ``unread`` are columns too large to be fetched for a list.
    """

    unread: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the large columns where they are."""
        return super().get_queryset(request).defer(*self.unread)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows come from services."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Rows are only looked at."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Rows go with what they belong to."""
        return False
