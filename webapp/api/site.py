"""The HTTP API: its routes, who calls it, and its errors."""

from __future__ import annotations

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja.errors import HttpError, ValidationError

from training.registry import NoLiveModel
from webapp.accounts.api import router as accounts_router
from webapp.api.auth import SessionActor, TokenActor
from webapp.api.catalogue import router as models_router
from webapp.api.idempotency import idempotent
from webapp.api.limits import Limit
from webapp.api.openapi import RehueAPI
from webapp.batches.access import BatchNotFound
from webapp.batches.api import router as batches_router
from webapp.batches.refusal import BatchRefused, WrongStatus
from webapp.library.access import LabelNotFound, PhotoNotFound
from webapp.library.api import router as photos_router
from webapp.library.api_bulk import router as bulk_router
from webapp.library.api_labels import router as labels_router
from webapp.library.intake import IntakeError
from webapp.library.labels import BadLabel
from webapp.library.quota import QuotaExceeded
from webapp.problems import Problem, problem_response
from webapp.studio.api import router as studio_router
from webapp.studio.api_opinions import router as opinions_router
from webapp.uploads.access import UploadNotFound
from webapp.uploads.api import router as uploads_router
from webapp.uploads.services import TooManyUploads, UploadConflict

log = structlog.get_logger(__name__)


api = RehueAPI(
    title="Rehue",
    version="1",
    description="Colour for black-and-white photographs. Errors are RFC 9457 problem details. "
    "Lists come in pages: `items`, and `count` of all.",
    urls_namespace="api",
    auth=[TokenActor(), SessionActor()],
    throttle=Limit(),
)
api.add_decorator(idempotent, mode="view")
api.add_router("", photos_router)
api.add_router("", bulk_router)
api.add_router("", labels_router)
api.add_router("", studio_router)
api.add_router("", opinions_router)
api.add_router("", uploads_router)
api.add_router("", batches_router)
api.add_router("", accounts_router)
api.add_router("", models_router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return problem_response(error.status, error.code, error.detail, **error.extra)


@api.exception_handler(PhotoNotFound)
@api.exception_handler(LabelNotFound)
def _photo_not_found(request: HttpRequest, error: PhotoNotFound | LabelNotFound) -> HttpResponse:
    return problem_response(404)


@api.exception_handler(BadLabel)
def _bad_label(request: HttpRequest, error: BadLabel) -> HttpResponse:
    return problem_response(409 if error.code == "name_taken" else 422, error.code, str(error))


@api.exception_handler(UploadNotFound)
@api.exception_handler(BatchNotFound)
def _batch_not_found(request: HttpRequest, error: BatchNotFound | UploadNotFound) -> HttpResponse:
    return problem_response(404)


@api.exception_handler(BatchRefused)
def _batch_refused(request: HttpRequest, error: BatchRefused) -> HttpResponse:
    return problem_response(error.status, error.code, str(error))


@api.exception_handler(WrongStatus)
def _wrong_status(request: HttpRequest, error: WrongStatus) -> HttpResponse:
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
    return problem_response(error.status, error.code, str(error))


@api.exception_handler(QuotaExceeded)
def _quota(request: HttpRequest, error: QuotaExceeded) -> HttpResponse:
    return problem_response(429, "quota", str(error))


@api.exception_handler(UploadConflict)
def _upload_conflict(request: HttpRequest, error: UploadConflict) -> HttpResponse:
    return problem_response(409, "conflict", str(error))


@api.exception_handler(TooManyUploads)
def _too_many_uploads(request: HttpRequest, error: TooManyUploads) -> HttpResponse:
    return problem_response(429, "too_many_uploads", str(error))


@api.exception_handler(NoLiveModel)
def _no_live_model(request: HttpRequest, error: NoLiveModel) -> HttpResponse:
    return problem_response(503, "no_live_model", gettext("There is no model to colour with yet."))


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
