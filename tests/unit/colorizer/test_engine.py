from dataclasses import replace

import numpy as np
import pytest
import torch

from colorizer.color import rgb_to_lab
from colorizer.engine import Colorizer
from colorizer.hints import HintSet
from colorizer.model import Card
from colorizer.models import SHIPPED
from colorizer.nets import build
from colorizer.raster import rasterise
from colorizer.torch_backend import TorchBackend
from tests.support.pictures import astronaut, grey_astronaut

HINTS = HintSet.parse(
    {
        "version": 1,
        "hints": [
            {"type": "point", "x": 0.3, "y": 0.8, "radius": 0.02, "color": "#c0622c"},
            {
                "type": "stroke",
                "points": [[0.1, 0.1], [0.2, 0.4]],
                "radius": 0.02,
                "color": "#2c5a7a",
            },
        ],
    }
)


@pytest.fixture(scope="module")
def colorizer():
    return Colorizer.load(SHIPPED)


def grey(width, height):
    return np.asarray(grey_astronaut(width, height).convert("RGB"))


@pytest.mark.parametrize(
    ("width", "height"), [(512, 512), (300, 200), (97, 33), (600, 20), (16, 16), (1, 50)]
)
def test_a_photo_of_any_size_keeps_its_size_and_lightness(colorizer, width, height):
    photo = np.resize(grey(64, 64), (height, width, 3)).astype(np.uint8)
    result = colorizer.colorize(photo, HINTS)
    assert result.shape == photo.shape
    assert np.abs(rgb_to_lab(result)[..., 0] - rgb_to_lab(photo)[..., 0]).max() < 1


def test_the_colour_at_a_hint_is_the_hint(colorizer):
    result = rgb_to_lab(colorizer.colorize(grey(500, 400), HINTS))
    for hint, (x, y) in zip(HINTS.hints, [(0.3, 0.8), (0.15, 0.25)], strict=True):
        lightness, *ab = result[int(y * 400), int(x * 500)]
        if 25 < lightness < 80:  # elsewhere the colour may not exist
            assert np.hypot(*(np.array(ab) - hint.ab)) < 10


def test_hints_change_the_picture_around_them(colorizer):
    prepared = colorizer.prepare(grey(256, 256))
    before, after = (colorizer.predict(prepared, hints) for hints in (HintSet.empty, HINTS))
    assert np.abs(after - before).mean() > 1


def test_a_batch_of_mixed_sizes_equals_its_photos_alone(colorizer):
    photos = [colorizer.prepare(grey(*size)) for size in ((256, 256), (200, 256), (256, 256))]
    planes = [rasterise(HINTS, photo.height, photo.width) for photo in photos]
    planes[2] = rasterise(HintSet.empty, 256, 256)
    batch = colorizer.predict_planes(photos, planes)
    for photo, pair, ab in zip(photos, planes, batch, strict=True):
        (alone,) = colorizer.predict_planes([photo], [pair])
        assert ab == pytest.approx(alone, abs=1e-2)


def test_the_two_backends_agree(colorizer):
    torch = Colorizer.load(SHIPPED, backend="torch")
    prepared = colorizer.prepare(grey(256, 192))
    difference = colorizer.predict(prepared, HINTS) - torch.predict(prepared, HINTS)
    # The edges of things are steep, so that the last bits of an embedding weigh more there.
    assert np.abs(difference).max() < 5e-3


def test_applying_in_strips_leaves_no_seams(colorizer, monkeypatch):
    photo = np.asarray(astronaut())
    ab = colorizer.predict(colorizer.prepare(photo), HINTS)
    whole = colorizer.apply(photo, ab)
    monkeypatch.setattr("colorizer.apply._STRIP", 37)
    assert np.abs(colorizer.apply(photo, ab).astype(int) - whole).max() <= 1


def test_a_picture_with_its_own_chroma_comes_back_as_it_was(colorizer):
    photo = np.asarray(astronaut())
    ab = np.ascontiguousarray(rgb_to_lab(photo)[..., 1:].transpose(2, 0, 1))
    assert np.abs(colorizer.apply(photo, ab).astype(int) - photo).max() <= 1


def test_photos_with_few_hints_are_looked_at_twice_without_a_field_and_others_once():
    settings = {"net": "unet", "width": 4, "mask": True, "prior": True}
    torch.manual_seed(0)
    net = build(**settings)
    torch.nn.init.normal_(net.grid.head.weight, std=10)
    colorizer = Colorizer(Card("blind", settings, 256, {}, {}), TorchBackend(net))
    photo = colorizer.prepare(grey(201, 256))
    once = replace(photo, half=None)
    dab = HintSet.parse({"version": 1, "hints": [HINTS.to_json()["hints"][0]]})
    few = rasterise(dab, photo.height, photo.width)
    many = replace(few, mask=np.ones_like(few.mask))
    twice_few, twice_many = colorizer.predict_planes([photo, photo], [few, many])
    once_few, once_many = colorizer.predict_planes([once, once], [few, many])
    assert np.abs(twice_few - once_few).mean() > 0.1
    assert twice_few[:, few.mask[0] > 0] == pytest.approx(few.ab[:, few.mask[0] > 0], abs=1e-3)
    assert twice_many == pytest.approx(once_many, abs=1e-3)
