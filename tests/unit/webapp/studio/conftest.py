"""A photo with the shipped model live, and its row's view of things."""

import pytest

from tests.support.people import guest, upload
from training.registry.versions import ensure_shipped_model
from webapp.photos.services import add_photo
from webapp.studio import predictions, tasks
from webapp.studio.models import Job


@pytest.fixture
def model(db):
    """The shipped model, live."""
    return ensure_shipped_model()


@pytest.fixture
def photo(model):
    """A guest's small grey portrait; its first chroma job is queued."""
    return add_photo(actor=guest(), upload=upload())


@pytest.fixture
def job(photo):
    """The chroma job that the upload asked for."""
    return Job.objects.get(photo=photo)


@pytest.fixture
def worker(monkeypatch):
    """A worker that answers at once."""

    def work(task, request_id, *, queue):
        assert (task, queue) == ("studio.predict", "predictions")
        tasks.predict(str(request_id))

    monkeypatch.setattr(predictions, "enqueue", work)
