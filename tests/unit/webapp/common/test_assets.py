"""Assets leave whole, cached for as long as their names promise."""

import asyncio

import pytest
from django.conf import settings
from django.test import AsyncClient

BUNDLE = "/static/ninja/swagger-ui.css"


def test_an_asset_is_found_without_collecting_it_first(client):
    response = client.get(BUNDLE)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/css")
    assert len(response.content) == int(response.headers["Content-Length"]) > 1000


def test_an_asynchronous_server_gets_it_without_a_warning():
    response = asyncio.run(AsyncClient().get(BUNDLE))
    assert not response.streaming
    assert len(response.content) > 1000


def test_heads_parts_and_unchanged_files(client):
    whole = client.get(BUNDLE)
    assert client.head(BUNDLE).content == b""
    part = client.get(BUNDLE, headers={"range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, whole.content[2:6])
    since = {"if-modified-since": whole.headers["Last-Modified"]}
    assert client.get(BUNDLE, headers=since).status_code == 304
    assert client.post(BUNDLE).status_code == 405


@pytest.mark.parametrize(
    ("url", "immutable"),
    [
        ("/static/assets/site-u7tiRlOE.js", True),
        ("/static/assets/page-BTq_fpuA.css", True),
        ("/static/favicon.svg", False),
        ("/static/ninja/swagger-ui.css", False),
    ],
)
def test_names_with_a_hash_are_cached_for_good(url, immutable):
    assert settings.WHITENOISE_IMMUTABLE_FILE_TEST("", url) == immutable
