"""Page after page of photos: none twice, none left out, whatever the order."""

import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.support.gallery import many_photos
from tests.support.people import as_guest, guest
from webapp.gallery.labels import ensure_label, put_label
from webapp.gallery.listing import (
    PAGE,
    InvalidCursorError,
    PhotoFilter,
    matching,
    page_around,
    page_of,
)
from webapp.photos.models import Label, Photo

ACTOR = guest()


@pytest.fixture
def photos(live):
    return many_photos(ACTOR, 25, model=live)


def walked(requested, size):
    """The ids of a list, read page after page."""
    ids, cursor = [], ""
    while cursor is not None:
        page = page_of(ACTOR, requested, cursor=cursor, size=size)
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
        ("taken_newest", lambda photo: photo.taken, True),
        ("taken_oldest", lambda photo: photo.taken or "z", False),
    ],
)
def test_every_order_is_walked_whole(photos, sort, key, falling, size):
    for number, photo in enumerate(photos):
        title = ("Same", "same", "가나", "b")[number % 4]
        moment = timezone.now() + timedelta(hours=number % 5)
        taken = ("", "1943", "1943-05", "1943-05-12T10:30:00+09:00")[number % 4]
        Photo.objects.filter(pk=photo.pk).update(title=title, updated=moment, taken=taken)
    rows = sorted(Photo.objects.all(), key=lambda one: (key(one), one.pk), reverse=falling)
    assert walked(PhotoFilter(sort=sort), size) == [one.pk for one in rows]


def test_photos_that_come_and_go_shift_no_page(photos, live):
    first = page_of(ACTOR, PhotoFilter(), size=10)
    Photo.objects.filter(pk__in=[one.pk for one in first.items[:5]]).update(
        trashed_at=timezone.now()
    )
    many_photos(guest("another"), 3, model=live, tags=0)
    second = page_of(ACTOR, PhotoFilter(), cursor=first.after, size=10)
    expected = [photo.pk for photo in reversed(photos)][10:20]
    assert [photo.pk for photo in second.items] == expected


def test_a_list_is_read_backwards_too(photos):
    third = page_of(
        ACTOR, PhotoFilter(), size=10, cursor=page_of(ACTOR, PhotoFilter(), size=10).after
    )
    back = page_of(ACTOR, PhotoFilter(), cursor=third.before, backwards=True, size=10)
    assert back.items == page_of(ACTOR, PhotoFilter(), size=10).items
    assert (back.before, back.after is not None) == (None, True)


def test_the_pages_around_a_photo_begin_with_a_whole_page(live):
    photos = many_photos(ACTOR, 3 * PAGE, model=live)[::-1]
    requested = photos[PAGE + 7]
    page = page_around(ACTOR, PhotoFilter(), requested.pk)
    assert page.items == photos[PAGE : 3 * PAGE]
    assert page.after is None
    before = page_of(ACTOR, PhotoFilter(), cursor=page.before, backwards=True)
    assert before.items == photos[:PAGE]
    assert page_around(ACTOR, PhotoFilter(), uuid.uuid4()) is None
    assert page_around(ACTOR, PhotoFilter(query="nothing"), requested.pk) is None
    assert page_around(guest("another"), PhotoFilter(), requested.pk) is None


def test_the_ids_of_a_search_are_those_of_its_pages(client, photos, live):
    as_guest(client)
    strangers = many_photos(guest("another"), 2, model=live, tags=0)
    for search, expected in (("sort=oldest", photos), ("tag=tag+1", photos[1::3][::-1])):
        answer = client.get(f"/api/photos/ids?{search}").json()
        assert answer == {"ids": [str(one.pk) for one in expected], "count": len(expected)}
    assert not {str(one.pk) for one in strangers} & set(answer["ids"])
    assert client.get("/api/photos/ids?sort=sideways").status_code == 422


def test_a_cursor_of_another_order_or_of_nobody(photos):
    cursor = page_of(ACTOR, PhotoFilter(), size=5).after
    for requested, word in (
        (PhotoFilter(sort="name"), cursor),
        (PhotoFilter(), "x"),
        (PhotoFilter(), "W10"),
    ):
        with pytest.raises(InvalidCursorError):
            page_of(ACTOR, requested, cursor=word)


def test_what_is_requested_is_found(photos, live):
    photo = photos[3]
    Photo.objects.filter(pk=photo.pk).update(
        title="바다 at Night", starred=True, created=timezone.now() - timedelta(days=30)
    )
    collection = ensure_label(actor=ACTOR, kind=Label.Kind.COLLECTION, name="Holidays")
    put_label(label=collection, photos=[photo])
    day = timezone.now().date() - timedelta(days=30)
    for requested in (
        PhotoFilter(query="night 바다"),
        PhotoFilter(starred=True),
        PhotoFilter(collection=collection.pk),
        PhotoFilter(until=day),
        PhotoFilter(since=day, until=day),
        PhotoFilter(query="바다", starred=True, tag="TAG 0", model=live.name),
    ):
        assert [one.pk for one in matching(ACTOR, requested)] == [photo.pk], requested
        assert not matching(guest("another"), requested).exists()
    assert matching(ACTOR, PhotoFilter(tag="tag 1")).count() == 8
    assert matching(ACTOR, PhotoFilter(model=live.name)).count() == 25
    assert matching(ACTOR, PhotoFilter(since=day + timedelta(days=1))).count() == 24
    assert matching(ACTOR, PhotoFilter(until=date.max)).count() == 25
    for nothing in (
        PhotoFilter(query="night sea"),
        PhotoFilter(tag="Holidays"),
        PhotoFilter(collection=uuid.uuid4()),
        PhotoFilter(model="another"),
        PhotoFilter(since=date(9999, 12, 31)),
        PhotoFilter(trash=True),
    ):
        assert not matching(ACTOR, nothing).exists(), nothing
