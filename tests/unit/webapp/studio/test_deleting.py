"""A photo that goes while its job runs: the job ends, and nothing is left half-written."""

import pytest
from django.core.files.storage import default_storage

from tests.support.people import guest
from webapp.gallery.trash import restore_photos, trash_photos
from webapp.photos import files
from webapp.photos.models import Photo
from webapp.photos.services import delete_photo
from webapp.studio import inference, tasks
from webapp.studio.models import Chroma, Job, Version
from webapp.studio.requests import request_render


@pytest.fixture
def meanwhile(monkeypatch):
    """Have something done while the network runs, or the full-size pixels are coloured."""

    def arrange(step, act):
        working = getattr(inference.Colorizer, step)

        def slow(*args):
            act()
            return working(*args)

        monkeypatch.setattr(inference.Colorizer, step, slow)

    return arrange


def files_below(folder):
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return names + [name for below in folders for name in files_below(f"{folder}/{below}")]


@pytest.mark.parametrize(
    ("kind", "step"), [("chroma", "predict"), ("render", "predict"), ("render", "apply")]
)
def test_a_photo_deleted_while_its_job_runs_leaves_nothing(
    photo, job, meanwhile, kind, step, django_capture_on_commit_callbacks
):
    if kind == "render":
        job = request_render(photo=photo)
    task = {"chroma": tasks.colorize, "render": tasks.render}[kind]

    def delete():
        with django_capture_on_commit_callbacks(execute=True):
            delete_photo(photo=Photo.objects.get())

    meanwhile(step, delete)
    task(str(job.pk))
    for rows in (Photo, Job, Chroma, Version):
        assert not rows.objects.exists()
    assert files_below(files.photo_folder(photo.pk)) == []


@pytest.mark.parametrize("kind", ["chroma", "render"])
def test_a_photo_trashed_while_its_job_runs_comes_back_with_the_result(photo, job, meanwhile, kind):
    if kind == "render":
        job = request_render(photo=photo)
    task = {"chroma": tasks.colorize, "render": tasks.render}[kind]
    meanwhile("predict", lambda: trash_photos(actor=guest(), ids=[photo.pk]))
    task(str(job.pk))
    assert Job.objects.get(pk=job.pk).status == Job.Status.DONE
    assert restore_photos(actor=guest(), ids=[photo.pk]) == [photo.pk]
    if kind == "chroma":
        assert Chroma.objects.get().job == job
    else:
        assert default_storage.exists(Version.objects.get().image)
