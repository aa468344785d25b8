"""Page after page of photos: none twice, none left out, whatever the order."""

import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.support.gallery import many_photos
from tests.support.people import as_guest, guest
from webapp.library.labels import ensure_label, put_label
from webapp.library.listing import PAGE, BadCursor, Wanted, matching, page_around, page_of
from webapp.library.models import Label, Photo

ACTOR = guest()


@pytest.fixture
def photos(live):
    return many_photos(ACTOR, 25, model=live)


def walked(wanted, size):
    """The ids of a list, read page after page."""
    ids, cursor = [], ""
    while cursor is not None:
        page = page_of(ACTOR, wanted, cursor=cursor, size=size)
        ids += [photo.pk for photo in page.items]
        cursor = page.after
    return ids


@pytest.mark.parametrize("size", [1, 7, 25, 100])
@pytest.mark.parametrize(
    ("sort", "key", "falling"),
    [
        ("newest", lambda photo: photo.created, True),
        ("oldest", lambda photo: photo.created, False),
        ("name", lambda photo: photo.title.lower(), False),
        ("changed", lambda photo: photo.updated, True),
    ],
)
def test_every_order_is_walked_whole(photos, sort, key, falling, size):
    for number, photo in enumerate(photos):
        title = ("Same", "same", "가나", "b")[number % 4]
        moment = timezone.now() + timedelta(hours=number % 5)
        Photo.objects.filter(pk=photo.pk).update(title=title, updated=moment)
    rows = sorted(Photo.objects.all(), key=lambda one: (key(one), one.pk), reverse=falling)
    assert walked(Wanted(sort=sort), size) == [one.pk for one in rows]


def test_photos_that_come_and_go_shift_no_page(photos, live):
    first = page_of(ACTOR, Wanted(), size=10)
    Photo.objects.filter(pk__in=[one.pk for one in first.items[:5]]).update(
        trashed_at=timezone.now()
    )
    many_photos(guest("another"), 3, model=live, tags=0)
    second = page_of(ACTOR, Wanted(), cursor=first.after, size=10)
    expected = [photo.pk for photo in reversed(photos)][10:20]
    assert [photo.pk for photo in second.items] == expected


def test_a_list_is_read_backwards_too(photos):
    third = page_of(ACTOR, Wanted(), size=10, cursor=page_of(ACTOR, Wanted(), size=10).after)
    back = page_of(ACTOR, Wanted(), cursor=third.before, backwards=True, size=10)
    assert back.items == page_of(ACTOR, Wanted(), size=10).items
    assert (back.before, back.after is not None) == (None, True)


def test_the_pages_around_a_photo_begin_with_a_whole_page(live):
    photos = many_photos(ACTOR, 3 * PAGE, model=live)[::-1]
    wanted = photos[PAGE + 7]
    page = page_around(ACTOR, Wanted(), wanted.pk)
    assert page.items == photos[PAGE : 3 * PAGE]
    assert page.after is None
    before = page_of(ACTOR, Wanted(), cursor=page.before, backwards=True)
    assert before.items == photos[:PAGE]
    assert page_around(ACTOR, Wanted(), uuid.uuid4()) is None
    assert page_around(ACTOR, Wanted(query="nothing"), wanted.pk) is None
    assert page_around(guest("another"), Wanted(), wanted.pk) is None


def test_the_ids_of_a_search_are_those_of_its_pages(client, photos, live):
    as_guest(client)
    strangers = many_photos(guest("another"), 2, model=live, tags=0)
    for search, expected in (("sort=oldest", photos), ("tag=tag+1", photos[1::3][::-1])):
        answer = client.get(f"/api/photos/ids?{search}").json()
        assert answer == {"ids": [str(one.pk) for one in expected], "count": len(expected)}
    assert not {str(one.pk) for one in strangers} & set(answer["ids"])
    assert client.get("/api/photos/ids?sort=sideways").status_code == 422


def test_a_cursor_of_another_order_or_of_nobody(photos):
    cursor = page_of(ACTOR, Wanted(), size=5).after
    for wanted, word in ((Wanted(sort="name"), cursor), (Wanted(), "x"), (Wanted(), "W10")):
        with pytest.raises(BadCursor):
            page_of(ACTOR, wanted, cursor=word)


def test_what_is_asked_for_is_found(photos, live):
    photo = photos[3]
    Photo.objects.filter(pk=photo.pk).update(
        title="바다 at Night", starred=True, created=timezone.now() - timedelta(days=30)
    )
    collection = ensure_label(actor=ACTOR, kind=Label.Kind.COLLECTION, name="Holidays")
    put_label(label=collection, photos=[photo])
    day = timezone.now().date() - timedelta(days=30)
    for wanted in (
        Wanted(query="night 바다"),
        Wanted(starred=True),
        Wanted(collection=collection.pk),
        Wanted(until=day),
        Wanted(since=day, until=day),
        Wanted(query="바다", starred=True, tag="TAG 0", model=live.name),
    ):
        assert [one.pk for one in matching(ACTOR, wanted)] == [photo.pk], wanted
        assert not matching(guest("another"), wanted).exists()
    assert matching(ACTOR, Wanted(tag="tag 1")).count() == 8
    assert matching(ACTOR, Wanted(model=live.name)).count() == 25
    assert matching(ACTOR, Wanted(since=day + timedelta(days=1))).count() == 24
    assert matching(ACTOR, Wanted(until=date.max)).count() == 25
    for nothing in (
        Wanted(query="night sea"),
        Wanted(tag="Holidays"),
        Wanted(collection=uuid.uuid4()),
        Wanted(model="another"),
        Wanted(since=date(9999, 12, 31)),
        Wanted(trash=True),
    ):
        assert not matching(ACTOR, nothing).exists(), nothing
