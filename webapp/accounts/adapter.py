"""What allauth asks this site: who may sign up, and what its mail looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.translation import get_language, gettext

from webapp.accounts.mail import deliver, with_html
from webapp.accounts.models import User
from webapp.accounts.selectors import language_of_address

MAIL_SENT = "account/messages/email_confirmation_sent.txt"


def display_name(user: User) -> str:
    """Return what pages and mail call a user."""
    return user.get_full_name() or user.email or user.username


@dataclass(frozen=True)
class _Site:
    """What allauth's own templates call the site."""

    domain: str
    name: str = "Rehue"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Signing up and mail, the way of this site."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return whether strangers may sign up (``SIGNUPS``)."""
        return bool(settings.SIGNUPS)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Fill in a new user, who keeps the language they signed up in."""
        user.language = get_language() or ""
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail, or say on the page that it could not be sent."""
        host = self.request.get_host() if self.request is not None else "Rehue"
        site = {"request": self.request, "email": email, "current_site": _Site(host)}
        message = self.render_mail(template_prefix, email, {**site, **context})
        if not deliver(message) and self.request is not None:
            sentence = gettext("The mail could not be sent. Please ask for it again in a while.")
            messages.error(self.request, sentence)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Say what allauth says, but of no mail where none goes out."""
        if message_template == MAIL_SENT and not settings.REAL_MAIL:
            return
        super().add_message(request, level, message_template, *args, **kwargs)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Write a mail in the language of who gets it, as text and as simple HTML."""
        to = email if isinstance(email, str) else email[0]
        with language_of_address(to):
            return with_html(super().render_mail(template_prefix, email, context, headers))
