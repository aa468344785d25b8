"""Jobs: those that wait, run or failed, source by source."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from webapp.staff.access import staff_only
from webapp.staff.jobs.rows import STATES, JobNotFoundError, JobSource, JobStateError
from webapp.staff.jobs.sources import SOURCES, count_jobs
from webapp.staff.views.common import ROWS, actor_of, show_live

MAX_AT_ONCE = 200


@require_safe
@never_cache
@staff_only
def jobs(request: HttpRequest) -> HttpResponse:
    """Show the jobs of a source in a state."""
    source = _source(request.GET.get("source", "studio"))
    state = request.GET.get("state", "failed")
    if state not in STATES:
        raise Http404
    there = source.total(state)
    page = Paginator(range(there), ROWS).get_page(request.GET.get("page"))
    rows = source.rows(state, page.start_index() - 1 if there else 0, ROWS)
    context = {
        "source": source,
        "state": state,
        "counted": count_jobs(),
        "rows": rows,
        "page": page,
        "limit": MAX_AT_ONCE,
    }
    return show_live(request, "jobs", context)


@require_POST
@staff_only
def retry(request: HttpRequest, source: str, what: str, row_id: str) -> HttpResponse:
    """Queue a failed job again."""
    try:
        _source(source).retry(actor_of(request), what, row_id)
    except JobNotFoundError:
        raise Http404 from None
    except JobStateError as refused:
        messages.error(request, gettext("Nothing has changed. %(why)s") % {"why": refused})
    else:
        messages.success(request, gettext("The job is tried again."))
    return _back(request, source)


@require_POST
@staff_only
def cancel(request: HttpRequest, source: str, what: str, row_id: str) -> HttpResponse:
    """End a job that waits or runs."""
    try:
        _source(source).cancel(actor_of(request), what, row_id)
    except JobNotFoundError:
        raise Http404 from None
    except JobStateError as refused:
        messages.error(request, gettext("Nothing has changed. %(why)s") % {"why": refused})
    else:
        messages.success(request, gettext("The job is cancelled, or asked to stop."))
    return _back(request, source)


@require_POST
@staff_only
def retry_all(request: HttpRequest, source: str) -> HttpResponse:
    """Queue the newest failed jobs of a source again."""
    place, actor = _source(source), actor_of(request)
    tried = 0
    for row in place.rows("failed", 0, MAX_AT_ONCE):
        try:
            place.retry(actor, row.kind, str(row.id))
        except (JobNotFoundError, JobStateError):
            continue
        tried += 1
    words = ngettext("%d job is tried again.", "%d jobs are tried again.", tried) % tried
    messages.success(request, words if tried else gettext("There was nothing to try again."))
    return _back(request, source)


def _source(name: str) -> JobSource:
    try:
        return SOURCES[name]
    except KeyError:
        raise Http404 from None


def _back(request: HttpRequest, source: str) -> HttpResponse:
    """Return to the page that the form stood on."""
    page = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(page, allowed_hosts=None):
        return redirect(page)
    return redirect(f"{reverse('dashboard:jobs')}?{urlencode({'source': source})}")
