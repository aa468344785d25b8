"""What stands in the addresses of the table, and who asks for it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import numpy as np
from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from colorizer.hints import HintSet
from tests.support.lab import a_run, a_search, an_evaluation
from tests.support.people import a_token, as_guest, live_version, portrait, upload, user
from training.models import ModelVersion, Score
from webapp.accounts.actor import Actor
from webapp.accounts.models import DataExport, User
from webapp.batches.models import Batch, BatchItem
from webapp.batches.previews import ask_preview, keep_preview
from webapp.common.links import new_token
from webapp.gallery.labels import ensure_label, put_label
from webapp.palettes.models import Palette
from webapp.photos.models import Label, Photo
from webapp.shares.models import Share
from webapp.studio.chroma import pack
from webapp.studio.models import Chroma, Hints, Job, Version
from webapp.uploads.models import Upload
from webapp.uploads.services import append, begin_upload
from webapp.webhooks.models import Delivery, Webhook

VISITORS = ("anonymous", "guest", "stranger", "owner", "staff", "superuser")

# One for all: each builds the middleware anew, which looks every static file up.
_HANDLER = Client().handler


def things_of(photo: Photo, model: ModelVersion) -> dict[str, object]:
    """Give whoever owns ``photo`` one of each thing that an address can name; return their ids.

    Add yours here: ``"batch_id": a_batch(photo.owner).pk``. What only users can have is left out
    where ``photo.owner`` is None, and its rows are then not walked for a guest's things.
    """
    job = Job.objects.get(photo=photo)
    Hints.objects.create(photo=photo, revision=1, data={"version": 1, "hints": []})
    Chroma.objects.create(
        photo=photo, revision=1, job=job, model_version=model, width=2, height=2,
        data=pack(np.zeros((2, 2, 2), np.float32)), seconds=0.1,
    )  # fmt: skip
    key = default_storage.save(f"photos/{photo.id}/versions/v.png", ContentFile(portrait()))
    version = Version.objects.create(
        photo=photo, job=job, revision=1, hints={"version": 1, "hints": []},
        model_version=model, image=key, width=96, height=64,
    )  # fmt: skip
    things: dict[str, object] = {
        "photo_id": photo.pk,
        "version_id": version.pk,
        "job_id": job.pk,
        **({"user_id": photo.owner.pk, "row_id": job.pk} if photo.owner else {}),
        "upload_id": an_upload(Actor(photo.owner, photo.guest_key)).pk,
        "label_id": a_label(photo).pk,
    }
    if photo.owner is not None:
        things["batch_id"] = a_batch(photo.owner, photo).pk
        things["preview_id"] = a_preview(photo.owner, model)
        things["token_id"] = a_token(photo.owner)[0].pk
        things |= a_webhook(photo.owner)
        palette = Palette.objects.create(owner=photo.owner, name="denim", token=new_token())
        things |= {"palette_id": palette.pk, "palette_token": palette.token}
        share = Share.objects.create(photo=photo)
        things |= {"share_id": share.pk, "token": share.token}
        things["session_id"] = a_session(photo.owner).pk
        things["export_id"] = an_export(photo.owner).pk
    return things


def a_webhook(owner: User) -> dict[str, object]:
    """A webhook, and something that it was told."""
    webhook = Webhook.objects.create(owner=owner, url="https://1.1.1.1/", secret="x")
    delivery = Delivery.objects.create(
        webhook=webhook, event="photo.finished", subject="x", payload={}, due=timezone.now()
    )
    return {"webhook_id": webhook.pk, "delivery_id": delivery.pk}


def a_session(owner: User) -> UserSession:
    """Another browser that the user is signed in with."""
    other = Client()
    other.force_login(owner)
    key = str(other.session.session_key)
    return UserSession.objects.create(user=owner, ip="127.0.0.1", session_key=key)


def an_export(owner: User) -> DataExport:
    """A ZIP of the user's data that can be fetched."""
    key = default_storage.save(f"exports/{uuid.uuid4()}.zip", ContentFile(b"PK"))
    return DataExport.objects.create(user=owner, status="ready", file=key, site="http://testserver")


def an_upload(actor: Actor) -> Upload:
    """A picture that has arrived in pieces, and no photo has been made of yet."""
    data = portrait()
    begun = begin_upload(actor=actor, size=len(data), name="a.png", purpose=Upload.Purpose.PHOTO)
    return append(upload=begun, offset=0, data=data)


def a_label(photo: Photo) -> Label:
    """A tag that the photo has."""
    actor = Actor(photo.owner, photo.guest_key)
    label = ensure_label(actor=actor, kind=Label.Kind.TAG, name="sea")
    put_label(label=label, photos=[photo])
    return label


def a_batch(owner: User, photo: Photo) -> Batch:
    """A paused batch of one photo that is done and one that failed."""
    batch = Batch.objects.create(
        owner=owner, name="Family", language="en", status="paused", total=2, done=1, failed=1
    )
    key = default_storage.save(f"batches/{batch.pk}/results/1.png", ContentFile(portrait()))
    BatchItem.objects.create(
        batch=batch, number=1, name="1.png", output="1.png", photo=photo, status="done",
        result=key, result_bytes=len(portrait()),
    )  # fmt: skip
    BatchItem.objects.create(batch=batch, number=2, name="2.png", output="2.png", status="failed")
    return batch


