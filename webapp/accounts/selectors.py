"""What is read of users."""

from __future__ import annotations

from contextlib import AbstractContextManager

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import get_language

from webapp.accounts.models import User


def language_of(user: User | None) -> str:
    """Return the language to write to ``user`` in: theirs, else the one spoken now."""
    own = user.language if user is not None else ""
    return own or get_language() or settings.LANGUAGE_CODE


def language_of_address(email: str) -> AbstractContextManager[None]:
    """Speak, within the block, the language of whoever has that address."""
    owner = Q(email__iexact=email) | Q(emailaddress__email__iexact=email)
    return translation.override(language_of(User.objects.filter(owner).first()))


def address_is_verified(user: User) -> bool:
    """Tell whether ``user`` has shown that their address is theirs."""
    addresses = EmailAddress.objects.filter(user=user, email__iexact=user.email)
    return bool(addresses.filter(verified=True).exists())
