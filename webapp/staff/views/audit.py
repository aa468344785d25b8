"""The audit log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from webapp.audit.selectors import find_entries
from webapp.staff.access import staff_only
from webapp.staff.forms import AuditForm
from webapp.staff.views.common import page_of, show


@require_safe
@never_cache
@staff_only
def audit(request: HttpRequest) -> HttpResponse:
    """Show the entries that the address asks for."""
    form = AuditForm(request.GET)
    valid = form.is_valid()
    entries = find_entries(**form.cleaned_data) if valid else find_entries()
    context = {"form": form, "page": page_of(request, entries)}
    return show(request, "audit", context, status=200 if valid else 422)
