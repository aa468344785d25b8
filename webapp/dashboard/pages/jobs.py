"""Jobs: those that wait, run or failed, room by room."""

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

from training.pages.access import staff_only
from webapp.dashboard.jobs.rooms import ROOMS, count_jobs
from webapp.dashboard.jobs.rows import STATES, JobNotFound, JobRefused, Room
from webapp.dashboard.pages.common import ROWS, actor_of, show_live

MOST_AT_ONCE = 200


@require_safe
@never_cache
@staff_only
def jobs(request: HttpRequest) -> HttpResponse:
    """Show the jobs of a room in a state."""
    room = _room(request.GET.get("room", "studio"))
    state = request.GET.get("state", "failed")
    if state not in STATES:
        raise Http404
    there = room.total(state)
    page = Paginator(range(there), ROWS).get_page(request.GET.get("page"))
    rows = room.rows(state, page.start_index() - 1 if there else 0, ROWS)
    context = {
        "room": room,
        "state": state,
        "counted": count_jobs(),
        "rows": rows,
        "page": page,
        "most": MOST_AT_ONCE,
    }
    return show_live(request, "jobs", context)


@require_POST
@staff_only
def retry(request: HttpRequest, room: str, what: str, row_id: str) -> HttpResponse:
    """Queue a failed job again."""
    try:
        _room(room).retry(actor_of(request), what, row_id)
    except JobNotFound:
        raise Http404 from None
    except JobRefused as refused:
        messages.error(request, gettext("Nothing has changed. %(why)s") % {"why": refused})
    else:
        messages.success(request, gettext("The job is tried again."))
    return _back(request, room)


@require_POST
@staff_only
def cancel(request: HttpRequest, room: str, what: str, row_id: str) -> HttpResponse:
    """End a job that waits or runs."""
    try:
        _room(room).cancel(actor_of(request), what, row_id)
    except JobNotFound:
        raise Http404 from None
    except JobRefused as refused:
        messages.error(request, gettext("Nothing has changed. %(why)s") % {"why": refused})
    else:
        messages.success(request, gettext("The job is cancelled, or asked to stop."))
    return _back(request, room)


@require_POST
@staff_only
def retry_all(request: HttpRequest, room: str) -> HttpResponse:
    """Queue the newest failed jobs of a room again."""
    place, actor = _room(room), actor_of(request)
    tried = 0
    for row in place.rows("failed", 0, MOST_AT_ONCE):
        try:
            place.retry(actor, row.kind, str(row.id))
        except (JobNotFound, JobRefused):
            continue
        tried += 1
    words = ngettext("%d job is tried again.", "%d jobs are tried again.", tried) % tried
    messages.success(request, words if tried else gettext("There was nothing to try again."))
    return _back(request, room)


def _room(name: str) -> Room:
    try:
        return ROOMS[name]
    except KeyError:
        raise Http404 from None


def _back(request: HttpRequest, room: str) -> HttpResponse:
    """Return to the page that the form stood on."""
    page = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(page, allowed_hosts=None):
        return redirect(page)
    return redirect(f"{reverse('dashboard:jobs')}?{urlencode({'room': room})}")
