"""The tasks themselves, with the shipped network and real files."""

import io

import numpy as np
import pytest
from django.core.files.storage import default_storage
from PIL import Image

from colorizer.color import rgb_to_lab
from colorizer.hints import HintSet
from colorizer.prepared import shrink
from tests.support.people import guest, upload
from tests.support.pictures import astronaut, encoded, grey_astronaut
from webapp.common.storage import delete_folder
from webapp.photos.files import photo_folder, small_key
from webapp.photos.services import add_photo, delete_photo
from webapp.studio import inference, tasks
from webapp.studio.caching import LRUCache
from webapp.studio.chroma import unpack
from webapp.studio.models import Chroma, Job, Version
from webapp.studio.requests import request_render
from webapp.studio.services import save_hints
from webapp.studio.versions import ExportOptions, result_file

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
    requested = ORANGE.hints[0].ab
    assert np.hypot(*(there - requested)) < 10


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
    delete_folder(photo_folder(photo.pk))
    tasks.colorize(str(job.pk))
    assert Job.objects.get().status == Job.Status.FAILED
    assert not Chroma.objects.exists()


def test_strokes_read_the_small_copy_made_at_upload(photo, job):
    network = inference.colorizer_of(job.model_version)
    begun = inference._small_pixels(photo, network.card.size)
    assert np.array_equal(begun, shrink(inference.read_pixels(photo), network.card.size))
    default_storage.delete(small_key(photo.pk, 128))
    made = inference._small_pixels(photo, 128)
    assert np.array_equal(made, inference._small_pixels(photo, 128))
    default_storage.delete(photo.original)
    assert np.array_equal(made, inference._small_pixels(photo, 128))


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


def exported(version, name):
    """A version as a file of that format."""
    return Image.open(io.BytesIO(b"".join(result_file(version, ExportOptions(format=name)).pieces)))


@pytest.mark.parametrize("name", ["jpeg", "webp", "tiff"])
def test_other_formats_keep_size_and_colour(version, name):
    image = exported(version, name)
    with default_storage.open(version.image) as png:
        difference = np.abs(lab(Image.open(png)) - lab(image))
    assert image.format == name.upper()
    assert difference.mean() < 3  # WebP has half-size colour planes, and this photo is tiny


def test_the_stored_png_is_sent_unchanged(version):
    assert result_file(version, ExportOptions()).key == version.image


def test_a_jpeg_keeps_full_size_colour_planes(version):
    assert {sampling[1:3] for sampling in exported(version, "jpeg").layer} == {(1, 1)}


def test_a_second_attempt_at_a_render_writes_the_same_file(photo, version):
    Version.objects.all().delete()
    # Jobs that are done keep no hints.
    hints = {"version": 1, "hints": []}
    Job.objects.filter(pk=version.pk).update(status=Job.Status.QUEUED, hints=hints)
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
    monkeypatch.setattr(inference, "_networks", LRUCache(1))
    inference.warm_up()
    assert type(inference.colorizer_of(model).backend).__name__ == "TorchBackend"


def test_a_reference_gives_its_colours_and_one_that_is_gone_gives_none(photo, job):
    reddish = np.asarray(astronaut()).copy()
    reddish[..., 1:] //= 3
    other = add_photo(actor=guest(), upload=upload(encoded(Image.fromarray(reddish))))

    def colours(revision, **more):
        hint_set = HintSet.parse({"version": 2, "hints": [], **more})
        save_hints(photo=photo, hint_set=hint_set, revision=revision)
        tasks.colorize(str(Job.objects.get(photo=photo, status=Job.Status.QUEUED).pk))
        chroma = Chroma.objects.get(photo=photo)
        return unpack(bytes(chroma.data), width=chroma.width, height=chroma.height)

    alone = colours(1)
    guided = colours(2, references=[str(other.pk)])
    assert guided[0].mean() > alone[0].mean() + 5, "nothing became redder"
    weak = colours(3, references=[str(other.pk)], strength=0)
    assert np.abs(weak - alone).max() < 1
    delete_photo(photo=other)
    assert np.abs(colours(4, references=[str(other.pk)], strength=0.5) - alone).max() < 1
