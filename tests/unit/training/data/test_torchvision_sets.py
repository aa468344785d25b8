import pytest
import torch

from tests.support.sources import fill_folder, jpeg
from training.data.pictures import DataError
from training.data.torchvision_sets import read_imagenet, read_places365
from training.data.vision import datasets


@pytest.fixture
def places365(tmp_path, monkeypatch):
    """A Places365 of two pictures; the lists' checksums are those of the real ones."""
    for lists in ("_CATEGORIES_META", "_FILE_LIST_META"):
        known = getattr(datasets.Places365, lists)
        without = (
            {split: (name, None) for split, (name, _) in known.items()}
            if isinstance(known, dict)
            else (known[0], None)
        )
        monkeypatch.setattr(datasets.Places365, lists, without)
    (tmp_path / "categories_places365.txt").write_text("/a/airfield 0\n/b/beach 1\n")
    (tmp_path / "places365_train_standard.txt").write_text(
        "/a/airfield/00000001.jpg 0\n/b/beach/00000002.jpg 1\n"
    )
    files = {"a/airfield/00000001.jpg": jpeg(1), "b/beach/00000002.jpg": jpeg(2)}
    fill_folder(tmp_path / "data_256_standard", files)
    return tmp_path


@pytest.fixture
def imagenet(tmp_path):
    """An ImageNet of two pictures, unpacked."""
    torch.save(({"n01440764": ("tench",), "n01443537": ("goldfish",)}, []), tmp_path / "meta.bin")
    files = {"n01440764/a.JPEG": jpeg(1), "n01443537/b.JPEG": jpeg(2)}
    fill_folder(tmp_path / "train", files)
    return tmp_path


def test_places365_is_found_as_torchvision_knows_it(places365):
    pictures = read_places365(places365)
    assert [picture.name for picture in pictures] == [
        "data_256_standard/a/airfield/00000001.jpg",
        "data_256_standard/b/beach/00000002.jpg",
    ]
    assert pictures[1].rgb().size == (96, 96)


def test_imagenet_is_found_as_torchvision_knows_it(imagenet):
    pictures = read_imagenet(imagenet)
    assert [picture.name for picture in pictures] == [
        "train/n01440764/a.JPEG",
        "train/n01443537/b.JPEG",
    ]
    assert pictures[0].rgb().size == (96, 96)


@pytest.mark.parametrize("read", [read_places365, read_imagenet])
@pytest.mark.parametrize("folder", ["", "gone"])
def test_another_folder_is_named(tmp_path, read, folder):
    with pytest.raises(DataError, match=r"is no .* folder"):
        read(tmp_path / folder)
