"""What happens beside a sign-up and a sign-in."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_signed_up
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from webapp.accounts import services
from webapp.accounts.actor import GUEST_KEY
from webapp.accounts.models import User


@receiver(user_signed_up, dispatch_uid="webapp.accounts.signed_up")
def on_sign_up(request: HttpRequest, user: User, **_: Any) -> None:
    """Remember which guest this is: the address may be verified in another browser."""
    services.remember_guest(user=user, guest_key=str(request.session.get(GUEST_KEY, "")))


@receiver(user_logged_in, dispatch_uid="webapp.accounts.logged_in")
def on_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Give the guest's things to the user, and keep an account that was about to go."""
    services.adopt_guest(user=user, guest_key=str(request.session.pop(GUEST_KEY, "")))
    services.cancel_deletion(user=user)
