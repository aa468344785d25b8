"""Strokes that arrive while a worker claims; run beside a site with ``manage.py shell``."""

import json
import sys
import threading
import time
import uuid

from django.db import connection, transaction
from django.utils import timezone

from tests.support.patience import PATIENCE_SECONDS
from training.registry.versions import live_model
from webapp.photos.models import Photo
from webapp.studio.leases import claim, lock_photo
from webapp.studio.models import Job


def claim_beside_a_stroke(photo_id):
    """Claim a new job of a coloured photo while a stroke that holds its row raises it.

    Prints 1 if the job was had, or 0.
    """
    photo = Photo.objects.get(pk=uuid.UUID(photo_id))
    job = Job.objects.create(
        photo=photo,
        kind=Job.Kind.CHROMA,
        revision=0,
        model_version=live_model(),
        enqueued=timezone.now(),  # told already: the reaper lets it be
    )
    had = []
    worker = threading.Thread(target=lambda: had.append(_claimed(job)))
    with transaction.atomic():
        lock_photo(photo.pk)
        worker.start()
        _wait_until_one_waits()
        job.seq += 1
        job.save(update_fields=["seq"])
    worker.join()
    json.dump(sum(one is not None for one in had), sys.stdout)


def _claimed(job):
    try:
        return claim(job_id=job.pk, now=timezone.now())
    finally:
        connection.close()


def _wait_until_one_waits():
    """Return when a session of PostgreSQL's waits for a lock.

    Raises:
        TimeoutError: none does.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("select pg_stat_clear_snapshot()")  # kept for the transaction otherwise
            cursor.execute("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise TimeoutError("nobody waits for a lock")
