"""The site's own user, custom from the first migration so that it can grow."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower


class User(AbstractUser):
    """A person with an account. An e-mail address, where one is given, belongs to one user."""

    class Meta(AbstractUser.Meta):
        """Names and constraints."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("email"), condition=~models.Q(email=""), name="accounts_email_unique"
            )
        ]
