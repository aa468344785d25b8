"""The addresses of the laboratory's staff pages, below ``laboratory/``."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from training.pages import staff, staff_actions

app_name = "laboratory"


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
    path("", staff.overview_page, name="overview"),
    path("<work:kind>/new", staff.new_page, name="new"),
    path(WORK, staff.work_page, name="work"),
    path(f"{WORK}/cancel", staff_actions.cancel_view, name="cancel"),
    path(f"{WORK}/resume", staff_actions.resume_view, name="resume"),
    path(f"{SEARCH}/trials.csv", staff_actions.trials_view, name="trials"),
    path(f"{SEARCH}/plots/<slug:plot>/<slug:theme>", staff_actions.plot_view, name="plot"),
    path("models/roll-back", staff_actions.roll_back_view, name="roll-back"),
    path("models/<uuid:model_id>/<slug:action>", staff_actions.model_view, name="model"),
]
