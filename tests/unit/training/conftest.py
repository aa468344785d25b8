import pytest

from tests.support.exports import once
from training.data.pictures import read_shards
from training.learning.recipe import Recipe


@pytest.fixture(scope="session")
def pictures(shard):
    return read_shards([shard])


@pytest.fixture(scope="session", autouse=True)
def exported_once(exports):
    from training.learning import export  # torch takes seconds to import

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "write_network", once(export.write_network, exports))
        yield


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
