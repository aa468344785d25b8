"""Users in the admin, which lets people in by the site's own sign-in."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from webapp.accounts.models import User

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(User)
class SiteUserAdmin(UserAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """A user with their preferences and quotas."""

    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        (_("Preferences"), {"fields": ("language", "theme", "default_model", "default_export")}),
        (_("Quotas"), {"fields": ("quota_bytes", "quota_photos", "quota_jobs_per_day")}),
        (_("Leaving"), {"fields": ("deletion_asked_at",)}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "email", "password1", "password2")}),
    )
    readonly_fields = ("deletion_asked_at",)
