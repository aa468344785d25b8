"""The studio's rows in the admin: to be looked at; only jobs can be acted on."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from webapp.common.readonly import ReadOnly
from webapp.studio.models import Chroma, Hints, Job, Version
from webapp.studio.services import cancel_job


@admin.register(Job)
class JobAdmin(ReadOnly):
    """Jobs, with how long they waited and ran."""

    unread = ("hints",)
    list_display = ["id", "kind", "status", "photo_id", "revision", "attempt", "waited", "ran"]
    list_filter = ["status", "kind", "model_version"]
    search_fields = ["id", "photo__id"]
    date_hierarchy = "created"
    actions = ["cancel"]

    @admin.display(description=_("waited, s"))
    def waited(self, job: Job) -> str:
        """Return how long the job waited for a worker."""
        return f"{(job.started - job.created).total_seconds():.2f}" if job.started else "-"

    @admin.display(description=_("ran, s"))
    def ran(self, job: Job) -> str:
        """Return how long the last attempt took."""
        if job.started is None or job.finished is None:
            return "-"
        return f"{(job.finished - job.started).total_seconds():.2f}"

    @admin.action(description=_("Cancel the chosen jobs"), permissions=["view"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Cancel those that wait or run."""
        cancelled = 0
        for job in queryset.filter(status__in=Job.ALIVE):
            cancelled += cancel_job(job=job).status == Job.Status.CANCELLED
        text = ngettext("%d job cancelled.", "%d jobs cancelled.", cancelled) % cancelled
        self.message_user(request, text or gettext("Nothing to do."), messages.SUCCESS)


@admin.register(Hints)
class HintsAdmin(ReadOnly):
    """Newest hint sets."""

    unread = ("data",)
    list_display = ["photo_id", "revision", "updated"]
    search_fields = ["photo__id"]


@admin.register(Chroma)
class ChromaAdmin(ReadOnly):
    """Newest chroma maps; the map itself is not for reading."""

    list_display = ["photo_id", "revision", "model_version", "width", "height", "seconds"]
    list_select_related = ["model_version"]
    unread = ("data", "model_version__card")
    exclude = ["data"]
    search_fields = ["photo__id"]


@admin.register(Version)
class VersionAdmin(ReadOnly):
    """Full-size results."""

    unread = ("hints", "model_version__card")
    list_select_related = ["model_version"]
    list_display = ["id", "photo_id", "revision", "model_version", "width", "height", "created"]
    search_fields = ["id", "photo__id"]
