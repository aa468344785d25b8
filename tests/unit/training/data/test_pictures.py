import multiprocessing
import pickle
import tarfile
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest
from PIL import Image

from tests.support.pictures import encoded
from tests.support.sources import fill_folder, fill_tar, forbidden, jpeg, scene
from training.data.pictures import (
    MANIFEST,
    DataError,
    Picture,
    array_of,
    fingerprint,
    read_pictures,
    read_shards,
    verify_prepared,
)
from training.data.prepare import prepare

SIDE = 32


@pytest.fixture
def prepared(tmp_path):
    """A small prepared data set of five pictures to train on and two to choose by."""
    files = {f"pic_{number}.jpg": jpeg(number) for number in range(7)}
    pictures = read_pictures([fill_folder(tmp_path / "pictures", files)])
    folder = tmp_path / "prepared"
    prepare(
        pictures, folder, splits={"train": 5, "val": 2}, side=SIDE, seed=0, sources=["pictures"]
    )
    return folder


def _pixels(picture):
    return np.asarray(picture.rgb())


def test_a_shard_gives_its_pictures_by_name(shard):
    pictures = read_pictures([shard])
    assert [picture.name for picture in pictures] == [f"train/piece_{n}.jpg" for n in range(9)]
    assert pictures[0].rgb().size == (160, 160)


def test_a_folder_gives_its_pictures_by_relative_name(tmp_path):
    files = {"b/2.JPEG": jpeg(2), "a.png": jpeg(1), "b/c/3.jpg": jpeg(3), "b/notes.txt": b"none"}
    pictures = read_pictures([fill_folder(tmp_path, files)])
    assert [picture.name for picture in pictures] == ["a.png", "b/2.JPEG", "b/c/3.jpg"]
    assert pictures[1].content() == files["b/2.JPEG"]


def test_pictures_of_several_sources_are_one_list_by_name(tmp_path, shard):
    folder = fill_folder(tmp_path / "folder", {"train/piece_1b.jpg": jpeg(1)})
    names = [picture.name for picture in read_pictures([shard, folder])]
    assert names == sorted(names)
    assert len(names) == 10


def test_a_picture_is_turned_as_the_camera_was_held(tmp_path):
    photo = scene(1, width=60, height=40)
    exif = photo.getexif()
    exif[0x0112] = 6  # the camera was held so that the file has to be turned clockwise
    photo.save(tmp_path / "turned.png", exif=exif)
    turned = _pixels(read_pictures([tmp_path])[0])
    assert np.array_equal(turned, np.rot90(np.asarray(photo), -1))


def label_map(width=40, height=30):
    labels = np.zeros((height, width), np.uint8)
    labels[:, width // 2 :] = 7
    return labels


@pytest.mark.parametrize("kind", ["folder", "tar"])
def test_a_picture_has_the_label_map_of_its_name(tmp_path, kind):
    fill = {"folder": fill_folder, "tar": fill_tar}[kind]
    photo = encoded(scene(1, width=40, height=30), "PNG")
    files = {
        "a.png": photo,
        "a.regions.png": encoded(Image.fromarray(label_map())),
        "sub/a.png": photo,
        "sub/b.regions.png": photo,  # of no picture
    }
    first, other = read_pictures([fill(tmp_path / kind, files)])
    assert np.array_equal(first.labels(), label_map())
    with pytest.raises(DataError, match=r"sub/a\.png has no regions.*sub/a\.regions\.png"):
        other.labels()


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (encoded(Image.fromarray(label_map(41))), "another size"),
        (encoded(scene(1, width=40, height=30)), "no label map of 8 bits"),
        (b"broken", "damaged"),
    ],
)
def test_a_label_map_that_will_not_do_is_named(tmp_path, labels, says):
    files = {"a.png": encoded(scene(1, width=40, height=30)), "a.regions.png": labels}
    (picture,) = read_pictures([fill_folder(tmp_path, files)])
    with pytest.raises(DataError, match=rf"a\.regions\.png .*{says}"):
        picture.labels()


def test_label_maps_alone_are_no_pictures(tmp_path):
    folder = fill_folder(tmp_path, {"a.regions.png": encoded(Image.fromarray(label_map()))})
    with pytest.raises(DataError, match="no pictures"):
        read_pictures([folder])


def test_a_missing_broken_or_empty_source_is_named(tmp_path):
    broken, empty, bare = tmp_path / "broken.tar", tmp_path / "empty.tar", tmp_path / "bare"
    broken.write_bytes(b"no tar at all" * 100)
    tarfile.open(empty, "w").close()
    bare.mkdir()
    for path, says in (
        (tmp_path / "gone.tar", "gone.tar does not exist"),
        (broken, "broken.tar is no readable tar"),
        (empty, "no pictures in .*empty.tar"),
        (bare, "no pictures in .*bare"),
    ):
        with pytest.raises(DataError, match=says):
            read_pictures([path])
    with pytest.raises(DataError, match="No source"):
        read_pictures([])


