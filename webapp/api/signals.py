"""What happens to tokens when something happens to their owner."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.dispatch import receiver

from webapp.accounts.models import User
from webapp.api.services import revoke_tokens_of


@receiver(
    [password_changed, password_reset, password_set], dispatch_uid="webapp.api.password_changed"
)
def on_password_changed(user: User, **_: Any) -> None:
    """End the tokens, as allauth ends the other sessions."""
    revoke_tokens_of(user=user)
