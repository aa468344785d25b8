"""The HTTP API: its routes, who calls it, and its errors."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import APIKeyCookie

from training.registry import NoLiveModel, published_models
from webapp.accounts.actor import Actor, actor_of
from webapp.accounts.api import router as accounts_router
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
from webapp.problems import CONTENT_TYPE, PROBLEM_SCHEMA, Problem, problem_response
from webapp.studio.api import router as studio_router
from webapp.uploads.api import router as uploads_router
from webapp.uploads.services import TooManyUploads, UploadConflict

log = structlog.get_logger(__name__)


class SessionActor(APIKeyCookie):
    """Whoever holds the session, guest or user; unsafe requests need the CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor:
        """Return the actor: nobody is turned away here, for guests may use the site."""
        return actor_of(request)


class RehueAPI(NinjaAPI):
    """The API, whose description names problem details as the answer to every error."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the description, with the one shape of errors added to each operation."""
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
        content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation["responses"]["default"] = {"description": "Error", "content": content}
        return schema


api = RehueAPI(
    title="Rehue",
    version="1",
    description="Colour for black-and-white photographs. Errors are RFC 9457 problem details.",
    urls_namespace="api",
    auth=SessionActor(),
)
api.add_router("", photos_router)
api.add_router("", bulk_router)
api.add_router("", labels_router)
api.add_router("", studio_router)
api.add_router("", uploads_router)
api.add_router("", batches_router)
api.add_router("", accounts_router)


class ModelOut(Schema):
    """A model version that photos are or were coloured with."""

    id: uuid.UUID
    name: str
    net: str
    sha256: str
    live: bool
    created: datetime
    card: dict[str, Any]


@api.get("/models", response=list[ModelOut], tags=["models"], summary="List the models")
def get_models(request: HttpRequest) -> list[ModelOut]:
    """Return the published model versions with their cards, the live one first."""
    return [
        ModelOut(
            id=version.id,
            name=version.name,
            net=version.net,
            sha256=version.sha256,
            live=version.is_live,
            created=version.created,
            card=version.card,
        )
        for version in published_models()
    ]


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


@api.exception_handler(BatchNotFound)
def _batch_not_found(request: HttpRequest, error: BatchNotFound) -> HttpResponse:
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