def a_preview(owner: User, model: ModelVersion) -> uuid.UUID:
    """A sample in colour, as a worker left it."""
    preview_id = ask_preview(
        owner=owner, sample=portrait(), hints=HintSet.empty, model_version=model
    )
    keep_preview(preview_id=preview_id, image=b"made")
    return preview_id


def public_things() -> dict[str, object]:
    """One of each thing that everybody, or staff alone, may see, and a word for the address."""
    model = ModelVersion.objects.create(
        name="other", sha256="1" * 64, folder="nowhere", net="unet", card={}, state="published",
        samples={"astronaut": {"auto": default_storage.save("a.webp", ContentFile(b"RIFF"))}},
    )  # fmt: skip
    return {
        "model_id": model.pk,
        "name": model.name,
        "file": "astronaut-auto.webp",
        "plot": "history",
        "theme": "light",
        "number": 1,
    }


def laboratory() -> dict[str, list[dict[str, object]]]:
    """Work that waits, for staff, and finished work that everybody sees; by the address's words."""
    run, search = a_run(status="queued"), a_search(status="queued")
    evaluation = an_evaluation()
    plots = {"history": {"light": default_storage.save("plot.svg", ContentFile(b"<svg/>"))}}
    type(search).objects.update(plots=plots)
    shown = a_run(name="shown", status="done")
    found = a_search(name="found", status="done", plots=plots)
    Score.objects.create(
        protocol="report", run=shown, method="shown", hints_seed="x", code_version="1", figures=[],
        seconds=0.1, data="test.tar", data_sha256="7d" * 32, pictures=10,
    )  # fmt: skip
    works = {"run": run, "search": search, "evaluation": evaluation}
    plural = {"run": "runs", "search": "searches", "evaluation": "evaluations"}
    return {
        "<work:kind>": [{"kind": plural[k], "work_id": w.pk} for k, w in works.items()],
        "<slug:kind>": [{"kind": k, "work_id": w.pk} for k, w in works.items()],
        "laboratory/searches/": [{"work_id": search.pk}],
        "models/runs/": [{"name": shown.name}],
        "models/searches/": [{"name": found.name}],
    }


class World:
    """A user's things and a guest's, what the laboratory has, and a browser for each visitor."""

    def __init__(self) -> None:
        self.model = live_version()
        self._clients = {name: Client() for name in VISITORS}
        self._clients["the guest"] = as_guest(Client(), "the-guest")
        as_guest(self._clients["guest"], "another-guest")
        for name, facts in {
            "owner": {},
            "stranger": {},
            "staff": {"is_staff": True},
            "superuser": {"is_staff": True, "is_superuser": True},
        }.items():
            self._clients[name].force_login(user(name, **facts))
        # Each but one has a photo of their own: having one opens no other.
        for name, client in self._clients.items():
            if name != "anonymous":
                client.post("/api/photos", {"file": upload()})
        self.users = things_of(Photo.objects.get(owner__username="owner"), self.model)
        self.guests = things_of(Photo.objects.get(guest_key="the-guest"), self.model)
        self._public = public_things()
        self._laboratory = laboratory()

    def client(self, who: str) -> Client:
        """A browser with the cookies of ``who``, as they were in the beginning."""
        client = Client()
        client.handler = _HANDLER
        client.cookies.load({k: m.value for k, m in self._clients[who].cookies.items()})
        return client

    def session(self, who: str) -> str:
        """The session cookie of ``who``; empty for whoever has none."""
        cookie = self._clients[who].cookies.get("rehue_session")
        return cookie.value if cookie else ""

    def deactivate(self, who: str) -> None:
        """Switch the account of ``who`` off."""
        User.objects.filter(username=who).update(is_active=False)

    def addresses(
        self, address: str, things: dict[str, object], words: Mapping[str, str]
    ) -> list[str]:
        """``address`` with the ids of ``things`` and of what is nobody's; none if one lacks."""
        names = {**self._public, **things, **words}
        for part, variants in self._laboratory.items():
            if part in address:
                return [_filled(address, {**names, **variant}) for variant in variants]
        filled = _filled(address, names)
        return [] if "<" in filled else [filled]

    def has(self, things: dict[str, object], address: str) -> bool:
        """Whether ``address`` names something of ``things``."""
        return any(f":{name}>" in address for name in things)

    def nowhere(self, address: str) -> list[str]:
        """``address`` with ids of nothing at all in place of somebody's."""
        return self.addresses(address, dict.fromkeys(self.users, uuid.uuid4()), {})


def _filled(address: str, words: dict[str, object]) -> str:
    for name, value in words.items():
        for kind in ("uuid", "str", "slug", "int", "work", "path"):
            address = address.replace(f"<{kind}:{name}>", str(value))
    return address
