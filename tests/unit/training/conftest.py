import io
import tarfile

import numpy as np
import pytest

from tests.support.pictures import astronaut, encoded
from training.data import read_shards
from training.recipe import Recipe


@pytest.fixture(scope="session")
def shard(tmp_path_factory):
    """A small tar of real pictures: pieces of one photograph."""
    path = tmp_path_factory.mktemp("shards") / "pieces.tar"
    photo = astronaut()
    with tarfile.open(path, "w") as tar:
        for n, (left, top) in enumerate(np.ndindex(3, 3)):
            box = (left * 128, top * 128, left * 128 + 160, top * 128 + 160)
            data = encoded(photo.crop(box), "JPEG", quality=90)
            member = tarfile.TarInfo(f"train/piece_{n}.jpg")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


@pytest.fixture(scope="session")
def pictures(shard):
    return read_shards([shard])


@pytest.fixture
def recipe():
    return Recipe(
        name="tiny",
        net={
            "net": "nested_attention_unet",
            "width": 4,
            "depth": 2,
            "order": "conv-bn-relu",
            "mask": True,
            "prior": True,
            "propagate": True,
        },
        stages=(
            {"steps": 4, "crop": 32, "batch": 2},
            {"steps": 3, "crop": 48, "batch": 2, "rgb_loss": True},
        ),
        warm_up=2,
        score_every=7,
        score_pictures=2,
    )
