"""Training's rows in the admin: to be looked at, and acted on through services alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import admin, messages
from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from training.models import (
    DataSet,
    Evaluation,
    Measurement,
    ModelVersion,
    Publication,
    Run,
    Score,
    Search,
    Work,
)
from training.registry.publishing import publish
from training.registry.versions import ModelUnusableError, make_live, retire, roll_back
from training.runs.claims import WorkStateError, kind_of
from webapp.common.readonly import ReadOnly
from webapp.staff.lab.services import cancel_work, resume_work


class LabAdmin(ReadOnly):
    """Rows of training: jobs, scores and files point at them for as long as they are kept."""

    def attempt(self, request: HttpRequest, act: Callable[[], object], done: str) -> None:
        """Do something, and say ``done`` or why not."""
        try:
            act()
        except (ModelUnusableError, WorkStateError) as error:
            words = gettext("Nothing has changed. %(why)s") % {"why": error}
            self.message_user(request, words, messages.ERROR)
        else:
            self.message_user(request, done, messages.SUCCESS)


class WorkAdmin(LabAdmin):
    """Work in progress; "view on site" leads to the page that follows it live."""

    list_display = ["name", "status", "done", "total", "actor", "created", "finished"]
    list_filter = ["status"]
    list_select_related = ["actor"]
    search_fields = ["name"]
    date_hierarchy = "created"
    actions = ["cancel", "resume"]

    def view_on_site(self, obj: Work) -> str:
        """Return the address of the work's page."""
        return reverse("lab:work", args=[kind_of(obj), obj.pk])

    @admin.action(description=_("Cancel the chosen ones"), permissions=["view"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Work]) -> None:
        """Ask them to stop."""
        for work in queryset:
            done = gettext("%(name)s is asked to stop.") % {"name": work.name}
            self.attempt(request, partial(cancel_work, actor=_actor(request), work=work), done)

    @admin.action(description=_("Resume the chosen ones"), permissions=["view"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Work]) -> None:
        """Go on with what was cancelled or failed."""
        for work in queryset:
            done = gettext("%(name)s goes on.") % {"name": work.name}
            self.attempt(request, partial(resume_work, actor=_actor(request), work=work), done)


admin.site.register([Run, Search, Evaluation], WorkAdmin)


@admin.register(DataSet)
class DataSetAdmin(LabAdmin):
    """Prepared pictures."""

    list_display = ["name", "side", "counts", "findings", "created"]
    search_fields = ["name", "sha256"]


@admin.register(Measurement)
class MeasurementAdmin(LabAdmin):
    """What runs measured."""

    list_display = ["run", "step", "values"]
    list_select_related = ["run"]
    search_fields = ["run__name"]


@admin.register(Score)
class ScoreAdmin(LabAdmin):
    """What evaluations found."""

    list_display = ["method", "protocol", "data", "pictures", "code_version", "created"]
    list_filter = ["protocol"]
    search_fields = ["method", "data", "subject_sha256"]


@admin.register(Publication)
class PublicationAdmin(LabAdmin):
    """Files of figures that were loaded."""

    list_display = ["name", "about", "created"]


@admin.register(ModelVersion)
class ModelVersionAdmin(LabAdmin):
    """Versions never change and are never deleted; actions change where one stands."""

    list_display = ["name", "state", "net", "short_hash", "created", "went_live"]
    list_filter = ["state", "net"]
    search_fields = ["name", "sha256"]
    actions = ["publish", "make_live", "retire", "roll_back"]

    @admin.display(description="sha256")
    def short_hash(self, model_version: ModelVersion) -> str:
        """Enough of the hash to tell versions apart."""
        return model_version.sha256[:12]

    @admin.action(description=_("Publish: show drafts with their scores"), permissions=["view"])
    def publish(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        """Let everyone see the chosen drafts."""
        for version in queryset:
            done = gettext("%(name)s is published.") % {"name": version.name}
            act = partial(publish, actor=_actor(request), model_version=version)
            self.attempt(request, act, done)

    @admin.action(description=_("Make live: colour with this version from now on"))
    def make_live(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        """Try the chosen version out, then switch to it."""
        if not self._may_switch(request):
            return
        versions = list(queryset[:2])
        if len(versions) != 1:
            self.message_user(request, gettext("Choose exactly one version."), messages.ERROR)
            return
        done = gettext("%(name)s is live.") % {"name": versions[0].name}
        self.attempt(
            request, partial(make_live, actor=_actor(request), model_version=versions[0]), done
        )

    @admin.action(description=_("Retire: take out of use"), permissions=["view"])
    def retire(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        """Take the chosen versions out of use."""
        for version in queryset:
            done = gettext("%(name)s is retired.") % {"name": version.name}
            act = partial(retire, actor=_actor(request), model_version=version)
            self.attempt(request, act, done)

    @admin.action(description=_("Roll back to the version that was live before"))
    def roll_back(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        """Switch back, whichever versions are chosen."""
        if self._may_switch(request):
            done = gettext("The version before is live again.")
            self.attempt(request, partial(roll_back, actor=_actor(request)), done)

    def _may_switch(self, request: HttpRequest) -> bool:
        if _actor(request).is_superuser:
            return True
        words = gettext("Only superusers switch the model.")
        self.message_user(request, words, messages.ERROR)
        return False


def _actor(request: HttpRequest) -> AbstractUser:
    """Return who asks: the admin lets nobody in who is no user."""
    if not isinstance(request.user, AbstractUser):
        raise PermissionError
    return request.user
