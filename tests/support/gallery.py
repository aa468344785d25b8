"""Photos for lists: rows with one shared file, made by the thousand."""

import uuid
from datetime import timedelta

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from tests.support.pictures import grey_astronaut
from webapp.photos.encode import lightness_jpeg
from webapp.photos.models import Label, Photo
from webapp.studio.chroma import pack
from webapp.studio.models import Chroma, Hints, Job

SHARED = "photos/shared/lightness.jpg"


def many_photos(actor, count, *, model, coloured=True, tags=3):
    """Give ``actor`` photos that lie a minute apart, the first one oldest; return them so."""
    if not default_storage.exists(SHARED):
        data = lightness_jpeg(np.asarray(grey_astronaut(96, 64)), 4096)
        default_storage.save(SHARED, ContentFile(data))
    now = timezone.now()
    photos = [_photo(actor, n, now - timedelta(minutes=count - n)) for n in range(count)]
    Photo.objects.bulk_create(photos, batch_size=500)
    for photo in photos:  # auto_now and auto_now_add know better
        photo.created = photo.updated = now - timedelta(
            minutes=count - int(photo.title.split()[-1])
        )
    Photo.objects.bulk_update(photos, ["created", "updated"], batch_size=500)
    _tag(actor, photos, tags)
    if coloured:
        _colour(photos, model)
    return photos


def _photo(actor, number, created):
    return Photo(
        id=uuid.uuid4(), owner=actor.user, guest_key="" if actor.user else actor.guest_key,
        title=f"photo {number:05}", width=96, height=64, is_grey=True, sha256="0" * 64,
        bytes=1000, original=SHARED, lightness=SHARED, created=created,
    )  # fmt: skip


def _tag(actor, photos, tags):
    labels = [
        Label.objects.create(
            owner=actor.user, guest_key="" if actor.user else actor.guest_key, kind="tag",
            name=f"tag {n}",
        )
        for n in range(tags)
    ]  # fmt: skip
    links = Photo.labels.through
    links.objects.bulk_create(
        [
            links(photo_id=photo.pk, label_id=labels[n % tags].pk)
            for n, photo in enumerate(photos)
            if tags
        ],
        batch_size=500,
    )


def _colour(photos, model):
    data = pack(np.full((2, 8, 12), 30, np.float32))
    jobs = [
        Job(photo=photo, kind="chroma", revision=0, model_version=model, status="done")
        for photo in photos
    ]
    Job.objects.bulk_create(jobs, batch_size=500)
    Hints.objects.bulk_create(
        [Hints(photo=photo, revision=0, data={"version": 1, "hints": []}) for photo in photos],
        batch_size=500,
    )
    Chroma.objects.bulk_create(
        [
            Chroma(
                photo=job.photo, revision=0, job=job, model_version=model, width=12, height=8,
                data=data, seconds=0.1,
            )
            for job in jobs
        ],
        batch_size=500,
    )  # fmt: skip
