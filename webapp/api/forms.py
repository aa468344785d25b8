"""The form for a new token."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from webapp.api.models import NAME_LENGTH
from webapp.common.operations import Scope

_DAYS = [
    ("7", _("7 days")),
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("One year")),
    ("", _("Never")),
]


class TokenForm(forms.Form):
    """What the token is for, what it may do, and for how long."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        help_text=_("What you will know it by: the program or the computer it is for."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.PHOTOS_WRITE.value],
        help_text=_("What may change photos or batches may also see them."),
    )
    days = forms.ChoiceField(label=_("Expires after"), choices=_DAYS, initial="90", required=False)

    def expires_at(self) -> datetime | None:
        """Return when the token is to end; None for never."""
        days = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=int(days)) if days else None

    def chosen_scopes(self) -> list[Scope]:
        """Return the scopes that were chosen."""
        return [Scope(value) for value in self.cleaned_data["scopes"]]
