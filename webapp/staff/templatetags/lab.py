"""Filters and tags of the laboratory's staff pages."""

from __future__ import annotations

from django import template
from django.conf import settings

from webapp.staff.lab import labels

register = template.Library()
register.filter("clock", labels.clock)
register.filter("status_word", labels.status_word)
register.filter("state_word", labels.state_word)


@register.simple_tag
def packages_command() -> str:
    """Return the command that adds the packages for training to this installation."""
    command: str = settings.ADD_TRAINING
    return command
