import numpy as np
import pytest
import torch
from PIL import Image

from tests.support.pictures import astronaut
from training.learning.crops import random_crop, whole
from training.learning.recipe import Recipe
from training.learning.samples import Batches

REPORT = Recipe(
    name="report",
    net={"net": "unet", "width": 4},
    stages=({"epochs": 2, "crop": 128, "batch": 3, "cut": "whole", "hints": "report"},),
)
FIELD = Recipe(
    name="field",
    net={"net": "unet", "width": 4, "depth": 2, "mask": True, "prior": True, "field": 4},
    stages=(
        {"steps": 1, "crop": 32, "batch": 8, "part": "field"},
        {"steps": 1, "crop": 32, "batch": 8},
    ),
)


class TestBatches:
    def test_hold_what_training_needs(self, pictures, recipe):
        first, *_, last = Batches(pictures, recipe)
        assert first["lightness"].shape == (2, 1, 32, 32)
        assert last["prior_ab"].shape == (2, 2, 64, 64)
        assert 0 <= first["lightness"].min() <= first["lightness"].max() <= 1
        held = first["mask"].bool().expand(-1, 2, -1, -1)
        assert torch.allclose(first["prior_ab"][held], first["hint_ab"][held], atol=1e-3)

    def test_depend_on_seed_and_place_alone(self, pictures, recipe):
        batch = list(Batches(pictures, recipe))[5]
        later = next(iter(Batches(pictures, recipe, first=5)))
        other = next(iter(Batches(pictures, recipe.model_copy(update={"seed": 4}), first=5)))
        assert torch.equal(batch["ab"], later["ab"])
        assert not torch.equal(later["ab"], other["ab"])

    @pytest.mark.parametrize("first", [0, 3])
    def test_of_several_workers_are_those_of_one(self, pictures, recipe, first):
        alone = Batches(pictures, recipe, first=first)
        shared = torch.utils.data.DataLoader(alone, None, num_workers=2)
        for one, other in zip(alone, shared, strict=True):
            assert torch.equal(one["ab"], other["ab"])

    def test_of_several_processes_make_up_those_of_one(self, pictures, recipe):
        alone = Batches(pictures, recipe)
        ranks = [Batches(pictures, recipe, rank=rank, processes=2) for rank in range(2)]
        for one, *parts in zip(alone, *ranks, strict=True):
            joined = torch.stack([part["ab"] for part in parts], 1).flatten(0, 1)
            assert torch.equal(one["ab"], joined)

    def test_of_several_processes_have_the_targets_and_strokes_of_one(self, pictures):
        alone = Batches(pictures, FIELD)
        ranks = [Batches(pictures, FIELD, rank=rank, processes=2) for rank in range(2)]
        painted = 0
        for number, (one, *parts) in enumerate(zip(alone, *ranks, strict=True)):
            keys = ["strokes", "user", "targets"] if number == 0 else ["strokes", "user"]
            for key in keys:
                joined = torch.stack([part[key] for part in parts], 1).flatten(0, 1)
                assert torch.equal(one[key], joined)
            painted += int((one["strokes"] > 0).sum())
        assert 0 < painted < 16

    def test_show_every_picture_once_an_epoch_in_a_new_order(self, pictures):
        seen = [
            lightness.sum().item()
            for batch in Batches(pictures, REPORT)
            for lightness in batch["lightness"]
        ]
        first, second = seen[:9], seen[9:]
        assert len(set(first)) == 9
        assert sorted(first) == sorted(second)
        assert first != second

    def test_have_the_reports_hints(self, pictures):
        shares = {
            round(float(mask.mean()), 3)
            for batch in Batches(pictures, REPORT)
            for mask in batch["mask"]
        }
        assert shares == {0.01, 0.03, 0.05}


def test_a_crop_shows_a_part_of_the_picture_or_all_of_it():
    rng = np.random.default_rng(0)
    for _ in range(20):
        assert random_crop(astronaut(), 64, rng).shape == (64, 64, 3)
    assert random_crop(Image.new("RGB", (40, 30), "red"), 64, rng).shape == (64, 64, 3)


def test_a_whole_picture_of_the_right_size_is_left_as_it_is():
    picture = astronaut().crop((0, 0, 64, 64))
    assert np.array_equal(whole(picture, 64), np.asarray(picture))
    assert whole(picture, 32).shape == (32, 32, 3)
