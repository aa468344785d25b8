"""What a batch makes of its photos: results, reasons, manifests."""

import io
from unittest.mock import Mock
from zipfile import ZIP_STORED

import numpy as np
import pytest
from django.core.files.storage import default_storage
from PIL import Image

from colorizer import intake, output
from colorizer.color import rgb_to_lab
from colorizer.engine import Colorizer
from colorizer.hints import HintSet
from colorizer.metadata.fields import Metadata
from tests.support.batches import statuses, work_off
from tests.support.pdfs import Page, image, pdf, scan
from tests.support.people import portrait, upload
from tests.support.pictures import encoded, grey_astronaut
from tests.support.zips import portraits, zipped
from training.registry.versions import folder_of, live_model
from webapp.accounts.actor import Actor
from webapp.batches import services, sources, tasks
from webapp.batches.errors import InvalidBatchError
from webapp.batches.manifest import manifest_of
from webapp.batches.models import Batch, BatchItem
from webapp.batches.palette import Palette
from webapp.batches.services import BatchOptions
from webapp.photos.models import Photo
from webapp.photos.services import add_photo, delete_photo, describe_photo

Status = BatchItem.Status
PALETTE = Palette.model_validate(
    {"regions": [{"name": "coat", "color": "#c04010", "place": "centre"}]}
)


def test_photos_whose_turn_comes_without_room_fail_with_that_reason(batch, owner, settings):
    settings.BATCH_CHUNK_PHOTOS = 2
    settings.QUOTA_BYTES = batch.bytes + 1
    after = work_off(batch)
    assert (after.done, after.failed) == (2, 2)
    assert "no room" in batch.items.get(number=4).error
    settings.QUOTA_BYTES = 1 << 30
    services.retry_batch(batch=after)
    assert work_off(batch).done == 4


def picture(item):
    with default_storage.open(item.result) as file:
        return np.asarray(Image.open(io.BytesIO(file.read())).convert("RGB")).astype(int)


def test_good_photos_are_done_and_bad_ones_named_with_their_reason(make):
    batch = work_off(make(portraits(12, bad={5, 6, 11})))
    assert (batch.status, batch.done, batch.failed) == ("done", 9, 3)
    failed = batch.items.filter(status="failed")
    assert [item.name for item in failed] == ["scans/0005.jpg", "scans/0006.jpg", "scans/0011.jpg"]
    assert {item.error for item in failed} == {
        "This is not a picture that can be read. Please choose a photo: JPEG, PNG, WebP, TIFF, "
        "HEIC, AVIF, JPEG XL, JPEG 2000, BMP, GIF, PDF."
    }
    for item in batch.items.filter(status="done"):
        assert default_storage.size(item.result) == item.result_bytes > 0
        assert (item.width, item.height, item.attempt) == (96, 64, 1)
        assert len(item.source_sha256) == len(item.result_sha256) == 64


def test_a_batch_of_nothing_but_bad_photos_has_failed(make):
    batch = work_off(make(portraits(2, bad={1, 2})))
    assert (batch.status, batch.done, batch.failed) == ("failed", 0, 2)


def test_a_result_is_what_the_engine_makes_of_the_photo(make):
    source = encoded(grey_astronaut(300, 200))
    batch = work_off(make(zipped({"a.png": source})))
    engine = Colorizer.load(folder_of(live_model()))
    rgb = np.asarray(Image.open(io.BytesIO(source)).convert("RGB"))
    expected = engine.colorize(rgb, HintSet.empty).astype(int)
    assert np.abs(picture(batch.items.get()) - expected).max() <= 1


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_results_are_saved_as_requested(make, kind):
    batch = work_off(make(1, format=Batch.Format(kind)))
    item = batch.items.get()
    with default_storage.open(item.result) as file:
        assert Image.open(file).format == kind.upper()
    assert item.output == f"scans/0001.{'jpg' if kind == 'jpeg' else kind}"


