"""Copies coloured elsewhere over HTTP: they become versions, marked as such, or change nothing."""

import io
import zipfile

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from colorizer.color import rgb_to_lab
from colorizer.output import Mark, draw_mark
from tests.support.people import user
from tests.support.pictures import FOLDER, astronaut, encoded, pixels
from webapp.photos.models import Photo
from webapp.studio.models import VERSION_NAME_LENGTH, Job, Version


def file(picture, name="By hand.png"):
    return {"file": SimpleUploadedFile(name, encoded(picture), "image/png")}


@pytest.fixture
def member(client, model):
    client.force_login(user("restorer"))
    return client


@pytest.fixture
def versions(member):
    """The address of the versions of a grey portrait."""
    grey = astronaut().convert("L").resize((256, 256), Image.Resampling.LANCZOS)
    added = member.post("/api/photos", file(grey, "portrait.png")).json()
    return f"/api/photos/{added['id']}/versions"


def body(response):
    return b"".join(response.streaming_content)


@pytest.fixture
def version(member, versions):
    answer = member.post(versions, file(astronaut().resize((300, 300))))
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_copy_becomes_a_version_with_the_photo_s_lightness(member, versions, version):
    assert (version["brought_in"], version["model"], version["hints"]) == (True, "", 0)
    assert (version["name"], version["width"]) == ("By hand", 256)
    assert member.get(versions).json()["items"] == [version]
    result = pixels(body(member.get(f"/api/versions/{version['id']}/image")))
    with default_storage.open(Photo.objects.get().original) as original:
        grey = pixels(original.read())
    lab, own = rgb_to_lab(result), rgb_to_lab(grey)
    assert np.abs(lab[..., 0] - own[..., 0]).max() < 1
    true = rgb_to_lab(np.asarray(astronaut().resize((256, 256), Image.Resampling.LANCZOS)))
    assert np.hypot(*(lab - true)[..., 1:].transpose(2, 0, 1)).mean() < 5
    assert not Job.objects.filter(kind="render").exists()


def test_its_files_count_and_go_with_it(
    member, versions, version, django_capture_on_commit_callbacks
):
    row = Version.objects.get()
    assert row.bytes == default_storage.size(row.image)
    with django_capture_on_commit_callbacks(execute=True):
        assert member.delete(f"/api/versions/{row.pk}").status_code == 204
    assert not default_storage.exists(row.image)
    assert member.get(versions).json()["count"] == 0


def test_its_file_claims_no_model(member, version):
    data = body(member.get(f"/api/versions/{version['id']}/image"))
    assert b"TrainedAlgorithmicMedia" not in data
    assert b"Rehue" in data


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (lambda: astronaut().convert("L"), "grey_copy"),
        (lambda: Image.open(FOLDER / "coffee.png"), "other_photo"),
        (lambda: astronaut().transpose(Image.Transpose.FLIP_LEFT_RIGHT), "other_photo"),
    ],
)
def test_what_is_no_coloured_copy_changes_nothing(member, versions, picture, code):
    answer = member.post(versions, file(picture()))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert len(answer.json()["detail"]) > 20
    assert not Version.objects.exists()
    folder = f"photos/{Photo.objects.get().pk}"
    assert "versions" not in default_storage.listdir(folder)[0]


def test_a_file_that_is_no_picture_is_refused_as_on_upload(member, versions):
    broken = {"file": SimpleUploadedFile("copy.png", encoded(astronaut())[:900], "image/png")}
    answer = member.post(versions, broken)
    assert (answer.status_code, answer.json()["code"]) == (400, "damaged")


def test_without_room_nothing_is_brought_in(member, versions, settings):
    settings.QUOTA_BYTES = 1
    answer = member.post(versions, file(astronaut()))
    assert (answer.status_code, answer.json()["code"]) == (429, "quota")
    assert not Version.objects.exists()


def test_a_version_is_named(member, versions, version):
    address = f"/api/versions/{version['id']}"

    def name(text):
        return member.patch(address, {"name": text}, content_type="application/json")

    assert name("  For the\nalbum ").json()["name"] == "For the album"
    assert member.get(versions).json()["items"][0]["name"] == "For the album"
    assert name("").json()["name"] == ""
    assert name("x" * VERSION_NAME_LENGTH).status_code == 200
    assert name("x" * 10_000).status_code == 422
    assert Version.objects.get().name == "x" * VERSION_NAME_LENGTH


def test_a_result_is_downloaded_in_layers(member, version):
    response = member.get(f"/api/versions/{version['id']}/layers")
    assert response["Content-Type"] == "image/openraster"
    assert response["Content-Disposition"].endswith('portrait.ora"')
    archive = zipfile.ZipFile(io.BytesIO(body(response)))
    assert archive.namelist()[0] == "mimetype"
    image = body(member.get(f"/api/versions/{version['id']}/image"))
    assert np.array_equal(pixels(archive.read("mergedimage.png")), pixels(image))


def test_a_mark_on_a_copy_says_nothing_of_a_model(member, version):
    address = f"/api/versions/{version['id']}/image"
    plain, marked = (
        pixels(body(member.get(f"{address}?mark={one}"))) for one in ("none", "corner")
    )
    assert np.array_equal(marked, draw_mark(plain, Mark("corner", "Colours added later")))
