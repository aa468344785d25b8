import tarfile

import numpy as np
import pytest
import torch
from PIL import Image

from tests.support.pictures import astronaut
from training.data import Crops, DataError, Picture, random_crop, read_shards


def test_a_shard_gives_its_pictures_by_name(pictures):
    assert [picture.name for picture in pictures] == [f"train/piece_{n}.jpg" for n in range(9)]
    assert pictures[0].rgb().size == (160, 160)


def test_a_missing_broken_or_empty_shard_is_named(tmp_path):
    broken, empty = tmp_path / "broken.tar", tmp_path / "empty.tar"
    broken.write_bytes(b"no tar at all" * 100)
    tarfile.open(empty, "w").close()
    for path, says in ((tmp_path / "gone.tar", "no readable tar"), (broken, "no readable tar")):
        with pytest.raises(DataError, match=says) as told:
            read_shards([path])
        assert path.name in str(told.value)
    with pytest.raises(DataError, match="no pictures"):
        read_shards([empty])


def test_a_damaged_picture_is_named(pictures):
    with pytest.raises(DataError, match=r"a\.jpg is damaged"):
        Picture("a.jpg", pictures[0].encoded[:500]).rgb()


class TestCrops:
    def test_hold_what_training_needs(self, pictures, recipe):
        first, *_, last = Crops(pictures, recipe.stages, seed=0, first=0)
        assert first["lightness"].shape == (2, 1, 32, 32)
        assert last["prior_ab"].shape == (2, 2, 48, 48)
        assert 0 <= first["lightness"].min() <= first["lightness"].max() <= 1
        held = first["mask"].bool().expand(-1, 2, -1, -1)
        assert torch.allclose(first["prior_ab"][held], first["hint_ab"][held], atol=1e-3)

    def test_depend_on_seed_and_step_alone(self, pictures, recipe):
        whole = list(Crops(pictures, recipe.stages, seed=3, first=0))
        later = list(Crops(pictures, recipe.stages, seed=3, first=5))
        other = list(Crops(pictures, recipe.stages, seed=4, first=5))
        assert torch.equal(whole[5]["ab"], later[0]["ab"])
        assert not torch.equal(later[0]["ab"], other[0]["ab"])


def test_a_crop_shows_a_part_of_the_picture_or_all_of_it():
    rng = np.random.default_rng(0)
    for _ in range(20):
        assert random_crop(astronaut(), 64, rng).shape == (64, 64, 3)
    assert random_crop(Image.new("RGB", (40, 30), "red"), 64, rng).shape == (64, 64, 3)
