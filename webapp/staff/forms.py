"""The dashboard's forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from webapp.accounts.models import User
from webapp.accounts.staff_services import QUOTAS
from webapp.audit.models import Entry

GIB = 1024**3
_MAX_GIB = 1_000_000
_MAX_COUNT = 2_000_000_000


class QuotaForm(forms.Form):
    """A user's own limits; an empty field is the site's."""

    gigabytes = forms.FloatField(
        label=_("Space for photos, GB"), min_value=0, max_value=_MAX_GIB, required=False
    )
    photos = forms.IntegerField(
        label=_("Photos"), min_value=0, max_value=_MAX_COUNT, required=False
    )
    jobs = forms.IntegerField(
        label=_("Full-size results a day"), min_value=0, max_value=_MAX_COUNT, required=False
    )

    @classmethod
    def of(cls, user: User, data: Any = None) -> QuotaForm:
        """Return the form as a user's limits fill it, or as it was sent."""
        own = None if user.quota_bytes is None else round(user.quota_bytes / GIB, 3)
        initial = {
            "gigabytes": own,
            "photos": user.quota_photos,
            "jobs": user.quota_jobs_per_day,
        }
        return cls(data, initial=initial, label_suffix="")

    def quotas(self) -> dict[str, int | None]:
        """Return the limits under the names of a user's fields."""
        space = self.cleaned_data["gigabytes"]
        given = (
            None if space is None else round(space * GIB),
            self.cleaned_data["photos"],
            self.cleaned_data["jobs"],
        )
        return dict(zip(QUOTAS, given, strict=True))


class AuditForm(forms.Form):
    """Which entries of the audit log to show."""

    action = forms.ChoiceField(
        label=_("What"), required=False, choices=[("", _("everything")), *Entry.Action.choices]
    )
    actor = forms.CharField(label=_("Who"), required=False, max_length=150)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
