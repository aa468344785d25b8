"""The table of every address, API operation and websocket: who gets what.

A new address fails ``test_every_address.py`` until it has a row here. A row is one line: method,
address as in the urlconf, and what everybody gets. Where the address names something
(``<uuid:photo_id>``), ``things.py`` says what is put there.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.people import portrait, upload

OK = "reaches it"
SIGN_IN = "is sent to sign in"
AWAY = "sees nothing of it"  # 302, 403, 404 or 405, as Django's admin has it
REPORTED = "is told why not"  # on the page that the redirect leads to; nothing has changed


@dataclass(frozen=True)
class Access:
    """What each kind of visitor gets: ``OK``, ``SIGN_IN``, ``REPORTED``, ``AWAY`` or a status.

    ``owner`` is whose thing the address names, a guest included where guests can have such a thing;
    ``guest`` and ``stranger`` have things of their own. ``staff`` may look at the dashboard and has
    no permission in the admin; ``superuser`` has all, and gets what staff gets unless told.
    """

    anonymous: str | int
    guest: str | int
    stranger: str | int
    owner: str | int
    staff: str | int
    superuser: str | int = 0

    def of(self, who: str) -> str | int:
        """What ``who`` gets."""
        return (self.superuser or self.staff) if who == "superuser" else getattr(self, who)


@dataclass(frozen=True)
class Row:
    """One method of one address.

    Attributes:
        body: what is sent: as JSON to the API, as a form to a page; bytes as they are.
        form: makes what is sent as multipart, where it holds a file.
        fine: statuses that mean "reached" here beside 2xx and 3xx: a form that is filled wrongly.
        words: what to put into the address where one address does several things.
    """

    method: str
    address: str
    access: Access
    body: Mapping[str, Any] | bytes | None = None
    form: Callable[[], dict[str, Any]] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    fine: tuple[int, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} /{self.address}"


@dataclass(frozen=True)
class Socket:
    """One websocket; 4404 is its word for "nothing here, or not yours"."""

    address: str
    access: Access

    def __str__(self) -> str:
        return f"/{self.address}"


EVERYBODY = Access(OK, OK, OK, OK, OK)
OWNER = Access(404, 404, 404, OK, 404)  # things that guests can have, or that look missing
SIGNED_IN = Access(401, 401, OK, OK, OK)  # operations on one's own account
OWNER_SIGNED_IN = Access(401, 401, 404, OK, 404)
PAGE_SIGNED_IN = Access(SIGN_IN, SIGN_IN, OK, OK, OK)
PAGE_OWNER = Access(SIGN_IN, SIGN_IN, 404, OK, 404)
PAGE_STAFF = Access(SIGN_IN, SIGN_IN, 404, 404, OK)
PAGE_SUPERUSER = Access(SIGN_IN, SIGN_IN, 404, 404, REPORTED, OK)
ADMIN_FIRST = Access(SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, OK)
ADMIN = Access(SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, AWAY, OK)

SOCKET_OWNER = Access(4404, 4404, 4404, OK, 4404)
SOCKET_MINE = Access(4404, OK, OK, OK, OK)
SOCKET_STAFF = Access(4404, 4404, 4404, 4404, OK)

MODEL_ACTION = "laboratory/models/<uuid:model_id>/<slug:action>"
SWITCH = "dashboard/models/<uuid:model_id>/switch"
DASHBOARD_JOB = "dashboard/jobs/<slug:source>/<slug:what>/<slug:row_id>"
CHROMA = {"source": "studio", "what": "chroma"}
TUS = {"Tus-Resumable": "1.0.0"}
TUS_PIECE = TUS | {
    "Content-Type": "application/offset+octet-stream",
    "Upload-Offset": str(len(portrait())),
}
NOTHING = "00000000-0000-4000-8000-000000000000"
NO_HINTS = {"version": 1, "hints": []}

A_PREVIEW = {
    "sample": base64.b64encode(portrait()).decode(),
    "palette": {"regions": [{"name": "sky", "color": "#87a7c7", "place": "top"}]},
}


def a_picture() -> dict[str, Any]:
    """A form with a photo."""
    return {"file": upload()}


# fmt: off
PAGES = [
    Row("GET", "", EVERYBODY),
    Row("GET", "photos", EVERYBODY),
    Row("GET", "photos/<uuid:photo_id>", OWNER),
    Row("GET", "photos/<uuid:photo_id>/card", OWNER),
    Row("GET", "about", EVERYBODY),
    Row("GET", "help", EVERYBODY),
    Row("GET", "privacy", EVERYBODY),
    Row("GET", "healthz", EVERYBODY),
    Row("GET", "readyz", EVERYBODY, fine=(503,)),
    Row("POST", "i18n/setlang/", EVERYBODY, body={"language": "ko"}),
    Row("GET", "api/", Access(404, 404, 404, 404, 404)),
    Row("GET", "api/docs", EVERYBODY),
    Row("GET", "api/openapi.json", EVERYBODY),
]

ACCOUNT = [
    Row("GET", "account/", PAGE_SIGNED_IN),
    Row("GET", "account/preferences", PAGE_SIGNED_IN),
    Row("POST", "account/preferences", PAGE_SIGNED_IN, body={"default_export": "png"}),
    Row("POST", "account/theme", PAGE_SIGNED_IN, body={"theme": "dark"}),
    Row("GET", "account/security", PAGE_SIGNED_IN),
    Row("POST", "account/sessions/<int:session_id>/end", PAGE_OWNER),
    Row("GET", "account/data", PAGE_SIGNED_IN),
    Row("POST", "account/data/export", PAGE_SIGNED_IN),
    Row("GET", "account/data/<uuid:export_id>.zip", PAGE_OWNER),
    Row("GET", "account/delete", PAGE_SIGNED_IN),
    Row("POST", "account/delete", PAGE_SIGNED_IN),
]

# allauth's own; what they let through is a page that asks for more, and its tests are its own.
ENTRANCE = [
    *(Row(method, f"account/{address}", EVERYBODY, fine=(404,), words={"uidb36": "1", "key": "x"})
      for address in ("login/", "logout/", "signup/", "password/reset/",
                      "password/reset/key/<str:uidb36>-<str:key>/", "confirm-email/<str:key>/")
      for method in ("GET", "POST")),
    *(Row("GET", f"account/{address}", EVERYBODY)
      for address in ("inactive/", "confirm-email/", "password/reset/done/",
                      "password/reset/key/done/")),
]
# Steps of a sign-in that has begun; whoever has begun none begins at the beginning, and whoever
# is signed in is sent to the start page.
STEPS = [
    *(Row(method, f"account/{address}", Access(SIGN_IN, SIGN_IN, REPORTED, REPORTED, REPORTED))
      for address in ("login/code/confirm/", "2fa/authenticate/", "2fa/webauthn/login/")
      for method in ("GET", "POST")),
]
MANAGED = [
    Row("PUT", "account/sessions/", PAGE_SIGNED_IN),  # Django's forms take PUT as POST
    *(Row(method, f"account/{address}", PAGE_SIGNED_IN, fine=(403, 404), words={"pk": "1"})
      for address in ("reauthenticate/", "email/", "password/change/", "password/set/",
                      "2fa/reauthenticate/",
                      "2fa/totp/activate/", "2fa/totp/deactivate/", "2fa/recovery-codes/generate/",
                      "2fa/webauthn/add/", "2fa/webauthn/reauthenticate/", "sessions/",
                      "2fa/webauthn/keys/<int:pk>/edit/", "2fa/webauthn/keys/<int:pk>/remove/")
      for method in ("GET", "POST")),
    *(Row("GET", f"account/{address}", PAGE_SIGNED_IN, fine=(404,))
      for address in ("2fa/", "2fa/recovery-codes/", "2fa/recovery-codes/download/",
                      "2fa/webauthn/")),
]

# Drafts and unfinished work answer 404 here: tests/unit/training/test_pages.py.
MODELS = [
    Row("GET", "models", EVERYBODY),
    Row("GET", "models/<str:name>", EVERYBODY),
    Row("GET", "models/<str:name>/samples/<str:file>", EVERYBODY),
    Row("GET", "models/runs/<slug:name>", EVERYBODY),
    Row("GET", "models/searches/<slug:name>", EVERYBODY),
    Row("GET", "models/searches/<slug:name>.csv", EVERYBODY),
    Row("GET", "models/searches/<slug:name>/plots/<slug:plot>/<slug:theme>", EVERYBODY),
]

LABORATORY = [
    Row("GET", "laboratory/", PAGE_STAFF),
    Row("GET", "laboratory/<work:kind>/new", PAGE_STAFF),
    Row("POST", "laboratory/<work:kind>/new", PAGE_STAFF, fine=(422,)),
    Row("GET", "laboratory/<work:kind>/<uuid:work_id>", PAGE_STAFF),
    Row("POST", "laboratory/<work:kind>/<uuid:work_id>/cancel", PAGE_STAFF),
    Row("POST", "laboratory/<work:kind>/<uuid:work_id>/resume", PAGE_STAFF),
    Row("GET", "laboratory/searches/<uuid:work_id>/trials.csv", PAGE_STAFF),
    Row("GET", "laboratory/searches/<uuid:work_id>/plots/<slug:plot>/<slug:theme>", PAGE_STAFF),
    Row("POST", "laboratory/models/roll-back", PAGE_SUPERUSER),
    Row("POST", MODEL_ACTION, PAGE_SUPERUSER, words={"action": "make-live"}),
    Row("POST", MODEL_ACTION, PAGE_STAFF, words={"action": "publish"}),
    Row("POST", MODEL_ACTION, PAGE_STAFF, words={"action": "retire"}),
]

TOKENS = [
    Row("GET", "account/tokens", PAGE_SIGNED_IN),
    Row("POST", "account/tokens", PAGE_SIGNED_IN, {"name": "script", "scopes": ["photos:read"]}),
    Row("POST", "account/tokens/<uuid:token_id>/revoke", PAGE_OWNER),
    Row("GET", "account/shares", PAGE_SIGNED_IN),
    Row("POST", "account/shares/<uuid:share_id>/revoke", PAGE_OWNER),
    # Who has the link may look, and a link without a password takes any.
    Row("GET", "s/<str:token>", EVERYBODY),
    Row("POST", "s/<str:token>", EVERYBODY, {"password": "x"}),
    Row("GET", "s/<str:token>/<str:which>.jpg", EVERYBODY, words={"which": "original"}),
    Row("GET", "p/<str:palette_token>", EVERYBODY),
    Row("POST", "p/<str:palette_token>/copy", PAGE_SIGNED_IN),
    Row("GET", "account/webhooks", PAGE_SIGNED_IN),
    Row("POST", "account/webhooks", PAGE_SIGNED_IN, {"url": "https://1.1.1.1/"}),
    Row("POST", "account/webhooks/<uuid:webhook_id>/remove", PAGE_OWNER),
    Row("POST", "account/webhooks/deliveries/<uuid:delivery_id>/again", PAGE_OWNER),
]

API = [
    Row("GET", "api/account", SIGNED_IN),
    Row("GET", "api/models", EVERYBODY),
    Row("GET", "api/photos", EVERYBODY),
    Row("GET", "api/photos/ids", EVERYBODY),
    Row("POST", "api/photos", EVERYBODY, form=a_picture),
    Row("GET", "api/photos/<uuid:photo_id>", OWNER),
    Row("PATCH", "api/photos/<uuid:photo_id>", OWNER, body={"title": "mine now"}),
    Row("DELETE", "api/photos/<uuid:photo_id>", OWNER),
    Row("GET", "api/photos/<uuid:photo_id>/lightness", OWNER),
    Row("GET", "api/photos/<uuid:photo_id>/original", OWNER),
    Row("GET", "api/photos/<uuid:photo_id>/image", OWNER),
    Row("GET", "api/photos/<uuid:photo_id>/thumbnail", OWNER),
    Row("GET", "api/photos/<uuid:photo_id>/hints", OWNER),
    Row("PUT", "api/photos/<uuid:photo_id>/hints", OWNER, body={"revision": 9, "hints": NO_HINTS}),
    Row("POST", "api/photos/<uuid:photo_id>/renders", OWNER),
    Row("POST", "api/photos/<uuid:photo_id>/colorize", OWNER),
    # 409: the model of these photos gives no predictions.
    Row("POST", "api/photos/<uuid:photo_id>/suggestions", OWNER, {"x": 0, "y": 0}, fine=(409,)),
    Row("POST", "api/photos/<uuid:photo_id>/uncertainty", OWNER, body={}, fine=(409,)),
    Row("POST", "api/photos/<uuid:photo_id>/doubt", OWNER, body={}),
    # 503: no worker answers in these tests.
    Row("GET", "api/photos/<uuid:photo_id>/outline", OWNER, fine=(503,)),
    Row("GET", "api/photos/<uuid:photo_id>/preview", OWNER),
    Row("GET", "api/photos/<uuid:photo_id>/models", OWNER),
    Row("PUT", "api/photos/<uuid:photo_id>/model", OWNER, body={"model": None}),
    Row("GET", "api/photos/<uuid:photo_id>/models/<uuid:model_id>/trial", OWNER, fine=(503,)),
    Row("GET", "api/photos/<uuid:photo_id>/shares", OWNER),
    # 409: guests have no links.
    Row("POST", "api/photos/<uuid:photo_id>/shares", OWNER, body={}, fine=(409,)),
    Row("DELETE", "api/photos/<uuid:photo_id>/shares/<uuid:share_id>", OWNER),
    Row("GET", "api/palettes", EVERYBODY),
    # 409: guests have no palettes.
    Row("POST", "api/palettes", EVERYBODY, body={"name": "mine"}, fine=(409,)),
    Row("PATCH", "api/palettes/<uuid:palette_id>", OWNER, body={"name": "mine now"}),
    Row("DELETE", "api/palettes/<uuid:palette_id>", OWNER),
    Row("POST", "api/palettes/<uuid:palette_id>/share", OWNER),
    Row("DELETE", "api/palettes/<uuid:palette_id>/share", OWNER),
    Row("GET", "api/photos/<uuid:photo_id>/versions", OWNER),
    # 422: the portrait is grey, and so has no colours to give.
    Row("POST", "api/photos/<uuid:photo_id>/versions", OWNER, form=a_picture, fine=(422,)),
    Row("GET", "api/versions/<uuid:version_id>/image", OWNER),
    Row("GET", "api/versions/<uuid:version_id>/thumbnail", OWNER),
    Row("GET", "api/versions/<uuid:version_id>/hints", OWNER),
    Row("GET", "api/versions/<uuid:version_id>/layers", OWNER),
    Row("PATCH", "api/versions/<uuid:version_id>", OWNER, body={"name": "mine now"}),
    Row("DELETE", "api/versions/<uuid:version_id>", OWNER),
    Row("GET", "api/jobs/<uuid:job_id>", OWNER),
    Row("POST", "api/jobs/<uuid:job_id>/cancel", OWNER),
]

# Others' photos are "missing" in the answers: tests/unit/webapp/gallery/test_organising.py.
ORGANISING = [
    Row("POST", "api/photos/bulk", EVERYBODY, body={"action": "star", "ids": [NOTHING]}),
    Row("POST", "api/photos/renders", EVERYBODY, body={"ids": [NOTHING]}),
    Row("POST", "api/photos/archive", EVERYBODY, form=lambda: {"ids": NOTHING}),
    Row("DELETE", "api/trash", EVERYBODY),
    Row("GET", "api/labels", EVERYBODY),
    Row("POST", "api/labels", EVERYBODY, body={"kind": "tag", "name": "sea"}),
    Row("PATCH", "api/labels/<uuid:label_id>", OWNER, body={"name": "mine now"}),
    Row("DELETE", "api/labels/<uuid:label_id>", OWNER),
]

UPLOADS = [
    Row("OPTIONS", "api/uploads", EVERYBODY),
    Row("POST", "api/uploads", EVERYBODY, headers=TUS | {"Upload-Length": "9"}),
    Row("HEAD", "api/uploads/<uuid:upload_id>", OWNER, headers=TUS),
    Row("PATCH", "api/uploads/<uuid:upload_id>", OWNER, b"", headers=TUS_PIECE),
    Row("DELETE", "api/uploads/<uuid:upload_id>", OWNER, headers=TUS),
    Row("POST", "api/uploads/<uuid:upload_id>/photo", OWNER),
]

DASHBOARD = [
    Row("GET", "dashboard/", PAGE_STAFF),
    Row("POST", "dashboard/usage", PAGE_STAFF),
    Row("GET", SWITCH, PAGE_SUPERUSER),
    Row("POST", SWITCH, PAGE_SUPERUSER, fine=(409,)),
    Row("GET", "dashboard/models/roll-back", PAGE_SUPERUSER),
    Row("POST", "dashboard/models/roll-back", PAGE_SUPERUSER),
    Row("GET", "dashboard/jobs", PAGE_STAFF),
    Row("POST", "dashboard/jobs/<slug:source>/retry", PAGE_STAFF, words={"source": "studio"}),
    Row("POST", f"{DASHBOARD_JOB}/retry", PAGE_STAFF, words=CHROMA),
    Row("POST", f"{DASHBOARD_JOB}/cancel", PAGE_STAFF, words=CHROMA),
    Row("GET", "dashboard/users", PAGE_STAFF),
    Row("GET", "dashboard/users/<int:user_id>", PAGE_STAFF),
    Row("POST", "dashboard/users/<int:user_id>", PAGE_STAFF, body={"photos": "7"}),
    Row("POST", "dashboard/users/<int:user_id>/close", PAGE_STAFF),
    Row("POST", "dashboard/users/<int:user_id>/open", PAGE_STAFF),
    Row("GET", "dashboard/audit", PAGE_STAFF),
]

BATCH = "api/batches/<uuid:batch_id>"
BATCHES = [
    Row("GET", "batches/", PAGE_SIGNED_IN),
    Row("GET", "batches/new", PAGE_SIGNED_IN),
    Row("POST", "batches/new", PAGE_SIGNED_IN, body={"photos": NOTHING}),
    Row("GET", "batches/<uuid:batch_id>", PAGE_OWNER),
    Row("POST", "batches/<uuid:batch_id>/<slug:action>", PAGE_OWNER, words={"action": "cancel"}),
    Row("POST", "batches/<uuid:batch_id>/<slug:action>", PAGE_OWNER, words={"action": "delete"}),
    Row("GET", "api/batches", SIGNED_IN),
    Row("POST", "api/batches", SIGNED_IN, body={"photos": []}, fine=(422,)),
    Row("GET", "api/batches/previews/<uuid:preview_id>", OWNER_SIGNED_IN),
    Row("POST", "api/batches/previews", SIGNED_IN, body=A_PREVIEW),
    Row("GET", BATCH, OWNER_SIGNED_IN),
    Row("GET", f"{BATCH}/items", OWNER_SIGNED_IN),
    Row("GET", f"{BATCH}/items/<int:number>/image", OWNER_SIGNED_IN),
    Row("GET", f"{BATCH}/archive", OWNER_SIGNED_IN),
    Row("GET", f"{BATCH}/items/<int:number>/thumbnail", OWNER_SIGNED_IN),
    Row("GET", f"{BATCH}/items/<int:number>/hints", OWNER_SIGNED_IN),
    Row("POST", f"{BATCH}/pause", OWNER_SIGNED_IN, fine=(409,)),
    Row("POST", f"{BATCH}/resume", OWNER_SIGNED_IN),
    Row("POST", f"{BATCH}/cancel", OWNER_SIGNED_IN),
    Row("POST", f"{BATCH}/retry", OWNER_SIGNED_IN),
    Row("DELETE", BATCH, OWNER_SIGNED_IN),
]

ROWS = [
    *PAGES, *ACCOUNT, *ENTRANCE, *STEPS, *MANAGED, *MODELS,
    *LABORATORY, *DASHBOARD, *TOKENS, *API, *ORGANISING, *UPLOADS,
    *BATCHES,
]

SOCKETS = [
    Socket("ws/me", SOCKET_MINE),
    Socket("ws/photos/<uuid:photo_id>", SOCKET_OWNER),
    Socket("ws/batches/<uuid:batch_id>", SOCKET_OWNER),
    Socket("ws/laboratory/<slug:kind>/<uuid:work_id>", SOCKET_STAFF),
]
# fmt: on

# Django's admin makes its own addresses, several for each model: all of them are walked as ADMIN,
# but for these.
ADMIN_PREFIX = "admin/"
# Their forms are the site's own, and a visitor who signs out is another one from then on.
ADMIN_UNSENT = {"admin/login/", "admin/logout/"}
ADMIN_ROWS = {
    "admin/": ADMIN_FIRST,
    "admin/jsi18n/": ADMIN_FIRST,
    "admin/login/": Access(SIGN_IN, SIGN_IN, OK, OK, OK),
    "admin/logout/": Access(AWAY, AWAY, AWAY, AWAY, 405),
    "admin/password_change/": ADMIN_FIRST,
    "admin/password_change/done/": ADMIN_FIRST,
}
