import pytest

from training.learning.recipe import Recipe
from training.pictures.data import read_shards


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
            {"steps": 3, "crop": 64, "batch": 2, "loss": "rgb"},
        ),
        warm_up=2,
        score_every=3,
        score_pictures=2,
    )
