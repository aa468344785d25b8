"""The gallery's page: what it shows, and that a thousand photos cost no more queries than ten."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.gallery import many_photos
from tests.support.people import as_guest, guest, user
from webapp.accounts.actor import Actor
from webapp.gallery.listing import PAGE

HTMX = {"HX-Request": "true"}


@pytest.fixture
def visitor(client, live):
    return as_guest(client)


def ids(response):
    return re.findall(r'data-photo="([0-9a-f-]+)"', response.content.decode())


def queries(client, address, **headers):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address, headers=headers).status_code == 200
    return len(seen)


def test_an_empty_gallery_says_what_to_do(visitor):
    page = visitor.get("/photos").content.decode()
    assert "Drop photos anywhere on this page" in page
    assert "The trash is empty" in visitor.get("/photos?trash=1").content.decode()


@pytest.mark.parametrize("tags", [0, 5])
def test_the_number_of_queries_does_not_depend_on_the_number_of_photos(client, live, tags):
    somebody = user()
    client.force_login(somebody)
    client.get("/photos")
    few = many_photos(Actor(user=somebody), 10, model=live, tags=tags)
    addresses = [
        "/photos",
        "/photos?sort=name",
        "/photos?q=photo&tag=tag+1&starred=1",
        f"/photos?at={few[3].pk}",
        "/api/photos?limit=100",
    ]
    before = [queries(client, address) for address in addresses]
    many_photos(Actor(user=somebody), 400, model=live, tags=0)
    assert [queries(client, address) for address in addresses] == before
    assert max(before) <= 12, before


def test_more_cards_come_page_by_page_and_are_all(visitor, live):
    photos = many_photos(guest(), 2 * PAGE + 5, model=live, tags=0)
    seen, address = [], "/photos"
    while address:
        response = visitor.get(address)
        seen += ids(response)
        more = re.search(r'hx-get="([^"]+after=[^"]+)"', response.content.decode())
        address = more and more[1].replace("&amp;", "&")
    assert seen == [str(photo.pk) for photo in reversed(photos)]


def test_a_place_in_the_address_leads_to_the_page_that_holds_it(visitor, live):
    photos = many_photos(guest(), 3 * PAGE, model=live, tags=0)[::-1]
    requested = photos[2 * PAGE + 10]
    response = visitor.get(f"/photos?at={requested.pk}")
    assert ids(response) == [str(photo.pk) for photo in photos[2 * PAGE :]]
    before = re.search(r'hx-get="([^"]+before=[^"]+)"', response.content.decode())
    earlier = visitor.get(before[1].replace("&amp;", "&"))
    assert ids(earlier) == [str(photo.pk) for photo in photos[PAGE : 2 * PAGE]]
    for nowhere in ("x", "00000000-0000-4000-8000-000000000000"):
        assert ids(visitor.get(f"/photos?at={nowhere}")) == [str(p.pk) for p in photos[:PAGE]]


def test_a_filter_brings_the_list_alone_and_a_tidy_address(visitor, live):
    many_photos(guest(), 3, model=live)
    address = "/photos?q=00001&sort=newest&tag=&since=&until=&collection="
    response = visitor.get(address, headers=HTMX)
    assert "<html" not in response.content.decode()
    assert len(ids(response)) == 1
    assert response.headers["HX-Replace-Url"] == "/photos?q=00001"


def test_what_cannot_be_read_in_an_address_is_left_out(visitor, live):
    many_photos(guest(), 3, model=live)
    for words in ("sort=sideways", "collection=x", "since=tomorrow", "q=" + "x" * 300, "starred=7"):
        assert len(ids(visitor.get(f"/photos?{words}"))) == 3, words
    assert visitor.get("/photos?after=x").status_code == 404


def test_names_are_shown_as_words_and_never_as_code(visitor, live):
    photo = many_photos(guest(), 1, model=live)[0]
    title = "<script>alert(1)</script> \" 'onload=x"
    visitor.patch(f"/api/photos/{photo.pk}", {"title": title, "tags": ["' <b>"]},
                  content_type="application/json")  # fmt: skip
    page = visitor.get("/photos").content.decode()
    assert "<script>alert" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &quot; &#x27;onload=x" in page


def test_a_card_is_its_owner_s_alone(visitor, live):
    photo = many_photos(guest(), 1, model=live)[0]
    assert ids(visitor.get(f"/photos/{photo.pk}/card")) == [str(photo.pk)]
    assert as_guest(Client(), "another").get(f"/photos/{photo.pk}/card").status_code == 404
