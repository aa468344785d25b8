"""``{{ sentence|prose }}``: a sentence of the code, as a page shows it in its language."""

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

register = template.Library()


@register.filter
def prose(sentence: str) -> SafeString:
    """Translate a sentence, and show what stands between backticks as code."""
    parts = re.split(r"`([^`]+)`", gettext(sentence) if sentence else "")
    marks = ("<code>{}</code>" if n % 2 else "{}" for n in range(len(parts)))
    return format_html("".join(marks), *parts)
