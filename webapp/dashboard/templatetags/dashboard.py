"""Filters of the dashboard's pages."""

from __future__ import annotations

from django import template

from webapp.dashboard import words

register = template.Library()
register.filter("ago", words.ago)


@register.filter
def job_state(name: str) -> words.Words:
    """Return the word for a job's state."""
    return words.word(name, words.STATES)


@register.filter
def job_kind(name: str) -> words.Words:
    """Return the word for what a job makes."""
    return words.word(name, words.KINDS)


@register.filter
def room(name: str) -> words.Words:
    """Return the title of a room of files."""
    return words.word(name, words.ROOMS)


@register.filter
def check(name: str) -> words.Words:
    """Return the title of a part that the site needs."""
    return words.word(name, words.CHECKS)


@register.filter
def limit(figure: int | None, site: int) -> int:
    """Return a user's own limit, else the site's."""
    return site if figure is None else figure
