"""Photos in the admin: facts, never pictures, for staff have no business seeing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from webapp.accounts.actor import actor_of
from webapp.common.readonly import ReadOnly
from webapp.photos import services
from webapp.photos.models import Label, Photo

if TYPE_CHECKING:  # Django's class takes no parameter when it runs
    _Admin = admin.ModelAdmin[Photo]
else:
    _Admin = admin.ModelAdmin


@admin.register(Photo)
class PhotoAdmin(_Admin):
    """Look photos' facts up, and delete photos with their files."""

    list_display = ["id", "owner", "is_guest", "width", "height", "bytes", "created", "expires_at"]
    list_select_related = ["owner"]
    list_filter = ["is_grey", "created"]
    search_fields = ["id", "owner__username"]
    date_hierarchy = "created"
    exclude = ["guest_key", "title"]

    @admin.display(boolean=True, description="guest")
    def is_guest(self, photo: Photo) -> bool:
        """Whether a guest brought the photo."""
        return photo.owner_id is None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Photos come in by upload alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Photo | None = None) -> bool:
        """Nothing about a photo is changed here."""
        return False

    def delete_model(self, request: HttpRequest, obj: Photo) -> None:
        """Delete one photo with its files."""
        services.delete_photo(photo=obj, by=actor_of(request).user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Photo]) -> None:
        """Delete photos with their files."""
        for photo in queryset:
            services.delete_photo(photo=photo, by=actor_of(request).user)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Let whoever may delete photos delete what hangs on them, jobs and hints included."""
        found, counts, _missing, protected = super().get_deleted_objects(objs, request)
        return found, counts, set(), protected


@admin.register(Label)
class LabelAdmin(ReadOnly):
    """Whose tags and collections there are, and since when; their names are private."""

    list_display = ["id", "kind", "owner", "created"]
    list_select_related = ["owner"]
    list_filter = ["kind"]
    exclude = ["guest_key", "name"]
