"""Staff at the dashboard, and something to see there."""

import json
import shutil

import pytest

from colorizer.models import SHIPPED
from tests.support.people import guest, upload, user
from training.registry import versions
from webapp.photos.services import add_photo
from webapp.studio.models import Job


@pytest.fixture
def model(db):
    """The shipped model, live."""
    return versions.ensure_shipped_model()


@pytest.fixture
def mine(settings, tmp_path, model):
    """A second model that may be switched to."""
    settings.MODEL_DIR = tmp_path / "models"
    shutil.copytree(SHIPPED, settings.MODEL_DIR / "mine")
    card = settings.MODEL_DIR / "mine" / "card.json"
    card.write_text(json.dumps(json.loads(card.read_text()) | {"name": "mine"}))
    return versions.register(folder=settings.MODEL_DIR / "mine", stored_as="mine")


@pytest.fixture
def chief(client, db):
    """A superuser's browser."""
    client.force_login(user("chief", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def assistant(client, db):
    """The browser of staff who may not do everything."""
    client.force_login(user("assistant", is_staff=True))
    return client


@pytest.fixture
def failed(model):
    """A job that failed after all its attempts."""
    photo = add_photo(actor=guest(), upload=upload())
    Job.objects.filter(photo=photo).update(
        status="failed", attempt=3, error="This photo could not be coloured. Please try again."
    )
    return Job.objects.get(photo=photo)
