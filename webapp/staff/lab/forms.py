"""What staff fill in to have the laboratory train, search or score."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.auth.models import AbstractUser
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from training.data.pictures import DataError
from training.models import Evaluation, Run, Search, Work
from training.registry.data_sets import list_data_sets
from training.runs.evaluations import EvaluationError, request_evaluation
from training.runs.recipes import InvalidRecipeError, checked_recipe, known_recipes
from training.runs.runs import RunError, request_run
from training.runs.searches import EPOCHS, TRIALS, SearchError, request_search
from training.runs.selectors import protocols, scorable_names

NAME = r"^[a-z0-9][a-z0-9-]{0,59}\Z"


class WorkForm(forms.Form):
    """Asks for work; :meth:`request_work` passes the wish on."""

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")

    def request_work(self, actor: AbstractUser) -> Work | None:
        """Have the work done; None, with an error in the form, if it was refused."""
        try:
            return self.request(actor)
        except (DataError, EvaluationError, RunError, SearchError) as error:
            self.add_error(None, str(error))
            return None

    def request(self, actor: AbstractUser) -> Work:
        """Ask the service."""
        raise NotImplementedError


class _PicturesField(forms.MultipleChoiceField):
    """Data sets by their names."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **facts: Any) -> None:
        super().__init__(choices=_data_sets, **facts)


def _data_sets() -> list[tuple[str, str]]:
    return [
        (item.name, f"{item.name}: {sum(item.counts.values())} × {item.side} px")
        for item in list_data_sets()
    ]


class RecipeForm(WorkForm):
    """A recipe, taken from the shelf or written out, and pictures."""

    recipe = forms.ChoiceField(
        label=_("Recipe"), choices=lambda: [(name, name) for name in known_recipes()]
    )
    text = forms.CharField(
        label=_("Its text"),
        required=False,
        help_text=_("TOML. What you change here counts; left empty, the recipe is taken as it is."),
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "autocomplete": "off"}),
    )
    name = forms.RegexField(
        NAME,
        strip=True,
        label=_("Name"),
        required=False,
        help_text=_("Small letters, digits and hyphens. Left empty, the recipe's own."),
        widget=forms.TextInput(attrs={"maxlength": 60, "autocomplete": "off"}),
    )
    data_sets = _PicturesField(label=_("Pictures to learn from"))
    val = _PicturesField(
        label=_("Pictures to choose the best by"),
        required=False,
        help_text=_("None: the validation split of those above."),
    )

    def clean(self) -> dict[str, Any]:
        """Check the recipe in a process that may import torch."""
        values = super().clean() or {}
        text = values.get("text") or known_recipes().get(values.get("recipe", ""), "")
        if text:
            try:
                values["checked"] = checked_recipe(text)
            except InvalidRecipeError as error:
                self.add_error("text", str(error))
        return values

    def named_recipe(self) -> dict[str, Any]:
        """Return the recipe under the name that was asked for."""
        recipe = cast("dict[str, Any]", self.cleaned_data["checked"])
        return {**recipe, "name": self.cleaned_data["name"] or recipe["name"]}


class RunForm(RecipeForm):
    """A training."""

    device = forms.ChoiceField(
        label=_("Device"), choices=[("cpu", "CPU"), ("cuda", "CUDA")], initial="cpu"
    )

    def request(self, actor: AbstractUser) -> Run:
        """Ask for the training."""
        options = self.cleaned_data
        return request_run(
            recipe=self.named_recipe(),
            data=options["data_sets"],
            val=options["val"],
            device=options["device"],
            actor=actor,
        )


class SearchForm(RecipeForm):
    """A search for hyper-parameters."""

    trials = forms.IntegerField(label=_("Trials"), min_value=1, max_value=1000, initial=TRIALS)
    epochs = forms.IntegerField(
        label=_("Epochs a trial"), min_value=1, max_value=1000, initial=EPOCHS
    )
    pictures = forms.IntegerField(
        label=_("Pictures an epoch shows"),
        required=False,
        min_value=1,
        help_text=_("Left empty, all of them."),
    )

    def request(self, actor: AbstractUser) -> Search:
        """Ask for the search."""
        options = self.cleaned_data
        return request_search(
            recipe=self.named_recipe(),
            data=options["data_sets"],
            val=options["val"],
            trials=options["trials"],
            epochs=options["epochs"],
            pictures=options["pictures"],
            actor=actor,
        )


class EvaluationForm(WorkForm):
    """A scoring under one protocol."""

    protocol = forms.ChoiceField(
        label=_("Protocol"),
        choices=[(name, f"{name}: {about}") for name, about in protocols().items()],
    )
    subjects = forms.MultipleChoiceField(
        label=_("Models and runs to score"),
        required=False,
        choices=lambda: [(name, name) for name in scorable_names()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The training-free rows are always scored along."),
    )
    data_sets = _PicturesField(label=_("Pictures"))
    limit = forms.IntegerField(
        label=_("At most so many pictures"),
        required=False,
        min_value=1,
        help_text=_("Left empty, all of the test split. Figures of few pictures are rough."),
    )

    def request(self, actor: AbstractUser) -> Evaluation:
        """Ask for the scoring."""
        options = self.cleaned_data
        return request_evaluation(
            protocol=options["protocol"],
            subjects=options["subjects"],
            data=options["data_sets"],
            limit=options["limit"],
            actor=actor,
        )


FORMS: dict[str, type[WorkForm]] = {
    "run": RunForm,
    "search": SearchForm,
    "evaluation": EvaluationForm,
}
