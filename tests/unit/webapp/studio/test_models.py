"""The model of a photo over HTTP: listed, chosen, tried."""

import base64
import io
import uuid

import pytest
from PIL import Image

from tests.support.people import as_guest
from training.models import ModelVersion
from webapp.studio import tasks
from webapp.studio.models import Chroma, Job
from webapp.studio.selectors import model_for


@pytest.fixture
def visitor(client, photo):
    return as_guest(client, photo.guest_key)


@pytest.fixture
def other(model):
    """The other shipped model, beside the live one."""
    return ModelVersion.objects.exclude(pk=model.pk).get(state=ModelVersion.State.PUBLISHED)


def choose(client, photo, model_id):
    return client.put(
        f"/api/photos/{photo.pk}/model", {"model": model_id}, content_type="application/json"
    )


def test_models_are_listed_with_the_one_that_colours_the_photo(visitor, photo, model, other):
    listed = visitor.get(f"/api/photos/{photo.pk}/models").json()["models"]
    assert [(one["name"], one["colors_it"]) for one in listed] == [
        (model.name, True),
        (other.name, False),
    ]
    assert listed[0]["figures"]["psnr@10"] > listed[0]["figures"]["psnr@0"]


def test_a_chosen_model_colours_the_photo_at_once_and_is_given_up_again(
    visitor, photo, job, model, other
):
    tasks.colorize(str(job.pk))
    answer = choose(visitor, photo, str(other.pk))
    assert answer.status_code == 200
    assert [one["colors_it"] for one in answer.json()["models"]] == [False, True]
    tasks.colorize(str(Job.objects.get(photo=photo, status="queued").pk))
    assert Chroma.objects.get(photo=photo).model_version == other
    assert choose(visitor, photo, None).status_code == 200
    assert model_for(photo) == model


def test_a_chosen_model_that_is_withdrawn_gives_way_to_the_live_one(visitor, photo, model, other):
    choose(visitor, photo, str(other.pk))
    assert model_for(photo) == other
    ModelVersion.objects.filter(pk=other.pk).update(state=ModelVersion.State.DRAFT)
    assert model_for(photo) == model
    assert choose(visitor, photo, str(other.pk)).status_code == 404


def test_unknown_models_and_strangers_photos_are_not_found(visitor, client, photo):
    assert choose(visitor, photo, str(uuid.uuid4())).status_code == 404
    stranger = as_guest(client, "somebody-else")
    assert stranger.get(f"/api/photos/{photo.pk}/models").status_code == 404
    assert choose(stranger, photo, None).status_code == 404


@pytest.mark.usefixtures("worker")
def test_a_trial_is_a_picture_and_keeps_nothing(visitor, photo, other):
    answer = visitor.get(f"/api/photos/{photo.pk}/models/{other.pk}/trial")
    assert answer.status_code == 200, answer.content
    assert answer.json()["model"] == other.name
    assert answer.json()["seconds"] > 0
    picture = Image.open(io.BytesIO(base64.b64decode(answer.json()["data"])))
    assert picture.size == (photo.width, photo.height)
    assert model_for(photo).is_live
