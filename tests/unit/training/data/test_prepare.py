import hashlib
import json
import random
import resource
from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image

from tests.support.sources import jpeg, scene
from training.data.filter import square
from training.data.pictures import MANIFEST, DataError, Manifest, Picture, array_of, read_pictures
from training.data.prepare import parse_splits, prepare


def _pictures(count):
    return [Picture(f"pic_{number:02}.jpg", jpeg(number)) for number in range(count)]


def _prepare(pictures, folder, splits, *, side=32, seed=0):
    return prepare(pictures, folder, splits=splits, side=side, seed=seed, sources=["a source"])


def _names(manifest):
    return {split: [name for name, _ in rows] for split, rows in manifest.pictures.items()}


@contextmanager
def _full_disk(limit):
    """Within, no file grows beyond ``limit`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(
    ("text", "splits"),
    [
        ("report", {"train": 4500, "val": 500, "test": 1000}),
        ("kept", "kept"),
        ("train=900,val=100,test=0", {"train": 900, "val": 100}),
        ("test=5", {"test": 5}),
    ],
)
def test_splits_are_named_or_counted(text, splits):
    assert parse_splits(text) == splits


@pytest.mark.parametrize(
    "text", ["", "rest", "train", "train=", "train=-1", "train=1.5", "train=1,train=2", "dev=3"]
)
def test_other_ways_to_split_are_refused_with_those_allowed(text):
    with pytest.raises(DataError, match="allowed are report"):
        parse_splits(text)


def test_no_pictures_at_all_are_refused():
    with pytest.raises(DataError, match="no picture at all"):
        parse_splits("train=0,val=0")


def test_a_data_set_is_arrays_and_a_manifest(tmp_path):
    pictures = _pictures(8)
    _prepare(pictures, tmp_path / "set", {"train": 5, "test": 2})
    assert {path.name for path in (tmp_path / "set").iterdir()} == {
        "train.npy",
        "test.npy",
        MANIFEST,
    }
    manifest = json.loads((tmp_path / "set" / MANIFEST).read_text())
    assert manifest["counts"] == {"train": 5, "test": 2}
    assert (manifest["side"], manifest["seed"], manifest["sources"]) == (32, 0, ["a source"])
    by_name = {picture.name: picture for picture in pictures}
    for split, rows in manifest["pictures"].items():
        path = array_of(tmp_path / "set", split)
        assert manifest["sha256"][split] == hashlib.sha256(path.read_bytes()).hexdigest()
        array = np.load(path)
        assert (array.dtype, array.shape) == (np.uint8, (len(rows), 32, 32, 3))
        for row, pixels in zip(rows, array, strict=True):
            picture = by_name[row["name"]]
            assert row["sha256"] == hashlib.sha256(picture.content()).hexdigest()
            expected = picture.rgb().resize((32, 32), Image.Resampling.LANCZOS)
            assert np.array_equal(pixels, np.asarray(expected))


def test_a_draw_depends_on_seed_and_names_alone(tmp_path):
    pictures = _pictures(12)
    shuffled = random.Random(1).sample(pictures, len(pictures))
    splits = {"train": 6, "val": 2, "test": 2}
    first = _prepare(pictures, tmp_path / "first", splits)
    again = _prepare(shuffled, tmp_path / "again", splits)
    other = _prepare(pictures, tmp_path / "other", splits, seed=1)
    assert again.to_json() == first.to_json()
    assert _names(other) != _names(first)
    assert first.counts == splits
    assert len({name for names in _names(first).values() for name in names}) == 10


def test_the_order_in_which_sources_are_named_does_not_count(tmp_path):
    prepared = [
        prepare(
            _pictures(2), tmp_path / str(n), splits={"train": 2}, side=32, seed=0, sources=names
        )
        for n, names in enumerate((["a.tar", "b.tar"], ["b.tar", "a.tar"]))
    ]
    assert prepared[0].to_json() == prepared[1].to_json()


def test_who_asks_for_more_to_train_on_keeps_the_pictures_to_report_on(tmp_path):
    some = _prepare(_pictures(12), tmp_path / "some", {"train": 3, "val": 2, "test": 2})
    more = _prepare(_pictures(12), tmp_path / "more", {"train": 8, "val": 2, "test": 2})
    assert _names(more)["test"] == _names(some)["test"]
    assert _names(more)["val"] == _names(some)["val"]
    assert set(_names(more)["train"]) > set(_names(some)["train"])


def test_kept_splits_are_the_top_folders(tmp_path):
    names = ["train/b.jpg", "train/a.jpg", "./val/c.jpg", "test/x/d.jpg"]
    pictures = [Picture(name, jpeg(number)) for number, name in enumerate(names)]
    manifest = _prepare(pictures, tmp_path / "set", "kept")
    assert _names(manifest) == {
        "train": ["train/a.jpg", "train/b.jpg"],
        "val": ["./val/c.jpg"],
        "test": ["test/x/d.jpg"],
    }


@pytest.mark.parametrize("name", ["a.jpg", "dev/a.jpg", "train.jpg"])
def test_a_name_without_split_is_reported(tmp_path, name):
    with pytest.raises(DataError, match=f"{name} does not"):
        _prepare([Picture("val/b.jpg", jpeg(1)), Picture(name, jpeg(2))], tmp_path / "s", "kept")


def test_of_two_alike_the_one_to_train_on_goes(tmp_path):
    pictures = [
        Picture("train/a.jpg", jpeg(1, quality=80)),
        Picture("train/b.jpg", jpeg(2)),
        Picture("val/c.jpg", jpeg(1)),
        Picture("test/d.jpg", jpeg(1, quality=60)),
    ]
    manifest = _prepare(pictures, tmp_path / "set", "kept")
    assert _names(manifest) == {"train": ["train/b.jpg"], "test": ["test/d.jpg"]}


def test_a_tenth_of_broken_files_is_listed_and_replaced(tmp_path):
    pictures = _pictures(20)
    for number in (3, 14):
        pictures[number] = Picture(pictures[number].name, jpeg(number)[:400])
    manifest = _prepare(pictures, tmp_path / "set", {"train": 18})
    assert manifest.counts == {"train": 18}
    broken = {found["name"] for found in manifest.findings["damaged"]}
    assert broken == {"pic_03.jpg", "pic_14.jpg"}
    assert Manifest.read(tmp_path / "set").to_json() == manifest.to_json()


@pytest.mark.parametrize(
    ("pictures", "splits", "says"),
    [
        (_pictures(5), {"train": 6}, "6 pictures were asked for; there are 5"),
        (
            [*_pictures(5), Picture("z.jpg", b"broken")],
            {"train": 4, "test": 2},
            r"Of 6 pictures 5 can be used \(1 damaged, 0 near-grey, 0 duplicates\); 6 were asked",
        ),
        ([Picture("train/a.jpg", b"broken")], "kept", "Of 1 pictures 0 can be used"),
    ],
)
def test_too_few_pictures_leave_nothing_behind(tmp_path, pictures, splits, says):
    with pytest.raises(DataError, match=says):
        _prepare(pictures, tmp_path / "set", splits)
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_nothing_behind(tmp_path):
    with _full_disk(10_000), pytest.raises(DataError, match=r"set cannot be written: .*large"):
        _prepare(_pictures(8), tmp_path / "set", {"train": 8})
    assert not list(tmp_path.iterdir())


def test_an_interruption_leaves_nothing_behind(tmp_path, monkeypatch):
    calls = iter(range(3))

    def interrupted(image, side):
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return square(image, side)

    monkeypatch.setattr("training.data.filter.square", interrupted)
    with pytest.raises(KeyboardInterrupt):
        _prepare(_pictures(8), tmp_path / "set", {"train": 8})
    assert not list(tmp_path.iterdir())


def test_a_data_set_is_never_written_over(tmp_path):
    _prepare(_pictures(3), tmp_path / "set", {"train": 3})
    before = (tmp_path / "set" / MANIFEST).read_bytes()
    with pytest.raises(DataError, match="exists already"):
        _prepare(_pictures(4), tmp_path / "set", {"train": 4})
    assert (tmp_path / "set" / MANIFEST).read_bytes() == before


@pytest.mark.parametrize("side", [0, -8, 15, 1025])
def test_a_side_out_of_range_is_refused(tmp_path, side):
    with pytest.raises(DataError, match="16 to 1024"):
        _prepare(_pictures(3), tmp_path / "set", {"train": 3}, side=side)


def test_small_and_oblong_pictures_become_squares_too(tmp_path):
    sizes = [(20, 30), (400, 100), (33, 32)]
    for number, size in enumerate(sizes):
        scene(number, *size).save(tmp_path / f"{number}.png")
    _prepare(read_pictures([tmp_path]), tmp_path / "set", {"train": 3}, side=48)
    assert np.load(tmp_path / "set" / "train.npy").shape == (3, 48, 48, 3)
