"""What account templates need: initials, and links that know the page they stand on."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from webapp.accounts.models import User

register = template.Library()

# Programs and systems by a sign in the user agent; each also calls itself by names further down.
_AGENTS = (
    {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
     "Chrome": "Chrome", "Safari": "Safari"},
    {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
     "Mac OS": "macOS", "Linux": "Linux"},
)  # fmt: skip


@register.filter
def initials(user: User) -> str:
    """Return one or two letters for a user."""
    name = user.get_full_name() or user.email.partition("@")[0] or user.username
    words = re.findall(r"[^\W\d_]+", name)
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


@register.filter
def browser(agent: str) -> str:
    """Return the browser and the system that a user agent names, in two words people know."""
    found = [next((name for sign, name in some.items() if sign in agent), "") for some in _AGENTS]
    return " · ".join(word for word in found if word) or agent[:60] or "?"
