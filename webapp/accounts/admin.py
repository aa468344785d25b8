"""Users in the admin, which lets people in by the site's own sign-in."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from webapp.accounts.models import DataExport, JobCount, User
from webapp.accounts.staff_services import QUOTAS, note_quotas, note_switch
from webapp.common.readonly import ReadOnly

_PREFERENCES = ("language", "theme", "default_model", "default_export", "default_metadata")
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(User)
class SiteUserAdmin(UserAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """A user with their preferences and quotas."""

    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        (_("Preferences"), {"fields": _PREFERENCES}),
        (_("Quotas"), {"fields": ("quota_bytes", "quota_photos", "quota_jobs_per_day")}),
        (_("Leaving"), {"fields": ("deletion_asked_at",)}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "email", "password1", "password2")}),
    )
    readonly_fields = ("deletion_asked_at",)
    list_display = ("username", "email", "is_staff", "is_active", "date_joined", "last_login")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Accounts go with their files by a service, after the days of grace."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save a user; other limits, closing and opening stand in the audit log."""
        actor = request.user if isinstance(request.user, User) else None
        with transaction.atomic():
            if change:
                before = User.objects.get(pk=obj.pk)
                given = {name: getattr(obj, name) for name in QUOTAS}
                quotas = {n: new for n, new in given.items() if new != getattr(before, n)}
                if quotas:
                    note_quotas(actor=actor, user=before, quotas=quotas)
                if obj.is_active != before.is_active:
                    note_switch(actor=actor, user=obj, active=obj.is_active)
            super().save_model(request, obj, form, change)


@admin.register(JobCount)
class JobCountAdmin(ReadOnly):
    """How many full-size results were asked for, hour by hour."""

    list_display = ["hour", "user", "jobs"]
    list_select_related = ["user"]
    exclude = ["actor_key"]


@admin.register(DataExport)
class DataExportAdmin(ReadOnly):
    """Copies of people's data that were asked for; what is in them is theirs alone."""

    list_display = ["id", "user", "status", "bytes", "created", "expires_at"]
    list_select_related = ["user"]
    list_filter = ["status"]
    exclude = ["file"]
