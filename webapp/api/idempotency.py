"""``Idempotency-Key``: a POST that is sent again gets the answer of the first, and does nothing.

A key belongs to whoever used it first, for a day, and to the one request it came with.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext

from webapp.accounts.actor import Actor
from webapp.accounts.quota import QuotaExceededError, check_room
from webapp.api.auth import caller_of
from webapp.api.models import KEY_LENGTH, IdempotencyRecord
from webapp.common.problems import problem_response

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_VALID = re.compile(rf"[\x21-\x7e]{{1,{KEY_LENGTH}}}")
# What says what a request without a body asks for.
_TELLING_HEADERS = ("Upload-Length", "Upload-Metadata")
# A request takes seconds: after this, whatever process had it has gone.
_PATIENCE = timedelta(minutes=5)

Run = Callable[..., HttpResponseBase]


def idempotent(run: Run) -> Run:
    """Answer a POST that carries a key once; what failed may be tried again with the same key."""

    @wraps(run)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = request.headers.get(HEADER)
        if request.method != "POST" or key is None:
            return run(request, *args, **kwargs)
        if not _VALID.fullmatch(key):
            return problem_response(400, "bad_key", gettext("The Idempotency-Key cannot be used."))
        actor = caller_of(request)
        if actor is None or not actor.key:  # nobody we would know again
            return run(request, *args, **kwargs)
        try:
            check_room(actor)  # answers take up room, too
        except QuotaExceededError as error:
            return problem_response(429, "quota", str(error))
        return _once(actor, key, request, lambda: run(request, *args, **kwargs))

    return wrapped


def forget_answers(*, now: datetime) -> int:
    """Delete the answers whose day is over; return how many."""
    retention = timedelta(hours=settings.IDEMPOTENCY_HOURS)
    return IdempotencyRecord.objects.filter(created__lt=now - retention).delete()[0]


def _once(
    actor: Actor, key: str, request: HttpRequest, run: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    fingerprint = _fingerprint(request)
    record, is_ours = _take(actor, key, fingerprint)
    if not is_ours:
        return _answer_again(record, fingerprint)
    mine = IdempotencyRecord.objects.filter(pk=record.pk, created=record.created)
    try:
        response = run()
    except BaseException:
        mine.delete()
        raise
    if isinstance(response, HttpResponse) and response.status_code < 300:
        headers = dict(response.headers.items())
        mine.update(status=response.status_code, headers=headers, body=response.content)
    else:
        mine.delete()
    return response


def _take(actor: Actor, key: str, fingerprint: str) -> tuple[IdempotencyRecord, bool]:
    """Return the key's row, and whether it is this request's to answer."""
    now = timezone.now()
    over = IdempotencyRecord.objects.filter(actor=actor.key, key=key)
    over.filter(created__lt=now - timedelta(hours=settings.IDEMPOTENCY_HOURS)).delete()
    over.filter(status=None, created__lt=now - _PATIENCE).delete()
    row = IdempotencyRecord(actor=actor.key, owner=actor.user, key=key, fingerprint=fingerprint)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        found = over.first()
        return (found, False) if found is not None else (row, False)
    return row, True


def _answer_again(record: IdempotencyRecord, fingerprint: str) -> HttpResponse:
    if record.fingerprint != fingerprint:
        message = gettext("This Idempotency-Key came with another request before.")
        return problem_response(422, "key_reused", message)
    if record.status is None:
        message = gettext("The first request with this Idempotency-Key is still being answered.")
        response: HttpResponse = problem_response(409, "in_progress", message)
        response.headers["Retry-After"] = "1"
        return response
    response = HttpResponse(bytes(record.body), status=record.status, headers=record.headers)
    response.headers[REPLAYED] = "true"
    return response


def _fingerprint(request: HttpRequest) -> str:
    sha = hashlib.sha256()
    for part in _parts(request):
        sha.update(hashlib.sha256(part).digest())
    return sha.hexdigest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    """What makes two requests the same; in multipart the boundary, which differs, is left out."""
    yield request.get_full_path().encode()
    for name in _TELLING_HEADERS:
        yield request.headers.get(name, "").encode()
    if request.content_type != "multipart/form-data":
        yield request.body
        return
    for name, values in sorted(request.POST.lists()):
        yield repr((name, values)).encode()
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield repr((name, file.name)).encode()
            sha = hashlib.sha256()
            for chunk in file.chunks():
                sha.update(chunk)
            file.seek(0)
            yield sha.digest()
