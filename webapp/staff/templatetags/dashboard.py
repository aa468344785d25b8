"""Filters of the dashboard's pages."""

from __future__ import annotations

from django import template

from webapp.staff import labels

register = template.Library()
register.filter("ago", labels.ago)


@register.filter
def job_state(name: str) -> labels.LabelText:
    """Return the word for a job's state."""
    return labels.word(name, labels.STATES)


@register.filter
def job_kind(name: str) -> labels.LabelText:
    """Return the word for what a job makes."""
    return labels.word(name, labels.KINDS)


@register.filter
def category(name: str) -> labels.LabelText:
    """Return the title of a category of files."""
    return labels.word(name, labels.CATEGORIES)


@register.filter
def check(name: str) -> labels.LabelText:
    """Return the title of a part that the site needs."""
    return labels.word(name, labels.CHECKS)


@register.filter
def limit(figure: int | None, site: int) -> int:
    """Return a user's own limit, else the site's."""
    return site if figure is None else figure
