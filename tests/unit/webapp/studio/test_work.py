"""The tasks themselves, with the shipped network and real files."""

import io

import numpy as np
import pytest
from django.core.files.storage import default_storage
from PIL import Image

from colorizer.color import rgb_to_lab
from colorizer.hints import HintSet
from tests.support.pictures import grey_astronaut
from webapp.library.services import delete_photo
from webapp.studio import inference, tasks
from webapp.studio.chroma import unpack
from webapp.studio.kept import Kept
from webapp.studio.models import Chroma, Job, Version
from webapp.studio.services import request_render, save_hints
from webapp.studio.versions import FORMATS, image_key

ORANGE = HintSet.parse(
    {
        "version": 1,
        "hints": [{"type": "point", "x": 0.5, "y": 0.4, "radius": 0.1, "color": "#d08040"}],
    }
)


def lab(pixels):
    return rgb_to_lab(np.asarray(pixels.convert("RGB")))


@pytest.fixture
def version(photo):
    save_hints(photo=photo, hint_set=ORANGE, revision=1)
    tasks.render(str(request_render(photo=photo).pk))
    return Version.objects.get()


def test_an_upload_is_coloured_without_hints(photo, job):
    tasks.colorize(str(job.pk))
    chroma = Chroma.objects.get()
    assert (chroma.revision, chroma.job_id) == (0, job.pk)
    assert (chroma.width, chroma.height) == (photo.width, photo.height)
    assert chroma.seconds > 0
    assert unpack(bytes(chroma.data), width=chroma.width, height=chroma.height).shape[0] == 2


def test_a_hint_colours_its_place(photo, job):
    save_hints(photo=photo, hint_set=ORANGE, revision=1)
    tasks.colorize(str(job.pk))
    chroma = Chroma.objects.get()
    ab = unpack(bytes(chroma.data), width=chroma.width, height=chroma.height)
    there = ab[:, int(0.4 * chroma.height), int(0.5 * chroma.width)]
    wanted = ORANGE.hints[0].ab
    assert np.hypot(*(there - wanted)) < 10


def test_a_task_that_comes_twice_works_once(job):
    tasks.colorize(str(job.pk))
    tasks.colorize(str(job.pk))
    assert Job.objects.get().attempt == 1


def test_a_task_about_a_deleted_photo_does_nothing(photo, job):
    delete_photo(photo=photo)
    tasks.colorize(str(job.pk))
    assert not Job.objects.exists()


def test_a_photo_whose_file_is_lost_fails_its_job_and_nothing_else(photo, job):
    inference._photos._values.clear()
    default_storage.delete(photo.original)
    tasks.colorize(str(job.pk))
    assert Job.objects.get().status == Job.Status.FAILED
    assert not Chroma.objects.exists()


def test_a_render_has_the_photo_s_size_and_lightness_and_the_hint_s_colour(photo, version):
    with default_storage.open(version.image) as file:
        result = Image.open(io.BytesIO(file.read()))
    assert result.format == "PNG"
    assert result.size == (photo.width, photo.height)
    before, after = lab(grey_astronaut(96, 64)), lab(result)
    inside = (np.asarray(result) > 0).all(-1) & (np.asarray(result) < 255).all(-1)
    assert np.abs(before - after)[..., 0][inside].max() <= 1
    y, x = np.mgrid[: photo.height, : photo.width]
    near = np.hypot(x - 0.5 * photo.width, y - 0.4 * photo.height) < 0.1 * photo.width - 1
    showing = near & (after[..., 0] > 40) & (after[..., 0] < 80)  # black and white take no colour
    assert showing.any()
    assert np.hypot(*(after[showing, 1:].mean(0) - ORANGE.hints[0].ab)) < 10


@pytest.mark.parametrize("name", ["jpeg", "webp"])
def test_other_formats_keep_size_and_colour_and_are_converted_once(version, name):
    key = image_key(version, FORMATS[name])
    with default_storage.open(version.image) as png, default_storage.open(key) as other:
        image = Image.open(io.BytesIO(other.read()))
        difference = np.abs(lab(Image.open(png)) - lab(image))
    assert image.format == FORMATS[name].pillow
    assert difference.mean() < 3  # WebP has half-size colour planes, and this photo is tiny
    written = default_storage.get_modified_time(key)
    assert image_key(version, FORMATS[name]) == key
    assert default_storage.get_modified_time(key) == written


def test_a_jpeg_keeps_full_size_colour_planes(version):
    with default_storage.open(image_key(version, FORMATS["jpeg"])) as file:
        image = Image.open(io.BytesIO(file.read()))
    assert {sampling[1:3] for sampling in image.layer} == {(1, 1)}


def test_a_second_attempt_at_a_render_writes_the_same_file(photo, version):
    Version.objects.all().delete()
    Job.objects.filter(pk=version.pk).update(status=Job.Status.QUEUED)
    tasks.render(str(version.pk))
    again = Version.objects.get()
    assert again.image == version.image
    _, names = default_storage.listdir(f"photos/{photo.pk}/versions")
    assert names == [f"{version.pk}.png"]


def test_warming_up_loads_the_live_model(model):
    assert inference.warm_up() == model.pk
    assert (model.pk, model.sha256) in inference._networks._values


def test_where_there_is_cuda_networks_run_with_torch(model, monkeypatch):
    monkeypatch.setattr(inference, "has_cuda", lambda: True)
    monkeypatch.setattr(inference, "_networks", Kept(1))
    inference.warm_up()
    assert type(inference.colorizer_of(model).backend.backend).__name__ == "TorchBackend"
