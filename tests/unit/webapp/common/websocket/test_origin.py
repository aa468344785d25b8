"""Which pages may open a websocket."""

import pytest

from webapp.common.websocket.origin import is_own


def scope(origin, *, host="localhost:8000", scheme="ws"):
    headers = [(b"host", host.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    return {"headers": headers, "scheme": scheme}


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("http://localhost:8000", True),
        ("http://localhost:8001", False),
        ("http://localhost", False),
        ("https://localhost:8000", False),
        ("http://127.0.0.1:8000", False),
        ("http://evil.example", False),
        ("http://localhost:8000.evil.example", False),
        ("http://localhost:eighty", False),
        ("null", False),
        ("", False),
        (None, False),
    ],
)
def test_a_page_of_another_port_or_scheme_is_another_site_s(origin, own):
    assert is_own(scope(origin)) is own


def test_a_port_that_goes_without_saying_need_not_be_given():
    assert is_own(scope("https://localhost", host="localhost:443", scheme="wss"))
    assert is_own(scope("http://localhost:80", host="localhost"))
    assert not is_own(scope("http://localhost", host="localhost", scheme="wss"))


def test_the_port_that_the_site_listens_on_is_its_own_where_a_proxy_leaves_it_out():
    assert is_own(scope("http://localhost:8000", host="localhost"))
    assert not is_own(scope("http://localhost:8001", host="localhost"))


def test_a_host_that_is_not_this_site_s_opens_nothing_even_to_its_own_pages():
    assert not is_own(scope("http://rebound.example", host="rebound.example"))


def test_origins_that_forms_are_taken_from_are_let_through(settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://photos.example.org"]
    assert is_own(scope("https://photos.example.org"))
