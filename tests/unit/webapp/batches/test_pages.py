"""The batches' pages, without a browser: what they say, and what their buttons do."""

import pytest
from django.test import Client

from tests.support.people import upload
from tests.support.zips import portraits
from webapp.accounts.actor import Actor
from webapp.batches import tasks
from webapp.batches.models import Batch
from webapp.photos.services import add_photo


@pytest.fixture
def http(client, owner, model):
    client.force_login(owner)
    return client


def test_guests_are_sent_to_sign_in(batch):
    for path in ("/batches/", "/batches/new", f"/batches/{batch.pk}"):
        answer = Client().get(path)
        assert answer.status_code == 302
        assert f"next={path}" in answer.headers["Location"]


def test_an_empty_list_says_what_to_do(http):
    assert "No batches yet" in http.get("/batches/").text


def test_a_batch_is_listed_and_shown_with_its_failures(http, make):
    batch = make(portraits(3, bad={2}))
    tasks.work_on(str(batch.pk)), tasks.work_on(str(batch.pk))
    assert "2 / 3" in http.get("/batches/").text
    failed = http.get(f"/batches/{batch.pk}?show=failed").text
    assert "scans/0002.jpg" in failed
    assert "scans/0001.jpg" not in failed
    assert "This is not a picture" in failed
    assert "scans/0002.jpg" not in http.get(f"/batches/{batch.pk}?show=done").text


def test_a_batch_says_what_its_results_will_be_like(http, make):
    batch = make(format="jpeg", quality=71, mark="corner", metadata="no_place")
    page = http.get(f"/batches/{batch.pk}").text
    for words in ("A note in the corner", ">71<", "All but the place"):
        assert words in page


def post_chosen(http, ids):
    return http.post("/batches/new", {"photos": ids})


def checked(page):
    """The photos that the form proposes as chosen, in their order."""
    boxes = page.split('name="photo" value="')[1:]
    return [box.split('"')[0] for box in boxes if "checked" in box.split(">")[0]]


@pytest.mark.parametrize("query", ["show=x", "page=x", "page=999", "show=failed&page=-1"])
def test_odd_addresses_show_something_sensible(http, batch, query):
    assert http.get(f"/batches/{batch.pk}?{query}").status_code == 200


def test_buttons_do_what_they_say(http, batch):
    for action, status in (("pause", "paused"), ("resume", "queued"), ("cancel", "cancelled")):
        assert http.post(f"/batches/{batch.pk}/{action}").status_code == 302
        assert Batch.objects.get(pk=batch.pk).status == status
    page = http.post(f"/batches/{batch.pk}/pause", follow=True).text
    assert "The batch has gone on meanwhile" in page
    assert http.post(f"/batches/{batch.pk}/explode").status_code == 404
    assert "is deleted" in http.post(f"/batches/{batch.pk}/delete", follow=True).text
    assert not Batch.objects.exists()


def test_the_form_knows_what_was_chosen_in_the_gallery(http, owner):
    photos = [add_photo(actor=Actor(user=owner), upload=upload(name=f"p{n}.png")) for n in range(3)]
    named = f"{photos[1].pk},nonsense,{photos[0].pk},{photos[1].pk}"
    for page in (http.get(f"/batches/new?photos={named}"), post_chosen(http, named)):
        assert checked(page.text) == [str(photos[1].pk), str(photos[0].pk)]


def test_more_than_a_batch_takes_are_left_out_with_a_word(http, owner, settings):
    settings.BATCH_MAX_FILES = 2
    photos = [add_photo(actor=Actor(user=owner), upload=upload(name=f"p{n}.png")) for n in range(3)]
    page = post_chosen(http, ",".join(str(photo.pk) for photo in photos)).text
    assert checked(page) == [str(photo.pk) for photo in photos[:2]]
    assert "1 of the chosen photos is left out" in page


def test_the_form_begins_with_the_user_s_own_model_and_format(http, owner, model):
    owner.default_model, owner.default_export = model, "webp"
    owner.save()
    page = http.get("/batches/new").text
    assert f'<option value="{model.name}" selected>' in page
    assert '<option value="webp" selected>' in page
