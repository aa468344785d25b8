"""A photo that is deleted while a worker ends its job; run with ``manage.py shell``."""

import json
import sys
import threading
import time
from datetime import timedelta

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from tests.support.people import live_version, upload
from training.leases import database_now
from webapp.accounts.actor import Actor
from webapp.ops.tasks import reap_jobs
from webapp.photos.models import Photo
from webapp.photos.services import add_photo, delete_photo
from webapp.studio.leases import claim, finish, lock_photo
from webapp.studio.models import Job


def delete_beside_a_worker(times=10):
    """Delete photos while workers end their jobs; print what went wrong, and how many are left."""
    live_version()
    wrong, photos = [], []
    for _ in range(times):
        photo = add_photo(actor=Actor(guest_key="somebody"), upload=upload())
        photos.append(photo.pk)
        job = claim(job_id=Job.objects.get(photo=photo).pk, now=timezone.now())
        locked = threading.Event()
        worker = threading.Thread(target=_end, args=(job, locked, wrong))
        worker.start()
        locked.wait()
        try:
            delete_photo(photo=photo)
        except Exception as error:
            wrong.append(repr(error))
        worker.join()
    json.dump([wrong, Photo.objects.filter(pk__in=photos).count()], sys.stdout)


def _end(job, locked, wrong):
    """End a job as a worker does: the photo's row is locked first, then the job's is written."""
    try:
        with transaction.atomic():
            lock_photo(job.photo_id)
            locked.set()
            time.sleep(0.2)
            finish(job=job, status=Job.Status.DONE)
    except Exception as error:
        wrong.append(repr(error))
    finally:
        locked.set()
        connection.close()


def reap_by_a_wrong_clock():
    """Look for dead workers on a host whose clock is an hour fast; print the job's status."""
    live_version()
    photo = add_photo(actor=Actor(guest_key="somebody"), upload=upload())
    job = claim(job_id=Job.objects.get(photo=photo).pk, now=database_now())
    right = timezone.now
    timezone.now = lambda: right() + timedelta(hours=1)
    reap_jobs()
    job.refresh_from_db()
    json.dump([job.status, job.attempt], sys.stdout)


def ask_with_nul(addresses, session_key=""):
    """Ask for addresses, and send forms and JSON with NUL; print the statuses."""
    client = Client(raise_request_exception=False)
    reported = {address: client.get(address).status_code for address in addresses}
    for name, body in (
        ("json", {"action": "tag", "ids": [], "name": "a\0b"}),
        ("half", {"action": "tag", "ids": [], "name": "a\ud800b"}),
    ):
        text = json.dumps(body)
        reported[name] = client.post("/api/photos/bulk", text, "application/json").status_code
    reported["form"] = client.post(
        "/account/login/", {"login": "a\0b", "password": "\0"}
    ).status_code
    reported["cookie"] = client.get("/", headers={"cookie": r'rehue_session="a\000b"'}).status_code
    json.dump(reported, sys.stdout)
