import numpy as np
import pytest
import torch

from colorizer.color import rgb_to_lab
from colorizer.features import features
from colorizer.field import PhotoField
from colorizer.kriging import krige
from colorizer.nets.field import FieldNet
from tests.support.pictures import astronaut
from training.learning.regression import hinted, simulate_strokes


@pytest.fixture(scope="module")
def lab():
    return rgb_to_lab(np.asarray(astronaut().resize((64, 64))))


def test_a_user_paints_where_it_is_wrong_until_it_is_better(lab):
    field = PhotoField.plain(lab[..., 0] / 100)
    truth = lab[..., 1:].transpose(2, 0, 1)
    errors = []
    for strokes in (1, 6):
        ab, mask = simulate_strokes(field, lab, strokes, np.random.default_rng(1))
        colors = {tuple(color) for color in ab[:, mask[0] > 0].T}
        assert 1 <= len(colors) <= strokes
        errors.append(np.abs(krige(field, ab, mask) - truth).mean())
    assert errors[1] < errors[0]


def test_the_same_user_paints_the_same(lab):
    field = PhotoField.plain(lab[..., 0] / 100)
    one, other = (simulate_strokes(field, lab, 2, np.random.default_rng(3)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_a_user_s_strokes_take_the_place_of_hints_and_others_keep_theirs(lab):
    planes = torch.from_numpy(lab.transpose(2, 0, 1).copy()).expand(2, -1, -1, -1)
    mask = torch.zeros(2, 1, 64, 64)
    mask[:, :, 5, 5] = 1
    batch = {
        "features": torch.from_numpy(features(lab[..., 0] / 100)).expand(2, -1, -1, -1),
        "lightness": planes[:, :1] / 100,
        "ab": planes[:, 1:],
        "hint_ab": planes[:, 1:] * mask,
        "mask": mask,
        "strokes": torch.tensor([0, 3]),
        "user": torch.tensor([1, 2]),
    }
    net = FieldNet(4, 2, nested=True, gates=True).eval()
    seen = hinted(net, batch)
    assert torch.equal(seen["mask"][0], mask[0])
    assert torch.equal(seen["hint_ab"][0], batch["hint_ab"][0])
    assert seen["mask"][1].sum() > 3
    assert torch.allclose(seen["prior_ab"][0, :, 5, 5], batch["ab"][0, :, 5, 5], atol=0.01)
