"""Photos' files leave by one door, whatever keeps them."""

import asyncio

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.test import AsyncRequestFactory

from webapp.common.media import send_stored

# Closing a response ends a request, which looks after the database connection.
pytestmark = pytest.mark.django_db

KEY = "photos/사진 1/original.png"
DATA = b"0123456789" * 100_000


class Bucket(Storage):
    """A storage that is no folder and signs addresses, as S3's does."""

    def url(self, name, parameters=None):
        return f"https://bucket.example/{name}?{parameters['ResponseContentDisposition']}"


@pytest.fixture
def stored():
    default_storage.save(KEY, ContentFile(DATA))
    yield KEY
    default_storage.delete(KEY)


def assert_sealed(response):
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "private" in response.headers["Cache-Control"]
    assert "Cookie" in response.headers["Vary"]


def test_a_file_is_streamed(rf, stored):
    response = send_stored(rf.get("/"), stored, content_type="image/png")
    assert_sealed(response)
    assert response.headers["Content-Disposition"] == "inline"
    assert response.getvalue() == DATA
    response.close()


async def test_an_asynchronous_server_is_given_pieces_it_need_not_wait_for(stored):
    request = AsyncRequestFactory().get("/")
    response = await asyncio.to_thread(
        send_stored, request, stored, content_type="image/png", filename="a.png"
    )
    assert_sealed(response)
    assert response.is_async
    assert response.headers["Content-Length"] == str(len(DATA))
    pieces = [piece async for piece in response.streaming_content]
    assert len(pieces) > 1
    assert b"".join(pieces) == DATA
    response.close()


def test_nginx_gets_the_file(rf, stored, settings):
    settings.X_ACCEL_PREFIX = "/protected/"
    response = send_stored(rf.get("/"), stored, content_type="image/png", filename="사진.png")
    assert_sealed(response)
    assert response.headers["X-Accel-Redirect"] == (
        "/protected/photos/%EC%82%AC%EC%A7%84%201/original.png"
    )
    assert response.content == b""


def test_a_bucket_gives_a_signed_address(rf, settings):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": f"{__name__}.Bucket", "OPTIONS": {}}
    }
    response = send_stored(
        rf.get("/"), "photos/1/a.png", content_type="image/png", filename="a.png"
    )
    assert response.status_code == 302
    assert response.headers["Location"].startswith("https://bucket.example/photos/1/a.png?attach")
    assert "immutable" not in response.headers["Cache-Control"]


@pytest.mark.parametrize("name", ['a"b.png', "a\r\nSet-Cookie: x=1.png", "../../a.png"])
def test_a_name_cannot_break_out_of_its_header(rf, stored, name):
    response = send_stored(rf.get("/"), stored, content_type="image/png", filename=name)
    assert "\n" not in response.headers["Content-Disposition"]
    response.close()


def test_what_is_not_there_raises(rf):
    with pytest.raises(FileNotFoundError):
        send_stored(rf.get("/"), "photos/none.png", content_type="image/png")
