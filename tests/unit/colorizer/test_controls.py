from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colorizer.color import rgb_to_lab
from colorizer.controls import VIVID, WARMEST, adjust, controlled
from colorizer.engine import Colorizer
from colorizer.field import WIDEST_CONSTANT, Kernel, PhotoField
from colorizer.hints import Controls, HintSet
from colorizer.kriging import krige
from colorizer.model import Card
from colorizer.models import SHIPPED
from colorizer.nets import build
from colorizer.raster import rasterise
from colorizer.torch_backend import TorchBackend
from tests.support.pictures import astronaut, grey_astronaut

ROW = 60
KERNEL = Kernel(0.9, 0.5, 0.4, 1.0, 0.004, 0.3, 0.01)
unit = st.floats(0, 1)
LEFT = {"name": "left", "points": [[0, 0], [0.5, 0], [0.5, 1], [0, 1]]}
BLUE = {"type": "point", "x": 0.2, "y": 0.3, "radius": 0.02, "color": "#2c5a7a"}
RED = {"type": "point", "x": 0.3, "y": 0.7, "radius": 0.02, "color": "#a02020"}
OUTSIDE = {"type": "point", "x": 0.8, "y": 0.6, "radius": 0.02, "color": "#3a7a2c"}


@pytest.fixture(scope="module")
def colorizer():
    return Colorizer.load(SHIPPED)


@pytest.fixture(scope="module")
def fieldless():
    settings = {"net": "unet", "width": 4, "mask": True, "prior": True, "propagate": True}
    net = build(**settings)
    return Colorizer(Card("fieldless", settings, 256, {}, {}), TorchBackend(net))


def hint_set(*hints, **keys):
    return HintSet.parse({"version": 2, "hints": list(hints), **keys})


def prepared(colorizer):
    return colorizer.prepare(np.asarray(grey_astronaut(128, 96).convert("RGB")))


class TestReach:
    """How far a hint acts."""

    def test_the_default_is_the_kernel_as_learned(self):
        assert KERNEL.reaching(Controls().reach) == KERNEL

    @settings(deadline=None)
    @given(unit, unit)
    def test_more_reach_is_more_of_both(self, one, other):
        low, high = (KERNEL.reaching(reach) for reach in sorted((one, other)))
        assert low.constant <= high.constant
        assert low.length_scale <= high.length_scale
        assert low.outlier_discount >= high.outlier_discount
        assert low.scepticism >= high.scepticism

    @settings(deadline=None)
    @given(unit, unit, st.integers(0, ROW - 1), st.integers(0, ROW - 1))
    def test_one_dab_gives_every_pixel_more_of_its_colour(self, one, other, hint, pixel):
        lightness = rgb_to_lab(np.asarray(astronaut().resize((ROW, 1))))[..., 0] / 100
        plain = replace(PhotoField.plain(lightness), kernel=KERNEL)
        ab, mask = np.zeros((2, 1, ROW), np.float32), np.zeros((1, 1, ROW), np.float32)
        ab[:, 0, hint], mask[:, 0, hint] = 50, 1
        less, more = (
            krige(controlled(plain, Controls(reach=reach)), ab, mask)[0, 0, pixel]
            for reach in sorted((one, other))
        )
        assert less <= more + 1e-3

    def test_from_this_thing_to_nearly_everything(self):
        lightness = rgb_to_lab(np.asarray(astronaut().resize((96, 80))))[..., 0] / 100
        plain = replace(PhotoField.plain(lightness), kernel=KERNEL)
        ab, mask = np.zeros((2, 80, 96), np.float32), np.zeros((1, 80, 96), np.float32)
        ab[:, 40, 40], mask[:, 40, 40] = 50, 1
        shares = [
            np.median(krige(controlled(plain, Controls(reach=reach)), ab, mask)[0]) / 50
            for reach in (0, 0.5, 1)
        ]
        assert shares[0] < 0.1 < 0.25 < shares[1] < 0.8 < shares[2]
        assert KERNEL.reaching(1).constant == pytest.approx(WIDEST_CONSTANT * KERNEL.constant)


