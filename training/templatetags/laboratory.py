"""Filters of the laboratory's staff pages."""

from __future__ import annotations

from django import template

from training.pages import staff_words

register = template.Library()
register.filter("clock", staff_words.clock)
register.filter("status_word", staff_words.status_word)
register.filter("state_word", staff_words.state_word)