def test_a_palette_colours_every_photo(make):
    plain = work_off(make(2))
    coloured = work_off(make(2, hints=Batch.Hints.PALETTE, palette=PALETTE))
    for before, after in zip(plain.items.all(), coloured.items.all(), strict=True):
        middle = picture(after)[20:44, 32:64] - picture(before)[20:44, 32:64]
        assert (middle[..., 0] - middle[..., 2]).mean() > 20, "the middle did not become red"


def test_hints_from_a_file_colour_their_photo_alone(make):
    dab = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.3, "color": "#c04010"}
    source = encoded(grey_astronaut(96, 64))
    files = {"a.png": source, "b.png": source, "a.json": {"version": 1, "hints": [dab]}}
    batch = work_off(make(zipped(files), hints=Batch.Hints.FILES))
    a, b = (picture(item)[20:44, 32:64] for item in batch.items.all())
    assert ((a - b)[..., 0] - (a - b)[..., 2]).mean() > 20


def test_photos_of_the_library_are_coloured_and_a_deleted_one_is_named(owner, model):
    actor = Actor(user=owner)
    photos = [add_photo(actor=actor, upload=upload(name=f"{n}.png")) for n in range(3)]
    ids = [photo.pk for photo in photos]
    batch = services.make_batch_of_photos(owner=owner, photo_ids=ids, options=BatchOptions())
    delete_photo(photo=photos[1])
    batch = work_off(batch)
    assert (batch.done, batch.failed) == (2, 1)
    assert "deleted" in batch.items.get(status="failed").error


def test_a_file_larger_than_a_photo_may_be_is_named_and_not_read(make, settings, monkeypatch):
    settings.UPLOAD_MAX_BYTES = 1 << 20
    picture = encoded(grey_astronaut(96, 64), "JPEG", quality=90)
    made = make(zipped({"a.jpg": picture, "b.jpg": bytes(range(256)) * 5000}, method=ZIP_STORED))
    monkeypatch.setattr(sources, "read_entry", reading := Mock(wraps=sources.read_entry))
    batch = work_off(made)
    assert (batch.done, batch.failed) == (1, 1)
    assert "limit is 1 MB" in batch.items.get(name="b.jpg").error
    assert len(reading.mock_calls) == 1


def test_a_file_that_is_damaged_in_the_zip_is_named(make):
    data = bytearray(portraits(3))
    at = data.find(b"scans/0002.jpg") + len(b"scans/0002.jpg") + 200
    data[at] ^= 0xFF
    batch = work_off(make(bytes(data)))
    assert batch.done == 2
    assert "damaged" in batch.items.get(status="failed").error


def test_a_batch_cancelled_in_the_middle_of_a_chunk_keeps_no_half_result(batch, monkeypatch):
    apply = Colorizer.apply

    def cancel_first(rgb, ab, **options):
        if Batch.objects.get(pk=batch.pk).status == "running":
            services.cancel_batch(batch=batch)
        return apply(rgb, ab, **options)

    monkeypatch.setattr(Colorizer, "apply", staticmethod(cancel_first))
    tasks.work_on(str(batch.pk))
    assert statuses(batch) == ["cancelled"] * 4
    folders, _ = default_storage.listdir(f"batches/{batch.pk}")
    assert default_storage.listdir(f"batches/{batch.pk}/results")[1] == [] if folders else True


def test_a_batch_deleted_while_it_runs_leaves_no_file(batch, monkeypatch):
    apply = Colorizer.apply

    def delete_first(rgb, ab, **options):
        if Batch.objects.filter(pk=batch.pk).exists():
            services.delete_batch(batch=batch, actor=None)
        return apply(rgb, ab, **options)

    monkeypatch.setattr(Colorizer, "apply", staticmethod(delete_first))
    tasks.work_on(str(batch.pk))
    assert default_storage.listdir(f"batches/{batch.pk}/results")[1] == []


