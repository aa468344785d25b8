"""Colours for a place and the map of uncertainty, over HTTP, from a small network."""

import base64
import io
import threading
import time
import uuid

import numpy as np
import pytest
from django.core.cache import cache
from PIL import Image

from colorizer.engine import Colorizer
from colorizer.hints import HintSet
from tests.support.people import as_guest
from training.registry.versions import ensure_shipped_model, make_live, register
from webapp.photos.services import delete_photo
from webapp.studio import inference, predictions, tasks
from webapp.studio.services import save_hints
from webapp.studio.uncertainty import UNIT
from webapp.studio.views import studio_config

DAB = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.1, "color": "#aa3300"}
HINTS = {"version": 1, "hints": [DAB]}


@pytest.fixture
def model(db, predicting_model):
    """A model that gives predictions, live."""
    ensure_shipped_model()
    model = register(folder=predicting_model, stored_as=str(predicting_model))
    make_live(actor=None, model_version=model, probe=lambda folder: None)
    return model


@pytest.fixture
def network(predicting_model):
    return Colorizer.load(predicting_model)


@pytest.fixture
def prepared(network, photo):
    return network.prepare(inference.read_pixels(photo))


@pytest.fixture
def sent(monkeypatch):
    """What was asked of the workers."""
    requested = []
    monkeypatch.setattr(
        predictions, "enqueue", lambda *call, queue: requested.append((*call, queue))
    )
    return requested


@pytest.fixture
def visitor(client, photo):
    return as_guest(client, photo.guest_key)


def post(client, photo, what, **body):
    url = f"/api/photos/{photo.pk}/{what}"
    return client.post(url, body, content_type="application/json")


