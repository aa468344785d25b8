"""Links over HTTP."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from webapp.accounts.actor import actor_of
from webapp.common.operations import Scope, operation
from webapp.common.problems import ProblemError
from webapp.photos.access import access_photo
from webapp.shares.access import ShareNotFoundError, access_share, shares_on
from webapp.shares.models import Share
from webapp.shares.services import ShareRefusedError, create_share, revoke_share

MAX_DAYS = 365
MAX_PASSWORD = 200

router = Router(tags=["photos"])


class ShareIn(Schema):
    """After how many days the link ends, null for never, and a password, if it is to have one."""

    days: Annotated[int, Field(ge=1, le=MAX_DAYS)] | None = 30
    password: Annotated[str, Field(max_length=MAX_PASSWORD)] = ""


class ShareOut(Schema):
    """A link that shows a photo and its colours to whoever has it."""

    id: uuid.UUID
    url: str
    has_password: bool
    created: datetime
    expires_at: datetime | None


class SharesOut(Schema):
    """The links to a photo that open it now, newest first."""

    shares: list[ShareOut]


@router.get("/photos/{uuid:photo_id}/shares", response=SharesOut, summary="List links")
@operation(Scope.PHOTOS_READ, errors=(404,))
def list_shares(request: HttpRequest, photo_id: uuid.UUID) -> SharesOut:
    """Return the links to a photo that open it now, newest first."""
    photo = access_photo(actor_of(request), photo_id)
    return SharesOut(shares=[_serialize(request, share) for share in shares_on(photo)])


@router.post(
    "/photos/{uuid:photo_id}/shares", response={201: ShareOut}, summary="Share a photo by a link"
)
@operation(Scope.PHOTOS_WRITE, errors=(404, 409))
def add_share(request: HttpRequest, photo_id: uuid.UUID, body: ShareIn) -> Status[ShareOut]:
    """Make a link to look at a photo; 409 `share_refused` for guests and beyond the limit."""
    photo = access_photo(actor_of(request), photo_id)
    try:
        share = create_share(photo=photo, days=body.days, password=body.password)
    except ShareRefusedError as error:
        raise ProblemError(409, "share_refused", str(error)) from None
    return Status(201, _serialize(request, share))


@router.delete(
    "/photos/{uuid:photo_id}/shares/{uuid:share_id}",
    response={204: None},
    summary="Take a link back",
)
@operation(Scope.PHOTOS_WRITE, errors=(404,))
def delete_share(request: HttpRequest, photo_id: uuid.UUID, share_id: uuid.UUID) -> Status[None]:
    """Take a link back: it opens nothing from now on."""
    photo = access_photo(actor_of(request), photo_id)
    try:
        if photo.owner is None:
            raise ShareNotFoundError
        share = access_share(photo.owner, share_id)
    except ShareNotFoundError:
        raise ProblemError(404) from None
    revoke_share(share=share)
    return Status(204, None)


def _serialize(request: HttpRequest, share: Share) -> ShareOut:
    return ShareOut(
        id=share.id,
        url=request.build_absolute_uri(share.get_absolute_url()),
        has_password=bool(share.password),
        created=share.created,
        expires_at=share.expires_at,
    )
