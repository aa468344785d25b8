"""A user, the shipped model live, and batches of small portraits."""

import uuid

import pytest

from tests.support.people import user
from tests.support.tus import upload_all
from tests.support.zips import portraits
from training.registry.versions import ensure_shipped_model
from webapp.batches import services
from webapp.batches.models import Batch
from webapp.batches.services import BatchOptions


@pytest.fixture(autouse=True)
def long_leases(settings):
    """No lease is renewed within a test: on SQLite it would wait for the test's transaction."""
    settings.JOB_LEASE_SECONDS = 600


@pytest.fixture
def model(db):
    """The shipped model, live."""
    return ensure_shipped_model()


@pytest.fixture
def owner(db):
    return user("owner")


@pytest.fixture
def uploaded(client, owner):
    """Upload a ZIP as the owner; its id."""
    client.force_login(owner)

    def upload(data, name="scans.zip"):
        address = upload_all(client, data, piece=1 << 20, filename=name, purpose="archive")
        return uuid.UUID(address.rsplit("/", 1)[1])

    return upload


@pytest.fixture
def make(owner, model, uploaded):
    """Make a batch of a ZIP's bytes, or of so many portraits."""

    def make_batch(data=4, **options):
        data = portraits(data) if isinstance(data, int) else data
        return services.make_batch_of_upload(
            owner=owner, upload_id=uploaded(data), options=BatchOptions(**options)
        )

    return make_batch


@pytest.fixture
def batch(make):
    """Four portraits, queued."""
    return make(format=Batch.Format.JPEG)
