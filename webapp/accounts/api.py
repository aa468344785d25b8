"""Accounts over HTTP."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from webapp.accounts.actor import actor_of
from webapp.accounts.quota import quotas_of
from webapp.common.operations import Scope, operation
from webapp.common.problems import ProblemError

router = Router(tags=["account"])


class QuotaOut(Schema):
    """What is used of something, and how much of it there may be."""

    used: int
    limit: int


class QuotasOut(Schema):
    """Bytes and photos that are kept, and full-size results of the last 24 hours."""

    bytes: QuotaOut
    photos: QuotaOut
    jobs: QuotaOut


class AccountOut(Schema):
    """Whoever asks; an empty preference means: as the browser or the site has it."""

    email: str
    joined: datetime
    language: str
    theme: str
    default_model: uuid.UUID | None
    default_export: str
    default_metadata: str
    quotas: QuotasOut


@router.get("/account", response=AccountOut, summary="Read your account")
@operation(Scope.ACCOUNT_READ)
def get_account(request: HttpRequest) -> AccountOut:
    """Return your address, preferences, and what you use of your quotas; 401 for guests."""
    actor = actor_of(request)
    user = actor.user
    if user is None:
        raise ProblemError(401)
    return AccountOut(
        email=user.email,
        joined=user.date_joined,
        language=user.language,
        theme=user.theme,
        default_model=user.default_model_id,
        default_export=user.default_export,
        default_metadata=user.default_metadata,
        quotas=QuotasOut.from_orm(quotas_of(actor)),
    )
