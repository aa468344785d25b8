"""The forms of account pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from training.registry.versions import usable_models
from webapp.accounts.models import User


class PreferencesForm(forms.Form):
    """Language, theme, model, download format, and what results carry."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), choices=User.Theme, required=False)
    default_model = forms.ChoiceField(
        label=_("Model"),
        required=False,
        help_text=_("Colours your photos from the next stroke on."),
    )
    default_export = forms.ChoiceField(
        label=_("Download as"),
        choices=User.Format,
        help_text=_("Stands first in the studio's download menu."),
    )
    default_metadata = forms.ChoiceField(
        label=_("Results carry"),
        choices=User.Metadata,
        help_text=_(
            "Of what is known about a photo: dates, people, places, captions. "
            "Each download and each batch can do otherwise."
        ),
    )

    def __init__(self, user: User, data: Any = None) -> None:
        names = ("language", "theme", "default_export", "default_metadata")
        initial = {name: getattr(user, name) for name in names}
        initial["default_model"] = str(user.default_model_id or "")
        super().__init__(data, initial=initial)
        languages = [("", _("As the browser asks")), ("en", "English"), ("ko", "한국어")]
        self._choices("language", languages)
        models = [(str(model.pk), model.name) for model in usable_models()]
        self._choices("default_model", [("", _("The site's current one")), *models])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for mypy)
        field.choices = choices

    def chosen(self) -> dict[str, Any]:
        """Return the fields of a user that were chosen."""
        data = self.cleaned_data
        return {**{name: data[name] for name in data if name != "default_model"},
                "default_model_id": data["default_model"] or None}  # fmt: skip


class DeletionForm(forms.Form):
    """The last question before an account goes."""

    address = forms.CharField(
        label=_("Your e-mail address, typed out"),
        help_text=_("So that no slip of the finger costs you your photos."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        self._expected = user.email or user.username

    def clean_address(self) -> str:
        """See that it is the account's own."""
        typed: str = self.cleaned_data["address"].strip()
        if typed.lower() != self._expected.lower():
            raise forms.ValidationError(_("That is not the address of this account."))
        return typed
