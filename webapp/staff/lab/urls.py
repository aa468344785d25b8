"""The addresses of the laboratory's staff pages, below ``laboratory/``."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from webapp.staff.lab import actions, views

app_name = "lab"


class WorkConverter:
    """Kinds of work, in the plural where they stand in an address."""

    regex = "runs|searches|evaluations"
    kinds = ("run", "search", "evaluation")

    def to_python(self, value: str) -> str:
        """Return the word for one of them."""
        return dict(zip(self.regex.split("|"), self.kinds, strict=True))[value]

    def to_url(self, value: str) -> str:
        """Return the word for all of them."""
        return dict(zip(self.kinds, self.regex.split("|"), strict=True))[value]


register_converter(WorkConverter, "work")

WORK = "<work:kind>/<uuid:work_id>"
SEARCH = "searches/<uuid:work_id>"

urlpatterns: list[URLPattern] = [
    path("", views.overview_page, name="overview"),
    path("<work:kind>/new", views.new_page, name="new"),
    path(WORK, views.work_page, name="work"),
    path(f"{WORK}/cancel", actions.cancel_view, name="cancel"),
    path(f"{WORK}/resume", actions.resume_view, name="resume"),
    path(f"{SEARCH}/trials.csv", actions.trials_view, name="trials"),
    path(f"{SEARCH}/plots/<slug:plot>/<slug:theme>", actions.plot_view, name="plot"),
    path("models/roll-back", actions.roll_back_view, name="roll-back"),
    path("models/<uuid:model_id>/<slug:action>", actions.model_view, name="model"),
]
