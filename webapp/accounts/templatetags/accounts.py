"""What account templates need: initials, and links that know the page they stand on."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from webapp.accounts.models import User

register = template.Library()


@register.filter
def initials(user: User) -> str:
    """Return one or two letters for a user."""
    name = user.get_full_name() or user.email.partition("@")[0] or user.username
    words = [word for word in name.replace(".", " ").replace("_", " ").split() if word]
    return "".join(word[0] for word in words[:2]).upper() or "?"


@register.inclusion_tag("accounts/link.html", takes_context=True)
def account_link(context: Context, view_name: str, words: str, also: str = "") -> dict[str, Any]:
    """Link a page, marked as the current one if this is it.

    Args:
        context: the page's.
        view_name: of the page.
        words: the link's.
        also: beginnings of further view names that lie behind that page.
    """
    match = getattr(context.get("request"), "resolver_match", None)
    here = match.view_name if match else ""
    current = here == view_name or any(here.startswith(name) for name in also.split())
    return {"address": reverse(view_name), "words": words, "current": current}