def test_a_missing_shard_is_named(tmp_path):
    with pytest.raises(DataError, match=r"gone\.tar is no readable tar"):
        read_shards([tmp_path / "gone.tar"])


def test_a_tar_that_breaks_off_is_refused(tmp_path, shard):
    half = tmp_path / "half.tar"
    half.write_bytes(shard.read_bytes()[:20_000])
    with pytest.raises(DataError, match=r"half\.tar is no readable tar"):
        read_pictures([half])


@pytest.mark.parametrize("kind", ["folder", "tar", "subfolder"])
def test_a_source_that_may_not_be_read_is_named(tmp_path, kind):
    folder = fill_folder(tmp_path / "folder", {"a.jpg": jpeg(1), "sub/b.jpg": jpeg(2)})
    tar = fill_tar(tmp_path / "some.tar", {"a.jpg": jpeg(1)})
    closed = {"folder": folder, "tar": tar, "subfolder": folder / "sub"}[kind]
    source = tar if kind == "tar" else folder
    with forbidden(closed), pytest.raises(DataError, match="may not be read") as reported:
        read_pictures([source])
    assert str(closed) in str(reported.value)


def test_a_damaged_picture_is_named():
    for content in (jpeg(1)[:500], b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + bytes(50)):
        with pytest.raises(DataError, match=r"a\.jpg is damaged"):
            Picture("a.jpg", content).rgb()


def test_a_prepared_split_gives_its_pictures(prepared):
    train, val = (read_pictures([prepared], split) for split in ("train", "val"))
    assert {picture.name for picture in (*train, *val)} == {f"pic_{n}.jpg" for n in range(7)}
    assert (len(train), len(val)) == (5, 2)
    array = np.load(array_of(prepared, "train"))
    assert array.shape == (5, SIDE, SIDE, 3)
    for picture in train:
        number = int(picture.name[4])
        expected = np.asarray(scene(number).resize((SIDE, SIDE)), int)
        assert abs(_pixels(picture) - expected).mean() < 6
    assert sorted(p.content() for p in train) == sorted(row.tobytes() for row in array)


def test_a_prepared_data_set_asks_for_one_of_its_splits(prepared):
    for split in (None, "test"):
        with pytest.raises(DataError, match=r"prepared.*: train, val\.$"):
            read_pictures([prepared], split)


def test_prepared_pictures_travel_to_other_processes_without_their_pixels(prepared):
    pictures = read_pictures([prepared], "train")
    before = [picture.rgb().tobytes() for picture in pictures]
    assert len(pickle.dumps(pictures[0])) < 1000 < SIDE * SIDE * 3
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        after = [image.tobytes() for image in pool.map(Picture.rgb, pictures)]
    assert after == before


def test_an_array_that_changed_is_refused(prepared):
    assert verify_prepared(prepared).counts == {"train": 5, "val": 2}
    path = array_of(prepared, "val")
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"val\.npy has changed"):
        verify_prepared(prepared)


@pytest.mark.parametrize("cut", [0, 100, 5000])
def test_an_array_that_breaks_off_is_refused(prepared, cut):
    path = array_of(prepared, "val")
    path.write_bytes(path.read_bytes()[:cut])
    for reads in (lambda: read_pictures([prepared], "val"), lambda: verify_prepared(prepared)):
        with pytest.raises(DataError, match=r"val\.npy"):
            reads()


def test_a_missing_array_is_named(prepared):
    array_of(prepared, "train").unlink()
    with pytest.raises(DataError, match=r"train\.npy does not exist"):
        read_pictures([prepared], "train")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"kind": "rehue-data-set", "format": 99}', "\N{SNOWMAN} {"]
)
def test_a_foreign_or_damaged_manifest_is_refused(prepared, text):
    (prepared / MANIFEST).write_text(text)
    with pytest.raises(DataError, match=r"manifest\.json"):
        read_pictures([prepared], "train")


def test_the_fingerprint_is_of_names_and_bytes(tmp_path):
    files = {"a.jpg": jpeg(1), "sub/b.jpg": jpeg(2)}
    prints = [
        fingerprint([fill_folder(tmp_path / str(n), some)])
        for n, some in enumerate(
            (
                files,
                dict(reversed(files.items())),
                {"a.jpg": jpeg(2), "sub/b.jpg": jpeg(1)},
                {"a.jpg": jpeg(1), "sub/c.jpg": jpeg(2)},
                {"a.jpg": jpeg(1)},
            )
        )
    ]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 4


def test_the_fingerprint_differs_between_tars_splits_and_lists(tmp_path, prepared, shard):
    other = fill_tar(tmp_path / "other.tar", {"a.jpg": jpeg(1)})
    prints = [
        fingerprint([shard]),
        fingerprint([other]),
        fingerprint([shard, other]),
        fingerprint([other, shard]),
        fingerprint([prepared]),
        fingerprint([prepared], "train"),
        fingerprint([prepared], "val"),
    ]
    assert len(set(prints)) == len(prints)
    with pytest.raises(DataError, match="does not exist"):
        fingerprint([tmp_path / "gone.tar"])
