import numpy as np
import pytest
from scipy import special

from colorizer.color import hex_to_lab, rgb_to_lab
from colorizer.distribution import (
    BINS,
    CHOICE_DENSITY,
    CHOICE_SLOPE,
    COMPANY,
    COVERED,
    STEP,
    plausibility,
    suggestions,
)
from colorizer.engine import Colorizer
from colorizer.hints import HintSet
from colorizer.model import Card, ModelError
from colorizer.models import SHIPPED
from colorizer.nets import build
from colorizer.torch_backend import TorchBackend
from tests.support.pictures import grey_astronaut

NET = {
    "net": "nested_attention_unet",
    "width": 4,
    "depth": 2,
    "order": "conv-bn-relu",
    "mask": True,
    "prior": True,
    "half": True,
    "field": 4,
}
HINTS = HintSet.parse(
    {
        "version": 1,
        "hints": [{"type": "point", "x": 0.3, "y": 0.8, "radius": 0.02, "color": "#c0622c"}],
    }
)


@pytest.fixture(scope="module")
def colorizer():
    return Colorizer(Card("random", NET, 128, {}, {}), TorchBackend(build(**NET)))


@pytest.fixture(scope="module")
def prepared(colorizer):
    return colorizer.prepare(np.asarray(grey_astronaut(120, 90).convert("RGB")))


def test_the_bins_are_the_colours_that_can_be_shown():
    assert 200 < len(BINS) < 320
    assert [0, 0] in BINS.tolist()
    assert [-110, 110] not in BINS.tolist()
    for color in ("#ff0000", "#00ff00", "#0000ff", "#ffff00"):
        assert np.hypot(*(BINS - hex_to_lab(color)[1:]).T).min() < 8


def test_suggestions_are_the_likeliest_colours_and_unlike_each_other():
    logits = np.full(len(BINS), -20.0)
    for ab, ab_logits in (([40, 30], 0.6), ([50, 30], 0.1), ([0, -40], 0.3)):
        logits[BINS.tolist().index(ab)] = np.log(ab_logits)
    found = suggestions(logits, 0.5, 4)
    assert [round(s.weight, 3) for s in found] == [0.7, 0.3]
    for suggestion, ab in zip(found, ([41.4, 30], [0, -40]), strict=True):
        lightness, *shown = hex_to_lab(suggestion.color)
        assert lightness == pytest.approx(50, abs=1)
        assert shown == pytest.approx(ab, abs=2)


def test_a_colour_too_strong_for_its_lightness_is_weakened():
    logits = np.where((BINS == [80, 60]).all(-1), 0.0, -20.0)
    (suggestion,) = suggestions(logits, 0.95, 3)
    assert hex_to_lab(suggestion.color)[0] == pytest.approx(95, abs=1.5)


class TestEngine:
    def test_suggests_colours_for_a_place(self, colorizer, prepared):
        found = colorizer.suggest(prepared, HINTS, 1.0, 0.5, count=5)
        assert 1 <= len(found) <= 5
        weights = [suggestion.weight for suggestion in found]
        assert weights == sorted(weights, reverse=True)
        assert 0 < sum(weights) <= 1.0001
        lab = [hex_to_lab(suggestion.color) for suggestion in found]
        assert all(
            np.hypot(*np.subtract(a[1:], b[1:])) > COVERED / 4
            for n, a in enumerate(lab)
            for b in lab[:n]
        )
        row, column = prepared.height // 2, prepared.width - 1
        assert lab[0][0] / 100 == pytest.approx(
            float(prepared.lightness[0, 0, row, column]), abs=0.02
        )

    def test_doubts_everywhere_but_at_hints(self, colorizer, prepared):
        uncertainty = colorizer.uncertainty(prepared, HINTS)
        assert uncertainty.shape == (1, prepared.height, prepared.width)
        row, column = int(0.8 * prepared.height), int(0.3 * prepared.width)
        assert uncertainty[0, row, column] == 0
        assert (uncertainty > 0).mean() > 0.9

    def test_colours_and_keeps_hints(self, colorizer, prepared):
        ab = colorizer.predict(prepared, HINTS)
        assert ab.shape == (2, prepared.height, prepared.width)
        row, column = int(0.8 * prepared.height), int(0.3 * prepared.width)
        assert np.hypot(*(ab[:, row, column] - HINTS.hints[0].ab)) < 15

    def test_of_a_photo_whose_sides_are_no_multiples(self, colorizer):
        photo = np.asarray(grey_astronaut(97, 33).convert("RGB"))
        colored = colorizer.colorize(photo, HINTS)
        assert colored.shape == photo.shape
        assert np.abs(rgb_to_lab(colored)[..., 0] - rgb_to_lab(photo)[..., 0]).max() < 1

    def test_a_model_without_a_distribution_says_so(self):
        net = {"net": "unet", "width": 4, "mask": True, "prior": True}
        silent = Colorizer(Card("silent", net, 128, {}, {}), TorchBackend(build(**net)))
        photo = silent.prepare(np.asarray(grey_astronaut(64, 64).convert("RGB")))
        assert not silent.has_field
        with pytest.raises(ModelError, match="silent gives no suggestions"):
            silent.suggest(photo, HINTS, 0.5, 0.5)


def test_shipped_models_load():
    assert Colorizer.load(SHIPPED).card.size == 256


def relative_density(logits, color):
    """Of a colour at a place, over that of one drawn from all cells blindly."""
    weights = [np.exp(-(np.hypot(*(cell - color)) ** 2) / (2 * STEP**2)) for cell in BINS]
    return len(BINS) * np.average(special.softmax(logits), weights=weights)


class TestPlausibility:
    """How likely a colour is the photo's own."""

    def test_it_follows_the_density_at_the_place(self):
        rng = np.random.default_rng(0)
        for scores, color in zip(
            rng.normal(0, 3, (4, len(BINS))), rng.uniform(-60, 60, (4, 2)), strict=True
        ):
            odds = (relative_density(scores, color) / CHOICE_DENSITY) ** CHOICE_SLOPE
            (plausible,) = plausibility(scores[None], color[None])
            assert plausible == pytest.approx(odds / (1 + odds), rel=1e-4, abs=1e-10)

    def test_other_colours_count_beside_a_colour_s_own_density(self):
        rng = np.random.default_rng(1)
        logits, ab = rng.normal(0, 1, (5, len(BINS))), rng.uniform(-40, 40, (5, 2))
        ab[3:] = ab[2]  # a stroke over three places
        log = [
            np.log(relative_density(*one) / CHOICE_DENSITY) for one in zip(logits, ab, strict=True)
        ]
        colors = [log[0], log[1], np.mean(log[2:])]
        expected = []
        for number, own in enumerate(colors):
            others = np.clip(colors[:number] + colors[number + 1 :], -1, 3)
            expected.append(special.expit(CHOICE_SLOPE * (own + COMPANY * others.sum() / 3)))
        expected += [expected[-1]] * 2
        assert plausibility(logits, ab) == pytest.approx(np.array(expected), rel=1e-4, abs=1e-10)

    def test_a_flat_distribution_is_undecided(self):
        blank = np.zeros((1, len(BINS)))
        undecided = 1 / (1 + CHOICE_DENSITY**CHOICE_SLOPE)
        for color in BINS[::20]:
            assert plausibility(blank, color[None]) == pytest.approx(undecided)

    def test_a_colour_beyond_all_cells_is_no_error(self):
        (beyond,) = plausibility(np.zeros((1, len(BINS))), np.array([[200.0, -300.0]]))
        assert 0 < beyond <= 1