def test_an_error_of_one_photo_is_no_other_s(batch, monkeypatch):
    apply, calls = Colorizer.apply, []

    def fail_once(rgb, ab, **options):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("out of luck")
        return apply(rgb, ab, **options)

    monkeypatch.setattr(Colorizer, "apply", staticmethod(fail_once))
    done = work_off(batch)
    assert (done.done, done.failed) == (3, 1)
    error = batch.items.get(status="failed").error
    assert "Please try again" in error
    assert "luck" not in error


def test_an_error_of_the_network_fails_the_chunk_and_the_batch_goes_on(make, monkeypatch):
    batch = make(6)
    predict, calls = Colorizer.predict_planes, []

    def fail_once(self, *planes):
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("the network broke")
        return predict(self, *planes)

    monkeypatch.setattr(Colorizer, "predict_planes", fail_once)
    done = work_off(batch)
    assert (done.status, done.done, done.failed) == ("done", 2, 4)


def test_counts_and_seq_only_rise_and_match_the_photos(make):
    batch, seen = make(portraits(6, bad={2})), []
    while (now := Batch.objects.get(pk=batch.pk)).status in Batch.WORKING:
        tasks.work_on(str(batch.pk))
        seen.append((now.seq, now.done, now.failed))
    assert seen == sorted(seen)
    assert now.done == batch.items.filter(status="done").count() == 5
    assert now.finished is not None


def test_reasons_are_in_the_batch_s_language(make):
    batch = make(portraits(1, bad={1}))
    Batch.objects.filter(pk=batch.pk).update(language="ko")
    assert "JPEG, PNG, WebP" in work_off(batch).items.get().error
    assert "picture" not in batch.items.get().error


def test_results_carry_what_was_chosen_and_say_what_the_manifest_says(make, client, owner):
    known = Metadata(taken="1943-05", people=("Kim Sun-ja",), city="Busan")
    scan = output.encode(np.asarray(grey_astronaut(96, 64)), "jpeg", metadata=known)
    point = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.1, "color": "#d01010"}
    files = {"a.jpg": scan, "a.jpg.json": {"version": 1, "hints": [point]}}
    results = []
    for quality in (95, 40):
        batch = work_off(
            make(
                zipped(files), format=Batch.Format.JPEG, quality=quality, metadata="no_place",
                hints=Batch.Hints.FILES,
            )
        )  # fmt: skip
        with default_storage.open(batch.items.get().result) as file:
            results.append(file.read())
    assert len(results[1]) < len(results[0])
    read = intake.read(results[1]).metadata
    assert (read.taken, read.people, read.city) == ("1943-05", ("Kim Sun-ja",), "")
    (row,) = manifest_of(batch)["files"]
    for key in ("software", "model", "digital_source_type", "hint_set"):
        assert row[key].encode() in results[1], key
    client.force_login(owner)
    assert len(client.get(row["hint_set"]).json()["hints"]["hints"]) == row["hints_count"] == 1


def test_results_wear_a_mark_where_that_was_chosen(make, owner):
    plain, corner, caption = (
        work_off(make(zipped({"a.png": portrait()}), mark=mark)).items.get()
        for mark in (Batch.Mark.NONE, Batch.Mark.CORNER, Batch.Mark.CAPTION)
    )
    pixels = []
    for item in (plain, corner, caption):
        with default_storage.open(item.result) as file:
            pixels.append(intake.read(file.read()).pixels)
        assert (item.height, item.width) == pixels[-1].shape[:2]
    assert 0 < (pixels[0] != pixels[1]).any(axis=-1).mean() < 0.2
    assert np.array_equal(pixels[0], pixels[2][: len(pixels[0])])
    assert len(pixels[2]) > len(pixels[0])


def test_what_is_known_of_a_photo_of_the_library_goes_into_its_result(model, owner):
    photo = add_photo(actor=Actor(user=owner), upload=upload())
    describe_photo(photo=photo, changes={"city": "Incheon", "taken": "1950"})
    batch = services.make_batch_of_photos(
        owner=owner, photo_ids=[photo.pk], options=BatchOptions(format=Batch.Format.TIFF)
    )
    work_off(batch)
    with default_storage.open(batch.items.get().result) as file:
        read = intake.read(file.read()).metadata
    assert (read.city, read.taken) == ("Incheon", "1950")


