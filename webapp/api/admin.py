"""Tokens in the admin: facts to be read, and deleting, which ends them."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from webapp.api.models import Token


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes no parameter when it runs
    """Who has which tokens, and when they were used."""

    list_display = ("prefix", "owner", "name", "created", "last_used", "expires_at", "revoked_at")
    list_select_related = ("owner",)
    search_fields = ("prefix", "owner__username", "owner__email")
    exclude = ("digest",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only their owners make tokens."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        """Nothing about a token is changed."""
        return False
