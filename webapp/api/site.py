"""The HTTP API: its routes, who calls it, and its errors."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from ninja.errors import HttpError, ValidationError

from colorizer.intake import IntakeError
from colorizer.output import FormatLimitError
from training.registry.versions import NoLiveModelError
from webapp.accounts.api import router as accounts_router
from webapp.accounts.quota import QuotaExceededError, TooMuchInWorkError
from webapp.api.auth import SessionActor, TokenActor
from webapp.api.docs import SitePage
from webapp.api.idempotency import idempotent
from webapp.api.limits import Limit
from webapp.api.openapi import RehueAPI
from webapp.batches.access import BatchNotFoundError
from webapp.batches.api.batches import router as batches_router
from webapp.batches.errors import BatchStatusError, InvalidBatchError
from webapp.common.cleantext import CleanParser
from webapp.common.disk import DiskFullError, is_full
from webapp.common.gate import BusyError
from webapp.common.problems import ProblemError, problem_response
from webapp.gallery.access import LabelNotFoundError
from webapp.gallery.api.bulk import router as bulk_router
from webapp.gallery.api.labels import router as labels_router
from webapp.gallery.api.photos import router as photos_router
from webapp.gallery.labels import InvalidLabelError
from webapp.models.api import router as models_router
from webapp.palettes.api import router as palettes_router
from webapp.photos.access import PhotoNotFoundError
from webapp.shares.api import router as shares_router
from webapp.studio.api.models import router as photo_models_router
from webapp.studio.api.predictions import router as predictions_router
from webapp.studio.api.results import router as studio_router
from webapp.uploads.access import UploadNotFoundError
from webapp.uploads.api import router as uploads_router
from webapp.uploads.services import UploadConflictError

log = structlog.get_logger(__name__)


api = RehueAPI(
    title="Rehue",
    version="1",
    description="Colour for black-and-white photographs. Errors are RFC 9457 problem details. "
    "Lists come in pages: `items`, and `count` of all.",
    urls_namespace="api",
    docs=SitePage(),
    auth=[TokenActor(), SessionActor()],
    throttle=Limit(),
    parser=CleanParser(),
)


def with_problems(run: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer problems raised before an operation begins, too; ninja answers only later ones."""

    @wraps(run)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return run(request, *args, **kwargs)
        except ProblemError as error:
            return _problem(request, error)

    return wrapped


api.add_decorator(with_problems, mode="view")
api.add_decorator(idempotent, mode="view")
api.add_router("", photos_router)
api.add_router("", bulk_router)
api.add_router("", labels_router)
api.add_router("", studio_router)
api.add_router("", predictions_router)
api.add_router("", photo_models_router)
api.add_router("", shares_router)
api.add_router("", palettes_router)
api.add_router("", uploads_router)
api.add_router("", batches_router)
api.add_router("", accounts_router)
api.add_router("", models_router)


@api.exception_handler(ProblemError)
def _problem(request: HttpRequest, error: ProblemError) -> HttpResponse:
    response = problem_response(error.status, error.code, error.detail, **error.extra)
    if "retry_after" in error.extra:
        response.headers["Retry-After"] = str(error.extra["retry_after"])
    return response


@api.exception_handler(PhotoNotFoundError)
@api.exception_handler(LabelNotFoundError)
def _photo_not_found(
    request: HttpRequest, error: PhotoNotFoundError | LabelNotFoundError
) -> HttpResponse:
    return problem_response(404)


@api.exception_handler(InvalidLabelError)
def _bad_label(request: HttpRequest, error: InvalidLabelError) -> HttpResponse:
    return problem_response(409 if error.code == "name_taken" else 422, error.code, str(error))


@api.exception_handler(UploadNotFoundError)
@api.exception_handler(BatchNotFoundError)
def _batch_not_found(
    request: HttpRequest, error: BatchNotFoundError | UploadNotFoundError
) -> HttpResponse:
    return problem_response(404)


@api.exception_handler(InvalidBatchError)
def _batch_refused(request: HttpRequest, error: InvalidBatchError) -> HttpResponse:
    return problem_response(error.status, error.code, str(error))


@api.exception_handler(BatchStatusError)
def _wrong_status(request: HttpRequest, error: BatchStatusError) -> HttpResponse:
    return problem_response(409, "wrong_status", str(error))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(404)


@api.exception_handler(FileNotFoundError)
def _file_gone(request: HttpRequest, error: FileNotFoundError) -> HttpResponse:
    """Answer for a file that was deleted between looking up its row and opening it."""
    log.warning("stored_file_missing", path=request.path, error=str(error))
    return problem_response(404)


@api.exception_handler(IntakeError)
def _not_taken_in(request: HttpRequest, error: IntakeError) -> HttpResponse:
    return problem_response(error.status, error.code, error.translated(gettext))


@api.exception_handler(FormatLimitError)
def _too_large_for_format(request: HttpRequest, error: FormatLimitError) -> HttpResponse:
    return problem_response(422, "too_large_for_format", error.translated(gettext))


@api.exception_handler(QuotaExceededError)
def _quota(request: HttpRequest, error: QuotaExceededError) -> HttpResponse:
    return problem_response(429, "quota", str(error))


@api.exception_handler(UploadConflictError)
def _upload_conflict(request: HttpRequest, error: UploadConflictError) -> HttpResponse:
    return problem_response(409, "conflict", str(error))


@api.exception_handler(TooMuchInWorkError)
def _too_much_in_work(request: HttpRequest, error: TooMuchInWorkError) -> HttpResponse:
    response = problem_response(429, error.code, str(error))
    response.headers["Retry-After"] = str(error.seconds)
    return response


@api.exception_handler(NoLiveModelError)
def _no_live_model(request: HttpRequest, error: NoLiveModelError) -> HttpResponse:
    return problem_response(503, "no_live_model", gettext("There is no model to colour with yet."))


@api.exception_handler(BusyError)
def _busy(request: HttpRequest, error: BusyError) -> HttpResponse:
    message = gettext("Many people are uploading at the moment. Please try again in a moment.")
    response = problem_response(503, "busy", message)
    response.headers["Retry-After"] = str(error.seconds)
    return response


@api.exception_handler(DiskFullError)
def _disk_full(request: HttpRequest, error: DiskFullError) -> HttpResponse:
    return problem_response(507)


@api.exception_handler(OSError)
@api.exception_handler(DatabaseError)
def _perhaps_disk_full(request: HttpRequest, error: Exception) -> HttpResponse:
    if is_full(error):
        log.error("disk_full", path=request.path, error=str(error))
        return problem_response(507)
    raise error


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem_response(413)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"loc": list(one["loc"]), "msg": str(one["msg"])} for one in error.errors]
    return problem_response(422, errors=errors)


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 403:  # ninja's word for a missing or wrong CSRF token
        return problem_response(403, "csrf_failed", gettext("The page is too old. Reload it."))
    return problem_response(error.status_code)