def test_photos_of_a_zip_are_put_into_the_gallery_once_if_that_is_wished(make, client, owner):
    point = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.1, "color": "#d01010"}
    hint_set = {"version": 1, "hints": [point]}
    scan = encoded(grey_astronaut(96, 64))
    data = zipped({"x/a.png": scan, "x/a.png.json": hint_set, "b.png": scan, "bad.png": b"no"})
    plain = work_off(make(data))
    assert not Photo.objects.exists()
    batch = work_off(make(data, keep_photos=True, hints=Batch.Hints.FILES))
    assert (plain.done, batch.done, batch.failed) == (2, 2, 1)
    assert sorted(Photo.objects.values_list("title", flat=True)) == ["a", "b"]
    item = batch.items.get(name="x/a.png")
    assert item.photo.hints.data["hints"][0]["color"] == "#d01010"
    with default_storage.open(item.photo.original) as file:
        assert file.read() == scan
    work_off(services.retry_batch(batch=batch))
    assert Photo.objects.count() == 2
    client.force_login(owner)
    assert item.photo.get_absolute_url() in client.get(batch.get_absolute_url()).content.decode()
    (reported,) = [
        one["photo_url"]
        for one in client.get(f"/api/batches/{batch.pk}/items").json()["items"]
        if one["name"] == "x/a.png"
    ]
    assert reported == item.photo.get_absolute_url()


def test_each_page_of_a_pdf_is_a_photo_with_hints_of_its_own(make, settings):
    pages = [scan(image(np.full((48, 64), value, np.uint8))) for value in (60, 190)]
    album = pdf(*pages, Page("f"))
    dab = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.4, "color": "#d01010"}
    hints = {"version": 1, "hints": [dab]}
    files = {"old/album.pdf": album, "old/album-2.json": hints, "z.pdf": b"%PDF-1.7 cut off"}
    batch = make(zipped(files), hints=Batch.Hints.FILES)
    assert work_off(batch).done == 2
    first, second, text, cut = batch.items.all()
    assert [item.output for item in (first, second)] == ["old/album-1.png", "old/album-2.png"]
    for item, value in ((first, 60), (second, 190)):
        with default_storage.open(item.result) as file:
            result = intake.read(file.read()).pixels
        lightness = rgb_to_lab(result)[..., 0] if result.ndim == 3 else result
        expected = rgb_to_lab(np.full((1, 1, 3), value, np.uint8))[0, 0, 0]
        assert np.abs(lightness - expected).max() < 1
    assert second.hints == HintSet.parse(hints).to_json()
    assert "holds no scan" in text.error
    assert "damaged" in cut.error
    rows = [(row["file"], row["page"], row["hints_count"]) for row in manifest_of(batch)["files"]]
    assert rows == [
        ("old/album-1.pdf", 1, 0), ("old/album-2.pdf", 2, 1), ("old/album-3.pdf", 3, 0),
        ("z.pdf", 1, 0),
    ]  # fmt: skip


def test_pdf_files_that_take_too_long_together_are_refused(make, settings):
    settings.INTAKE_SECONDS = 1e-6
    with pytest.raises(InvalidBatchError, match="takes too long") as refused:
        make(zipped({"a.jpg": b"", "b.jpg": b""}))
    assert (refused.value.status, refused.value.code) == (422, "too_slow")
    assert not Batch.objects.exists()


def test_pages_count_as_photos_of_a_batch(make, settings):
    settings.BATCH_MAX_FILES = 2
    album = pdf(*[scan(image(np.full((48, 64), 90, np.uint8)))] * 3)
    with pytest.raises(InvalidBatchError, match="There are 3 files"):
        make(zipped({"album.pdf": album}))
