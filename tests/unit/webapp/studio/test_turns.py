"""Workers serve people by turns, strokes before new photos, and the site says when it is full."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from colorizer.hints import HintSet
from tests.support.people import live_version, upload, user
from training.registry.versions import live_model
from webapp.accounts.actor import Actor
from webapp.photos.models import Photo
from webapp.photos.services import add_photo
from webapp.studio import turns
from webapp.studio.leases import claimed, finish
from webapp.studio.models import Chroma, Hints, Job
from webapp.studio.requests import request_render
from webapp.studio.services import save_hints

pytestmark = pytest.mark.django_db

Status = Job.Status


@pytest.fixture(autouse=True)
def model():
    cache.clear()
    return live_version()


def photos_of(name, count):
    """Photos of a new user, coloured once."""
    owner = Actor(user=user(name))
    made = [add_photo(actor=owner, upload=upload()) for _ in range(count)]
    Job.objects.filter(photo__owner=owner.user).update(
        status=Status.DONE, finished=timezone.now() - timedelta(hours=1)
    )
    return made


def paint(photo, revision=1):
    return save_hints(photo=photo, hint_set=HintSet.empty, revision=revision)


def paint_much(photo, revision=1):
    """Paint a hint set that takes a worker seconds."""
    job = paint(photo, revision)
    Hints.objects.filter(photo=photo).update(bytes=1_000_000)
    return job


def work(message, seconds=0.1):
    """Do what a worker does with a message; return whose photo it was."""
    with claimed(message.pk) as lease:
        if lease is None:
            return None
        Job.objects.filter(pk=lease.job.pk).update(
            started=timezone.now() - timedelta(seconds=seconds)
        )
        finish(job=lease.job, status=Status.DONE)
        return lease.job.photo.owner.username


def test_one_user_with_many_photos_makes_nobody_wait_for_all_of_them():
    many = [paint(photo) for photo in photos_of("greedy", 12)]
    few = [paint(photo) for photo in photos_of("modest", 2)]
    served = [work(message) for message in [*many, *few]]
    assert served.index("modest") <= 1
    assert [n for n, name in enumerate(served) if name == "modest"][1] <= 3
    assert served.count("greedy") == 12


def test_who_costs_much_time_comes_less_often():
    slow = [paint(photo) for photo in photos_of("slow", 3)]
    quick = [paint(photo) for photo in photos_of("quick", 3)]
    served = [
        work(message, seconds=3 if n == 0 else 0.1) for n, message in enumerate([*slow, *quick])
    ]
    assert served == ["slow", "quick", "quick", "quick", "slow", "slow"]


def test_photos_that_a_worker_has_in_memory_are_not_painted_on_more_often():
    seconds = {"remembered": 0.05, "forgotten": 0.6}
    photos = {name: photos_of(name, 1)[0] for name in seconds}
    waiting = {name: paint(photo) for name, photo in photos.items()}
    served = []
    for revision in range(2, 10):
        first = min(waiting.values(), key=lambda job: turns.place_of(job))
        served.append(first.photo.owner.username)
        assert work(first, seconds=seconds[served[-1]]) == served[-1]
        waiting[served[-1]] = paint(photos[served[-1]], revision)
    assert served.count("remembered") == served.count("forgotten")


def test_dear_strokes_of_many_make_a_cheap_one_wait_for_none_of_them():
    crowd = [paint_much(photos_of(f"greedy{n}", 1)[0]) for n in range(5)]
    cheap = paint(photos_of("modest", 1)[0])
    assert turns.place_of(cheap) == 1
    assert work(crowd[0]) == "modest"


@pytest.mark.parametrize("sign", ["bytes", "seconds"])
def test_a_light_stroke_goes_first_even_of_one_who_paints_all_the_time(sign):
    crowd = [paint(photos_of(f"greedy{n}", 1)[0]) for n in range(5)]
    if sign == "bytes":
        Hints.objects.update(bytes=turns.HEAVY_BYTES + 1)
    else:
        for job in crowd:
            assert work(job) is not None
        Chroma.objects.bulk_create(map(slow_chroma, crowd))
        crowd = [paint(job.photo, revision=2) for job in crowd]
    steady = photos_of("steady", 4)
    for photo in steady[:3]:
        assert work(paint(photo), seconds=5) == "steady"
    light = paint(steady[3])
    assert turns.place_of(light) == 1
    assert work(crowd[0]) == "steady"


def slow_chroma(job):
    return Chroma(
        photo=job.photo, job=job, revision=1, width=8, height=8, data=b"",
        model_version=job.model_version, seconds=turns.HEAVY_SECONDS + 0.1,
    )  # fmt: skip


def test_a_dear_stroke_is_not_put_off_for_ever():
    dear = paint_much(photos_of("dear", 1)[0])
    long_ago = timezone.now() - turns.HEAVY_PATIENCE - timedelta(seconds=1)
    Job.objects.filter(pk=dear.pk).update(created=long_ago)
    cheap = photos_of("cheap", 12)
    served = [work(paint(photo), seconds=0.3) for photo in cheap]
    assert "dear" in served
    assert dear.pk


def test_strokes_go_before_new_photos_until_these_have_waited_long_enough():
    owner = Actor(user=user("uploader"))
    fresh = [add_photo(actor=owner, upload=upload()) for _ in range(3)]
    messages = [Job.objects.get(photo=photo) for photo in fresh]
    stroke = paint(photos_of("painter", 1)[0])
    assert turns.next_job(messages[0].pk, now=timezone.now()) == stroke.pk
    long_ago = timezone.now() - turns.AUTOMATIC_PATIENCE - timedelta(seconds=1)
    Job.objects.filter(pk=messages[0].pk).update(created=long_ago)
    assert turns.next_job(messages[1].pk, now=timezone.now()) == messages[0].pk


def test_one_with_more_than_is_looked_at_hides_nobody(monkeypatch):
    monkeypatch.setattr(turns, "LOOKED_AT", 4)
    monkeypatch.setattr(turns, "LOOKED_AT_EACH", 3)
    many = [paint(photo) for photo in photos_of("greedy", 6)]
    one = paint(photos_of("modest", 1)[0])
    assert turns.place_of(one) == 2
    served = [work(message) for message in [*many, one]]
    assert served.index("modest") == 1
    assert served.count("greedy") == 6


def test_full_size_results_take_turns_as_well():
    many = [request_render(photo=photo) for photo in photos_of("greedy", 5)]
    one = request_render(photo=photos_of("modest", 1)[0])
    served = [work(message) for message in [*many, one]]
    assert served.index("modest") <= 1


def test_a_message_about_what_is_done_does_what_is_not():
    done, other = photos_of("somebody", 2)
    message = paint(done)
    waiting = paint(other)
    Job.objects.filter(pk=message.pk).update(status=Status.CANCELLED)
    assert work(message) == "somebody"
    assert Job.objects.get(pk=waiting.pk).status == Status.DONE
    assert work(message) is None
    with claimed(uuid.uuid4()) as lease:
        assert lease is None


def test_a_message_that_comes_again_costs_a_look_and_no_more(django_assert_num_queries):
    message = paint(photos_of("somebody", 1)[0])
    assert work(message) == "somebody"
    with django_assert_num_queries(2):
        assert work(message) is None


def busy(count, seconds):
    """So many strokes wait, and those before took so long each."""
    for photo in photos_of(f"crowd{count}", count):
        paint(photo)
    photo = Photo.objects.first()
    now = timezone.now()
    Job.objects.create(
        photo=photo, kind="chroma", revision=1, model_version=live_model(), status=Status.DONE,
        started=now - timedelta(seconds=seconds), finished=now,
    )  # fmt: skip
    cache.clear()


def test_uploads_are_put_off_while_strokes_wait_for_long_and_taken_again_afterwards():
    client = Client()
    busy(5, seconds=1.0)
    load = turns.stroke_load()
    assert (load.waiting, load.is_heavy) == (5, True)
    assert client.post("/api/photos", {"file": upload()}).status_code == 201, "theirs come first"
    client.force_login(Photo.objects.filter(owner__isnull=False).first().owner)
    refused = client.post("/api/photos", {"file": upload()})
    assert refused.status_code == 503
    assert refused.json()["code"] == "busy"
    assert 4 <= int(refused.headers["Retry-After"]) <= 6
    assert client.get("/api/photos").status_code == 200
    Job.objects.filter(status=Status.QUEUED).update(status=Status.DONE)
    cache.clear()
    assert client.post("/api/photos", {"file": upload()}).status_code == 201


def test_new_photos_alone_put_no_upload_off():
    owner = Actor(user=user("uploader"))
    for _ in range(20):
        add_photo(actor=owner, upload=upload())
    assert not turns.stroke_load().is_heavy


def test_a_place_counts_everybody_before_once():
    crowd = [paint(photo) for photo in photos_of("greedy", 6)]
    mine = paint(photos_of("modest", 1)[0])
    assert turns.place_of(mine) == 2
    assert turns.place_of(crowd[0]) == 1
    Job.objects.filter(pk=mine.pk).update(status=Status.DONE)
    assert turns.place_of(mine) == 0
