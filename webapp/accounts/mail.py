"""The site's own mail: text and simple HTML, in the language of who gets it."""

from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from webapp.accounts.models import User
from webapp.accounts.selectors import language_of

log = structlog.get_logger(__name__)


def send(*, user: User, template: str, context: dict[str, Any]) -> None:
    """Send ``user`` a mail; nobody is written to without an address.

    Args:
        user: who gets it.
        template: the beginning of two templates' names: ``_subject.txt`` and ``_message.txt``.
        context: what they show.
    """
    if not user.email:
        return
    with translation.override(language_of(user)):
        subject = render_to_string(f"{template}_subject.txt", context)
        text = render_to_string(f"{template}_message.txt", context)
        message = EmailMultiAlternatives(
            " ".join(subject.split()), text.strip(), settings.DEFAULT_FROM_EMAIL, [user.email]
        )
        deliver(with_html(message))


def deliver(message: EmailMessage) -> bool:
    """Send ``message``, and tell whether it went; a mail server that is away is no error.

    What the mail is about has happened already, and its user can ask for the mail again.
    """
    try:
        message.send()
    except OSError:  # smtplib's errors are some of these
        log.exception("mail_not_sent", subject=message.subject)
        return False
    return True


def with_html(message: EmailMessage) -> EmailMessage:
    """Add to a mail of plain text the same words as simple HTML, with links to press."""
    if isinstance(message, EmailMultiAlternatives) and not message.alternatives:
        context = {"subject": message.subject, "text": message.body}
        message.attach_alternative(render_to_string("mail/frame.html", context), "text/html")
    return message
