"""How colourful results are before any hint, and whether they are so where the truth is."""

import math

import numpy as np
import pytest
from skimage import color

from colorizer.color import rgb_to_lab
from tests.support.pictures import astronaut
from training.evaluation import colorfulness as protocol
from training.evaluation.evaluate import evaluate
from training.evaluation.methods import Method
from training.evaluation.metrics import colorfulness, psnr
from training.evaluation.protocols import PROTOCOLS, Cell, Column


def by_hand(rgb):
    """Hasler and Süsstrunk, number by number."""
    rg = [float(r) - float(g) for r, g, _ in rgb.reshape(-1, 3)]
    yb = [(float(r) + float(g)) / 2 - float(b) for r, g, b in rgb.reshape(-1, 3)]
    means = [sum(values) / len(values) for values in (rg, yb)]
    variances = [
        sum((value - mean) ** 2 for value in values) / len(values)
        for values, mean in zip((rg, yb), means, strict=True)
    ]
    return math.sqrt(sum(variances)) + 0.3 * math.sqrt(sum(mean**2 for mean in means))


def without_color(rgb):
    """The picture with its lightness alone, by scikit-image."""
    lab = color.rgb2lab(rgb) * (1, 0, 0)
    return np.round(255 * color.lab2rgb(lab)).astype(np.uint8)


def test_it_is_what_the_paper_says():
    rgb = np.asarray(astronaut().resize((24, 16)))
    assert colorfulness(rgb) == pytest.approx(by_hand(rgb))
    assert colorfulness(np.full((4, 4, 3), 77, np.uint8)) == 0


def test_the_truth_stands_beside_every_row(pictures):
    truth = np.asarray(pictures[0].rgb().resize((224, 224), 2))
    ab = rgb_to_lab(truth)[..., 1:].transpose(2, 0, 1)

    def half(photo, hint_ab, mask):
        assert not mask.any()
        return ab / 2

    rows = protocol.play(pictures[0], {"half": Method(half)})
    assert rows["truth"] == [{"colorfulness": pytest.approx(colorfulness(truth))}]
    (figures,) = rows["half"]
    assert 0.3 < figures["colorfulness"] / figures["truth"] < 0.7
    assert figures["truth"] == rows["truth"][0]["colorfulness"]


def test_a_table_has_the_truth_the_means_and_the_correlation(pictures):
    results = evaluate(PROTOCOLS["colorfulness"], pictures[:3], [])
    assert list(results) == ["truth", "grey"]
    truths = [np.asarray(picture.rgb().resize((224, 224), 2)) for picture in pictures[:3]]
    reported = results["truth"][0]
    assert reported.figures == {"colorfulness": pytest.approx(np.mean([*map(by_hand, truths)]))}
    grey = results["grey"][0].figures
    assert grey["colorfulness"] < 1
    expected = [psnr(without_color(truth), truth) for truth in truths]
    assert grey["psnr"] == pytest.approx(np.mean(expected), abs=0.02)


def test_a_cell_correlates_its_main_figure_with_another():
    column = Column("@0", ("colorfulness", "correlation"), against="truth")
    pairs = [(1.0, 3.0), (2.0, 1.0), (4.0, 9.0)]
    played = [{"colorfulness": one, "truth": other} for one, other in pairs]
    mean = (7 / 3, 13 / 3)
    up = sum((one - mean[0]) * (other - mean[1]) for one, other in pairs)
    down = math.prod(sum((pair[n] - mean[n]) ** 2 for pair in pairs) for n in range(2))
    assert Cell.of(column, played).figures["correlation"] == pytest.approx(up / math.sqrt(down))
    same = [{**figures, "truth": 5.0} for figures in played]
    assert Cell.of(column, same).figures["correlation"] == 0


def test_a_cell_weighs_its_pictures():
    column = Column("1 dab", ("reach",))
    played = [{"reach": 0.2, "weight": 3.0}, {"reach": 0.8, "weight": 1.0}]
    cell = Cell.of(column, played)
    assert cell.figures["reach"] == pytest.approx((3 * 0.2 + 0.8) / 4)
    nothing = {"reach": 0.0, "weight": 0.0}
    assert Cell.of(column, [*played, nothing]) == cell
    assert Cell.of(column, [nothing]).figures == {}
    plain = Cell.of(column, [{"reach": value} for value in (0.2, 0.5, 0.9)])
    assert plain.figures["reach"] == pytest.approx(1.6 / 3)
    assert plain.error == pytest.approx(np.std([0.2, 0.5, 0.9], ddof=1) / math.sqrt(3))