@pytest.mark.usefixtures("worker")
class TestAnswers:
    def test_colours_for_a_place_come_as_the_engine_gives_them(
        self, visitor, photo, network, prepared
    ):
        answer = post(visitor, photo, "suggestions", x=0.3, y=0.6, count=4, hints=HINTS).json()
        expected = network.suggest(prepared, HintSet.parse(HINTS), 0.3, 0.6, count=4)
        assert answer["model"] == "tiny-predicting"
        assert [one["color"] for one in answer["suggestions"]] == [one.color for one in expected]
        weights = [one["weight"] for one in answer["suggestions"]]
        assert weights == sorted(weights, reverse=True)
        assert 0 < sum(weights) <= 1.001

    def test_the_map_of_uncertainty_is_a_grey_picture_in_units_of_ab(
        self, visitor, photo, network, prepared
    ):
        answer = post(visitor, photo, "uncertainty", hints=HINTS).json()
        grey = np.asarray(Image.open(io.BytesIO(base64.b64decode(answer["data"]))))
        assert answer["encoding"] == "png"
        assert grey.shape == (answer["height"], answer["width"])
        expected = network.uncertainty(prepared, HintSet.parse(HINTS))[0]
        assert answer["unit"] == UNIT
        assert np.abs(grey * UNIT - np.clip(expected, 0, 255 * UNIT)).max() <= UNIT / 2 + 1e-3
        assert grey[grey.shape[0] // 2, grey.shape[1] // 2] == 0, "there is a hint"

    def test_the_old_address_of_the_uncertainty_sends_on_with_the_hints(self, visitor, photo):
        address = f"/api/photos/{photo.pk}/doubt"
        body = {"data": {"hints": HINTS}, "content_type": "application/json"}
        assert visitor.post(address, **body).status_code == 308
        followed = visitor.post(address, **body, follow=True)
        assert followed.json() == post(visitor, photo, "uncertainty", hints=HINTS).json()

    def test_the_thing_at_a_place_comes_as_a_region_s_corners(
        self, visitor, photo, network, prepared
    ):
        answer = visitor.get(f"/api/photos/{photo.pk}/outline?x=0.3&y=0.6&size=0.7").json()
        expected = network.outline(prepared, 0.3, 0.6, size=0.7)
        assert [tuple(corner) for corner in answer["points"]] == expected
        assert answer["model"] == "tiny-predicting"
        fenced = {"version": 2, "hints": [], "regions": [{"points": answer["points"]}]}
        assert HintSet.parse(fenced)

    @pytest.mark.parametrize("query", ["x=1.1&y=0", "x=a&y=0", "x=0&y=nan", "size=2"])
    def test_a_place_outside_has_no_outline(self, visitor, photo, query):
        assert visitor.get(f"/api/photos/{photo.pk}/outline?{query}").status_code == 422

    def test_without_hints_the_saved_ones_count(self, visitor, photo):
        save_hints(photo=photo, hint_set=HintSet.parse(HINTS), revision=1)
        left_out = post(visitor, photo, "uncertainty").json()
        assert left_out["data"] == post(visitor, photo, "uncertainty", hints=HINTS).json()["data"]
        none = {"version": 1, "hints": []}
        assert left_out["data"] != post(visitor, photo, "uncertainty", hints=none).json()["data"]

    def test_a_failing_worker_is_reported_and_the_next_request_is_answered(
        self, visitor, photo, monkeypatch
    ):
        def fail(*_):
            raise OSError("disk")

        with monkeypatch.context() as patch:
            patch.setattr(inference, "prediction", fail)
            refused = post(visitor, photo, "uncertainty")
        assert (refused.status_code, refused.json()["code"]) == (503, "unanswered")
        assert post(visitor, photo, "uncertainty").status_code == 200

    @pytest.mark.parametrize(
        "body",
        [
            {"y": 0.5},
            {"x": 1.01, "y": 0.5},
            {"x": "left", "y": 0.5},
            {"x": 0.5, "y": 0.5, "count": 0},
            {"x": 0.5, "y": 0.5, "count": 13},
            {"x": 0.5, "y": 0.5, "hints": {"version": 2}},
        ],
    )
    def test_bad_asks_are_refused(self, visitor, photo, body):
        refused = post(visitor, photo, "suggestions", **body)
        assert refused.status_code == 422
        assert refused.json()["detail"].endswith(".")


class TestWaiting:
    @pytest.fixture(autouse=True)
    def _short(self, settings):
        settings.PREDICTION_WAIT_SECONDS = 1

    @pytest.mark.usefixtures("sent")
    def test_who_is_not_answered_in_time_gets_an_error(self, visitor, photo):
        refused = post(visitor, photo, "uncertainty")
        assert (refused.status_code, refused.json()["code"]) == (503, "unanswered")

    @pytest.mark.usefixtures("model")
    def test_a_newer_ask_takes_the_place_of_the_one_that_waits(self, photo, sent, settings):
        settings.PREDICTION_WAIT_SECONDS = 10
        reported = []

        def wait():
            try:
                predictions._wait_for(older)
            except predictions.SupersededError:
                reported.append("superseded")

        older, newer = (
            predictions.PredictionRequest(uuid.uuid4(), "uncertainty", photo.pk, photo.pk, HINTS)
            for _ in range(2)
        )
        for one in (older, newer):
            predictions.put(one)
        waiting = threading.Thread(target=wait)
        waiting.start()
        with predictions.claimed(older.id) as first, predictions.claimed(newer.id) as second:
            assert (first, second) == (None, newer)
        waiting.join(5)
        assert reported == ["superseded"]

    def test_what_nobody_waits_for_is_not_worked_on(self, photo, monkeypatch):
        monkeypatch.setattr(inference, "prediction", lambda request: pytest.fail("worked on"))
        gone = predictions.PredictionRequest(uuid.uuid4(), "uncertainty", photo.pk, photo.pk, HINTS)
        predictions.put(gone)
        time.sleep(1.1)
        tasks.predict(str(gone.id))

    def test_asks_about_a_deleted_photo_end(self, photo, model):
        lost = predictions.PredictionRequest(uuid.uuid4(), "uncertainty", photo.pk, model.pk, HINTS)
        predictions.put(lost)
        delete_photo(photo=photo)
        tasks.predict(str(lost.id))
        assert cache.get(predictions._answer_key(lost.id))[0] == "failed"


class TestOlderModels:
    @pytest.fixture
    def model(self, db):
        """A model without predictions, live."""
        model = ensure_shipped_model()
        model.card["net"].pop("field", None)
        model.save()
        return model

    @pytest.mark.parametrize("what", ["suggestions", "uncertainty"])
    def test_a_model_without_predictions_says_so(self, visitor, photo, sent, what):
        refused = post(visitor, photo, what, x=0.5, y=0.5)
        assert (refused.status_code, refused.json()["code"]) == (409, "no_opinions")
        assert not sent, "no worker is bothered"
        assert not studio_config(photo)["predictions"], "and the studio does not offer it"

    @pytest.mark.usefixtures("worker")
    def test_but_it_can_outline(self, visitor, photo):
        assert visitor.get(f"/api/photos/{photo.pk}/outline").status_code == 200


def test_the_studio_offers_what_the_model_can(photo):
    assert studio_config(photo)["predictions"]