class TestMean:
    """What no hint decides."""

    @settings(deadline=None)
    @given(unit, st.floats(-1, 1))
    def test_the_defaults_change_no_bit(self, seed, value):
        mean = np.full((2, 3, 4), value * 50 + seed, np.float32)
        assert (adjust(mean, None, 1, 0) == mean).all()

    def test_the_defaults_are_the_field_itself(self):
        plain = PhotoField.plain(np.zeros((8, 8), np.float32))
        assert controlled(plain, Controls()) is plain

    @settings(deadline=None)
    @given(st.floats(0, 2), st.floats(0, 2))
    def test_more_vivid_is_more_chroma_of_the_same_hue(self, one, other):
        mean = np.array([3, -4], np.float32).reshape(2, 1, 1)
        pale, vivid = (adjust(mean, None, value, 0) for value in sorted((one, other)))
        assert np.hypot(*pale) <= np.hypot(*vivid) + 1e-5
        assert pale.ravel() / pale[0, 0, 0] == pytest.approx(vivid.ravel() / vivid[0, 0, 0])

    def test_with_a_mode_from_the_mean_to_the_mode(self):
        mean, mode = np.random.default_rng(0).normal(0, 20, (2, 2, 5, 6)).astype(np.float32)
        assert (adjust(mean, mode, 0, 0) == mean).all()
        assert adjust(mean, mode, 1, 0) == pytest.approx(VIVID * mean, abs=1e-5)
        assert adjust(mean, mode, 1.5, 0) == pytest.approx((VIVID * mean + mode) / 2, abs=1e-5)
        assert adjust(mean, mode, 2, 0) == pytest.approx(mode, abs=1e-5)

    def test_warmth_moves_all_of_it_alike(self):
        mean = np.random.default_rng(0).normal(0, 20, (2, 5, 6)).astype(np.float32)
        for warmth in (-1, 0.5):
            shift = (adjust(mean, None, 1, warmth) - mean).reshape(2, -1).T
            assert shift == pytest.approx(np.tile(np.array(WARMEST) * warmth, (30, 1)), abs=1e-4)


@pytest.mark.parametrize("model", ["colorizer", "fieldless"])
class TestEngine:
    """The same of a model with a field network, and of one without."""

    @pytest.fixture
    def network(self, model, request):
        return request.getfixturevalue(model)

    @pytest.mark.parametrize(
        "keys", [{"reach": 0}, {"reach": 1}, {"vividness": 2, "warmth": -1}, {"warmth": 1}]
    )
    def test_hints_stay_what_they_are(self, network, keys):
        photo = prepared(network)
        hints = hint_set(BLUE, OUTSIDE, **keys)
        at = rasterise(hints, photo.height, photo.width).mask[0] > 0
        ab, default = (network.predict(photo, h) for h in (hints, hint_set(BLUE, OUTSIDE)))
        assert ab[:, at] == pytest.approx(default[:, at], abs=1e-4)
        assert np.abs(ab - default)[:, ~at].mean() > 0.3

    def test_what_no_hint_decides_follows_warmth(self, network):
        photo = prepared(network)
        cold, middle, warm = (
            network.predict(photo, hint_set(warmth=warmth))[1] for warmth in (-1, 0, 1)
        )
        assert (warm - middle) == pytest.approx(WARMEST[1], abs=0.1)
        assert (middle - cold) == pytest.approx(WARMEST[1], abs=0.1)

    def test_outside_a_region_its_hints_change_no_bit(self, network):
        photo = prepared(network)
        fenced = [{**hint, "region": 0} for hint in (BLUE, RED)]
        without = network.predict(photo, hint_set(OUTSIDE, regions=[LEFT]))
        within = network.predict(photo, hint_set(OUTSIDE, *fenced, regions=[LEFT]))
        inside = rasterise(hint_set(regions=[LEFT]), photo.height, photo.width).labels > 0
        assert 0.4 < inside.mean() < 0.6
        assert (within[:, ~inside] == without[:, ~inside]).all()
        assert np.abs(within - without)[:, inside].mean() > 1

    def test_inside_a_region_other_hints_change_no_bit(self, network):
        photo = prepared(network)
        fenced = {**BLUE, "region": 0}
        alone = network.predict(photo, hint_set(fenced, regions=[LEFT]))
        beside = network.predict(photo, hint_set(fenced, OUTSIDE, regions=[LEFT]))
        inside = rasterise(hint_set(regions=[LEFT]), photo.height, photo.width).labels > 0
        assert (beside[:, inside] == alone[:, inside]).all()
        assert np.abs(beside - alone)[:, ~inside].mean() > 1

    def test_a_region_without_hints_is_as_if_there_were_none_anywhere(self, network):
        photo = prepared(network)
        ab = network.predict(photo, hint_set(OUTSIDE, regions=[LEFT]))
        inside = rasterise(hint_set(regions=[LEFT]), photo.height, photo.width).labels > 0
        unhinted = controlled(network._field(photo), Controls()).unhinted
        assert (ab[:, inside] == unhinted[:, inside]).all()


def test_uncertainty_keeps_to_regions(colorizer):
    photo = prepared(colorizer)
    inside = rasterise(hint_set(regions=[LEFT]), photo.height, photo.width).labels > 0
    none, some = (
        colorizer.uncertainty(photo, hint_set(*hints, regions=[LEFT]))[0]
        for hints in ([], [{**BLUE, "region": 0}])
    )
    assert (none[~inside] == some[~inside]).all()
    assert some[inside].mean() < none[inside].mean()
